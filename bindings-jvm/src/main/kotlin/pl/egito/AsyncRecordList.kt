package pl.egito

import java.util.Optional
import java.util.OptionalLong
import java.util.concurrent.CompletableFuture
import java.util.function.Consumer
import pl.egito.internal.ListCall
import pl.egito.internal.NativeAsyncPages

/** A lazy list of records that is read in the background, see [RecordList]. */
public open class AsyncRecordList internal constructor(private val handle: ListHandle) {
    /** Begins to read the list page by page. */
    public fun pages(): AsyncPages = AsyncPages(handle, handle.asyncPages())

    /** Calls [action] with every record, on one thread after the other. An exception of it ends the list, and fails the future. */
    public fun forEach(action: Consumer<in Record>): CompletableFuture<Void?> = future {
        CoroutineRecordList(handle).collect(action::accept)
        null
    }

    /** Returns all records. */
    public fun toList(): CompletableFuture<List<Record>> = future {
        val records = ArrayList<Record>()
        CoroutineRecordList(handle).collect(records::add)
        records
    }

    /** Returns the first record, if there is one. Requests only this record. */
    public fun first(): CompletableFuture<Optional<Record>> = future { Optional.ofNullable(handle.firstSuspending()) }

    /** Returns whether there is any record. Requests at most one. */
    public fun exists(): CompletableFuture<Boolean> = future { handle.runSuspending(ListCall.EXISTS) as Boolean }

    /** Returns the server's number of all records, if it sends one. */
    public fun total(): CompletableFuture<OptionalLong> = future {
        val total = handle.runSuspending(ListCall.TOTAL) as Long?
        if (total == null) OptionalLong.empty() else OptionalLong.of(total)
    }

    /** Returns the number of records of the list: that of the server, or counted by reading the list. */
    public fun count(): CompletableFuture<Long> = future { handle.runSuspending(ListCall.COUNT) as Long }
}

/** The pages of a list that is read in the background. */
public class AsyncPages internal constructor(private val list: ListHandle, private val pages: NativeAsyncPages) : AutoCloseable {
    private val closing = Closing()

    /**
     * Returns the records of the next page; empty at the end of the list. After a failure, every later page fails in the same way.
     *
     * A future that is cancelled, or completed by others, ends the iteration: its page may have arrived already, and would be missed.
     */
    public fun next(): CompletableFuture<List<Record>> {
        var received: List<Record>? = null
        val next = future { closing.run { list.next(pages) }?.records().orEmpty().also { received = it } }
        next.whenComplete { records, failure ->
            val isOwn = failure is EgitoException || (records != null && records === received)
            if (!isOwn) close()
        }
        return next
    }

    /** Ends the iteration. Close it if the list is not read to its end. A page that is waited for fails with a [CancelledException]. */
    override fun close(): Unit = closing.close { pages.use { it.cancel() } }
}
