package pl.egito

import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/**
 * The rows of a bulk as a flow, one for each input, in order. Nothing is sent before it is collected, which is possible once.
 *
 * ```kotlin
 * egito.coroutines.leads.createMany(leads).collect { row -> if (!row.isOk) println("${row.index}: ${row.error?.message}") }
 * ```
 *
 * Ending the collection early, or cancelling its coroutine, cancels the bulk: no further input is read, and calls in flight have
 * `cancelGrace` to finish. [rest] has the rows that were not collected.
 */
public class CoroutineBulkRows<I> private constructor(
    private val run: BulkRun<I>,
    private val isCancelled: CompletableDeferred<Unit>,
    /** Opens the inputs in a scope, and returns the function that passes the next one to [run]. */
    private val open: (CoroutineScope) -> suspend () -> Unit,
) : Flow<BulkRow<I>> {
    private val isStarted = AtomicBoolean()
    private val isLeft = AtomicBoolean()
    private val mutex = Mutex()

    /** Held by [toList], which gives back its rows at the end. */
    private val list = Mutex()

    override suspend fun collect(collector: FlowCollector<BulkRow<I>>): Unit = read { receive ->
        while (fill(receive)) mutex.withLock { run.takeRow() }?.let { collector.emit(it) }
    }

    /** Reads all rows. If it throws, [rest] returns the rows that are known by then. */
    public suspend fun toList(): List<BulkRow<I>> = list.withLock {
        val rows = ArrayList<BulkRow<I>>()
        try {
            read { receive ->
                run.keepAllRows()
                while (fill(receive)) mutex.withLock { rows += run.takeRows() }
            }
        } catch (failure: Throwable) {
            run.putBack(rows)
            throw failure
        }
        rows
    }

    /** Cancels the bulk, if it has not ended, and returns the rows that were not collected. */
    public suspend fun rest(): List<BulkRow<I>> {
        leave()
        return list.withLock { mutex.withLock { run.takeRows() } }
    }

    /** Cancels the bulk, as ending the collection does. A second call cancels the calls in flight at once. */
    public fun cancel() {
        run.cancel()
        isCancelled.complete(Unit)
    }

    private suspend fun read(block: suspend (suspend () -> Unit) -> Unit) {
        if (isStarted.getAndSet(true)) {
            throw configException("rows", "the rows of this bulk were read already; read the others with `rest()`")
        }
        try {
            coroutineScope {
                try {
                    block(open(this))
                } finally {
                    coroutineContext.cancelChildren() // they read the inputs
                }
            }
        } finally {
            leave()
        }
    }

    /** Waits until there is a row. Returns false at the end. */
    private suspend fun fill(receive: suspend () -> Unit): Boolean = mutex.withLock {
        while (run.isWaiting) {
            if (!run.step()) run.awaitStep()
            if (run.needsInput && run.isWaiting) receive()
        }
        run.hasRow()
    }

    /**
     * Cancels the bulk, if it has not ended, and waits for its calls in flight, even if the coroutine was cancelled. The reader and
     * [rest] cancel it only once together, since a second cancel ends the calls in flight.
     */
    private suspend fun leave() {
        if (run.isDone) return
        if (!isLeft.getAndSet(true)) cancel()
        withContext(NonCancellable) {
            mutex.withLock {
                run.leave()
                while (!run.isDone) if (!run.step()) run.awaitStep()
            }
        }
    }

    internal companion object {
        fun <I> of(run: BulkRun<I>, inputs: Iterable<I>): CoroutineBulkRows<I> = CoroutineBulkRows(run, CompletableDeferred()) {
            val iterator by lazy(LazyThreadSafetyMode.NONE) { inputs.iterator() }
            suspend { run.receiveFrom { iterator } }
        }

        fun <I> of(run: BulkRun<I>, inputs: Flow<I>): CoroutineBulkRows<I> {
            val isCancelled = CompletableDeferred<Unit>()
            return CoroutineBulkRows(run, isCancelled) { scope -> FlowInputs(run, inputs, isCancelled, scope)::receive }
        }
    }
}
