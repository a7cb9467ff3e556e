package pl.egito

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel.Factory.RENDEZVOUS
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.produceIn
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.select

/** Passes the inputs of a flow to a bulk. The flow is collected in a scope. */
internal class FlowInputs<I>(
    private val run: BulkRun<I>,
    inputs: Flow<I>,
    private val isCancelled: CompletableDeferred<Unit>,
    private val scope: CoroutineScope,
) {
    // An exception of the flow is sent as a result, since it must not cancel the scope before the rows in flight were read.
    private val channel = inputs.map { Result.success(it) }.catch { emit(Result.failure(it)) }.buffer(RENDEZVOUS).produceIn(scope)
    private var stepReady: Job? = null

    /** Waits for the next input, but no longer than until a row is there or the bulk is cancelled. */
    suspend fun receive(): Unit = select {
        channel.onReceiveCatching { run.receive(it.getOrNull()) }
        isCancelled.onAwait { }
        if (run.hasUnfinished) {
            awaitStep().onJoin {
                stepReady = null
                run.step(isInputPending = true)
            }
        }
    }

    private fun awaitStep(): Job = stepReady ?: scope.launch { run.awaitStep(isInputPending = true) }.also { stepReady = it }
}
