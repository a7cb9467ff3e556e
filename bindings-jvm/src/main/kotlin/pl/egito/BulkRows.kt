package pl.egito

import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.locks.ReentrantLock
import java.util.stream.Stream
import java.util.stream.StreamSupport
import kotlin.concurrent.withLock

/**
 * The rows of a bulk, one for each input, in order. Nothing is sent before the first row is read, and inputs are read only while a row is
 * awaited. The rows can be read once.
 *
 * ```kotlin
 * egito.leads.createMany(leads).use { rows ->
 *     for (row in rows) if (!row.isOk) println("${row.index}: ${row.error?.message}")
 * }
 * ```
 *
 * An exception that the inputs throw comes after the rows of the calls in flight. Whatever ends the rows early, [rest] returns those that
 * were not read.
 *
 * An interrupt cancels the wait of a virtual thread only. To end that of another thread, call [cancel].
 */
public class BulkRows<I> internal constructor(
    private val run: BulkRun<I>,
    private val inputs: Iterable<I>,
) : Iterable<BulkRow<I>>, AutoCloseable {
    private val lock = ReentrantLock()
    private val isStarted = AtomicBoolean()
    private val iterator by lazy(LazyThreadSafetyMode.NONE) { inputs.iterator() }

    /** Returns the iterator over the rows. Throws [ConfigException] if it is called twice. */
    override fun iterator(): Iterator<BulkRow<I>> {
        begin()
        return object : Iterator<BulkRow<I>> {
            override fun hasNext(): Boolean = fill()

            override fun next(): BulkRow<I> {
                if (!fill()) throw NoSuchElementException("every input has its row")
                return lock.withLock { run.takeRow() } ?: throw NoSuchElementException("the rows were taken by `rest()`")
            }
        }
    }

    /** Returns the rows as a stream. Closing it cancels the bulk. */
    public fun stream(): Stream<BulkRow<I>> = StreamSupport.stream(spliterator(), false).onClose(::close)

    /** Reads all rows. If it throws, [rest] returns the rows that are known by then. */
    public fun toList(): List<BulkRow<I>> {
        begin()
        run.keepAllRows()
        val rows = ArrayList<BulkRow<I>>()
        try {
            while (fill()) lock.withLock { rows += run.takeRows() }
            return rows
        } catch (failure: Throwable) {
            lock.withLock { run.putBack(rows) }
            throw failure
        }
    }

    /** Cancels the bulk, if it has not ended, and returns the rows that were not read. */
    public fun rest(): List<BulkRow<I>> {
        close()
        return lock.withLock { run.takeRows() }
    }

    /**
     * Cancels the bulk: no further input is read, and calls in flight have `cancelGrace` to finish. A second call cancels them at once.
     * Another thread can call it. The thread that reads the rows receives those of the calls in flight, and then a [CancelledException].
     */
    public fun cancel(): Unit = run.cancel()

    /**
     * Cancels the bulk, if it has not ended, and waits for its calls in flight. Their rows are kept for [rest]. If another thread reads
     * the rows, it receives them and then a [CancelledException], as for [cancel].
     */
    override fun close() {
        if (run.isDone) return
        run.cancel()
        isStarted.set(true)
        lock.withLock { drain() }
    }

    private fun begin() {
        if (isStarted.getAndSet(true)) {
            throw configException("rows", "the rows of this bulk were read already; read the others with `rest()`")
        }
    }

    /** Waits until there is a row. Returns false at the end. */
    private fun fill(): Boolean = lock.withLock {
        try {
            while (run.isWaiting) {
                if (!run.step()) run.await()
                if (run.needsInput && run.isWaiting) run.receiveFrom { iterator }
            }
        } catch (failure: Throwable) {
            run.cancel()
            drain(failure)
            throw failure
        }
        run.hasRow()
    }

    /** Waits for the calls in flight of a bulk that was cancelled, even if the thread is interrupted. */
    private fun drain(reason: Throwable? = null) {
        run.leave(reason)
        while (!run.isDone) if (!run.step()) run.awaitRest()
    }
}
