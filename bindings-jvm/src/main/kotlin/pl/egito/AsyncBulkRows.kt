package pl.egito

import java.util.concurrent.CompletableFuture
import java.util.function.Consumer

/**
 * The rows of a bulk, one for each input, in order, for programs that wait by futures. Nothing is sent before [toList] or [forEach].
 * Cancelling their future cancels the bulk: no further input is read, and calls in flight have `cancelGrace` to finish.
 */
public class AsyncBulkRows<I> internal constructor(private val rows: CoroutineBulkRows<I>) {
    /** Reads all rows. If the future fails, [rest] returns the rows that are known by then. */
    public fun toList(): CompletableFuture<List<BulkRow<I>>> = future { rows.toList() }

    /** Calls [action] with each row, one after the other, on a thread of the SDK. The future completes after the last one. */
    public fun forEach(action: Consumer<in BulkRow<I>>): CompletableFuture<Void?> = future {
        rows.collect { action.accept(it) }
        null
    }

    /** Cancels the bulk, if it has not ended, and returns the rows that were not read. */
    public fun rest(): CompletableFuture<List<BulkRow<I>>> = future { rows.rest() }

    /** Cancels the bulk. A second call cancels the calls in flight at once. */
    public fun cancel(): Unit = rows.cancel()
}
