package pl.egito

import java.util.function.Consumer
import pl.egito.internal.NativeBulk
import pl.egito.internal.NativeInput
import pl.egito.internal.NativeRow

/** A bulk of the core: inputs in, rows out, in the order of the inputs. One thread at a time uses it, except for [cancel]. */
internal class BulkRun<I>(
    private val handle: NativeBulk,
    private val action: BulkAction<I>,
    private val onProgress: Consumer<BulkProgress>?,
) {
    private val unfinished = ArrayDeque<Unfinished<I>>()
    private val unread = ArrayDeque<BulkRow<I>>()
    private var rowCount = 0L
    private var next: NativeInput? = null
    private var hasMore = true
    private var failure: Throwable? = null
    private var isLeaving = false

    /** Whether [receive] can be called. */
    var needsInput: Boolean = false
        private set

    /** Whether every input has its row. */
    var isDone: Boolean = false
        private set

    /** Whether [step] may return a row without a further input. */
    val hasUnfinished: Boolean get() = unfinished.isNotEmpty()

    /** Whether the next row must be waited for. */
    val isWaiting: Boolean get() = unread.isEmpty() && !isDone

    /** Removes the limit of rows that were not read yet. */
    fun keepAllRows() = handle.keepAllRows()

    /** Returns whether there is a row, if [isWaiting] is false. Throws the reason if the bulk has ended early. */
    fun hasRow(): Boolean {
        if (unread.isEmpty()) failure?.let { throw it }
        return unread.isNotEmpty()
    }

    /** Returns the next row that was received, if there is one. */
    fun takeRow(): BulkRow<I>? = unread.removeFirstOrNull()

    /** Returns all rows that were received and not taken. */
    fun takeRows(): List<BulkRow<I>> = unread.toList().also { unread.clear() }

    /** Puts rows back, before those that were received and not taken. */
    fun putBack(rows: List<BulkRow<I>>) {
        unread.addAll(0, rows)
    }

    /** Receives the next input; `null` if there is none. An exception ends the inputs, and is thrown after the rows in flight. */
    fun receive(input: Result<I>?) {
        needsInput = false
        if (input == null || input.isFailure) {
            hasMore = false
            failure = input?.exceptionOrNull()
        } else {
            push(input.getOrThrow())
        }
    }

    /** Reads the next input of an iterator, which is opened for the first one. */
    fun receiveFrom(inputs: () -> Iterator<I>) =
        receive(runCatching { inputs().let { if (it.hasNext()) Result.success(it.next()) else null } }.getOrElse { Result.failure(it) })

    /**
     * Ends the progress reports, after the bulk was cancelled. The rows of the calls in flight are still returned, and then [hasRow]
     * throws [reason], or that the bulk was cancelled if it had further inputs.
     */
    fun leave(reason: Throwable? = null) {
        isLeaving = true
        failure = failure ?: reason
    }

    /** Cancels the bulk; a second call also cancels its calls in flight. */
    fun cancel() = handle.cancel()

    /**
     * Does what can be done without waiting: sends the input that was received, and receives rows. Returns false if that was nothing.
     * [isInputPending] is whether the caller waits for the next input. Throws what the progress listener throws.
     */
    fun step(isInputPending: Boolean = false): Boolean {
        val input = next
        next = null
        val step = native { handle.tryStep(input, hasMore && !isInputPending) }
        step.rows.mapTo(unread, ::row)
        needsInput = step.needsInput
        if (step.isDone && !isInputPending) {
            isDone = true
            failure = failure ?: step.cancelled?.let(::exceptionOf)
        }
        if (!isLeaving) step.progress?.let { onProgress?.accept(BulkProgress(it.done, it.failed)) }
        return step.rows.isNotEmpty() || step.progress != null || step.needsInput || step.isDone
    }

    /** Waits on this thread until [step] can do something. */
    fun await(): Unit = blocking({ handle.ready(hasMore) }) { handle.readyAsync(hasMore) }

    /** Like [await], even if the thread is interrupted: for the calls in flight of a bulk that was cancelled. */
    fun awaitRest(): Unit = closing({ handle.ready(hasMore) }) { handle.readyAsync(hasMore) }

    /** Waits until [step] can do something. */
    suspend fun awaitStep(isInputPending: Boolean = false): Unit = background { handle.readyAsync(hasMore && !isInputPending) }

    private fun push(input: I) {
        var invalid: EgitoException? = null
        next = try {
            action.write(input)
        } catch (failure: Exception) { // also of an input of another class, which Java can pass
            invalid = failure as? EgitoException ?: configException("input", "this input cannot be sent: $failure", failure)
            INVALID
        }
        unfinished.addLast(Unfinished(input, invalid))
    }

    private fun row(row: NativeRow): BulkRow<I> {
        val (input, invalid) = unfinished.removeFirst()
        val error = invalid ?: if (row.isError) exceptionOf(row.json) else null
        val result = if (error == null) action.read(row.json) else BulkResult()
        return BulkRow(rowCount++, input, error, row.isResumed, result)
    }

    /** An input without a row, and why it cannot be sent. */
    private data class Unfinished<I>(val input: I, val invalid: EgitoException?)

    private companion object {
        /** Stands for an input that cannot be sent, which still has a row. */
        val INVALID = NativeInput(null, null, null, null, true)
    }
}

/** Opens a bulk of an entity. A key replaces that of the options. Throws [ConfigException] for an invalid option. */
internal fun <I> EntityHandle.bulk(action: BulkAction<I>, options: BulkOptions, key: RecordKey? = null): BulkRun<I> {
    val bulk = native { native.bulk(action.name, options.toJson(key), options.progressListener != null, context) }
    return BulkRun(bulk, action, options.progressListener)
}
