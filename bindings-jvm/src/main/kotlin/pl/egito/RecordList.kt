package pl.egito

import java.util.Spliterator
import java.util.Spliterators
import java.util.concurrent.locks.ReentrantLock
import java.util.stream.Stream
import java.util.stream.StreamSupport
import kotlin.concurrent.withLock
import pl.egito.internal.ListCall
import pl.egito.internal.NativePage

/**
 * An iterator that holds a connection or a page. It closes itself at its end; close it if you leave it earlier.
 *
 * Threads that use one iterator wait for each other, and each element is returned once. An iterator that has failed throws the same
 * exception again.
 */
public interface CloseableIterator<out T> : Iterator<T>, AutoCloseable {
    /**
     * Ends the iteration, and cancels its request. Any thread can call it: another one that waits for the next element, or asks for it
     * later, receives a [CancelledException].
     */
    override fun close()
}

/**
 * A lazy list of records. Nothing is requested before it is read, and each iteration reads it again. It is read page by page, and the
 * next page is requested while the records of this one are used.
 *
 * A list that cannot be read completely throws a [PaginationException]: no record is lost or returned twice unnoticed.
 */
public open class RecordList internal constructor(private val handle: ListHandle) : Iterable<Record> {
    /** Returns an iterator over the records. */
    override fun iterator(): CloseableIterator<Record> = RecordIterator(handle.pages())

    /** Returns the pages: the records of each as a list. */
    public fun pages(): RecordPages<List<Record>> = RecordPages { PageIterator(handle.pages(), NativePage::records) }

    /** Returns the list whose pages have their HTTP responses. */
    public fun withResponse(): RecordPages<Response<List<Record>>> =
        RecordPages { PageIterator(handle.withResponse().pages(), NativePage::withResponse) }

    /** Returns the records as a stream. Close it if it is not read to its end. */
    public fun stream(): Stream<Record> = streamOf(iterator())

    /** Returns all records. */
    public fun toList(): List<Record> = iterator().asSequence().toList()

    /** Returns the first record, `null` for an empty list. Requests only this record. */
    public fun first(): Record? = handle.first()

    /** Returns whether there is any record. Requests at most one. */
    public fun exists(): Boolean = handle.run(ListCall.EXISTS) as Boolean

    /** Returns the server's number of all records, `null` if it sends none. */
    public fun total(): Long? = handle.run(ListCall.TOTAL) as Long?

    /** Returns the number of records of the list: that of the server, or counted by reading the list. */
    public fun count(): Long = handle.run(ListCall.COUNT) as Long

    /** Returns the name of the class; the list is not read. */
    override fun toString(): String = "RecordList"
}

/** The pages of a list. Each iteration reads the list again. */
public class RecordPages<T> internal constructor(private val open: () -> CloseableIterator<T>) : Iterable<T> {
    /** Returns an iterator over the pages. */
    override fun iterator(): CloseableIterator<T> = open()

    /** Returns the pages as a stream. Close it if it is not read to its end. */
    public fun stream(): Stream<T> = streamOf(iterator())
}

private fun <T> streamOf(elements: CloseableIterator<T>): Stream<T> {
    val spliterator = Spliterators.spliteratorUnknownSize(elements, Spliterator.ORDERED or Spliterator.NONNULL)
    return StreamSupport.stream(spliterator, false).onClose(elements::close)
}

private class PageIterator<T>(private val pages: PageReader, private val convert: (NativePage) -> T) : CloseableIterator<T> {
    private val lock = ReentrantLock()
    private var next: NativePage? = null
    private var hasEnded = false

    /** Why the list cannot be read any further. */
    private var failure: EgitoException? = null

    override fun hasNext(): Boolean = lock.withLock {
        if (!hasEnded) readNext()
        !hasEnded
    }

    private fun readNext() {
        pages.checkOpen()
        if (next == null) next = readPage()
        if (next == null) {
            hasEnded = true
            close()
        }
    }

    private fun readPage(): NativePage? {
        failure?.let { throw it }
        try {
            return pages.next()
        } catch (failure: EgitoException) {
            this.failure = failure
            throw failure
        }
    }

    override fun next(): T = lock.withLock {
        if (!hasNext()) throw NoSuchElementException("the list has no more pages")
        convert(checkNotNull(next)).also { next = null }
    }

    override fun close() = pages.close()
}

private class RecordIterator(private val reader: PageReader) : CloseableIterator<Record> {
    private val lock = ReentrantLock()
    private val pages = PageIterator(reader, NativePage::records)
    private var records: Iterator<Record> = emptyList<Record>().iterator()

    override fun hasNext(): Boolean = lock.withLock {
        while (!records.hasNext() && pages.hasNext()) records = pages.next().iterator()
        records.hasNext()
    }

    override fun next(): Record = lock.withLock {
        if (!hasNext()) throw NoSuchElementException("the list has no more records")
        reader.checkRunning()
        records.next()
    }

    override fun close() = pages.close()
}
