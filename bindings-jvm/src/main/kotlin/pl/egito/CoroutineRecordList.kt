package pl.egito

import kotlinx.coroutines.ExperimentalForInheritanceCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import pl.egito.internal.ListCall
import pl.egito.internal.NativePage

/** A flow of records, see [RecordList]. Every collection reads the list again; leaving it early closes its request. */
@OptIn(ExperimentalForInheritanceCoroutinesApi::class)
public open class CoroutineRecordList internal constructor(private val handle: ListHandle) : Flow<Record> by recordsOf(handle) {
    /** Returns the pages: the records of each as a list. */
    public fun pages(): Flow<List<Record>> = pagesOf(handle, NativePage::records)

    /** Returns the pages with their HTTP responses. */
    public fun withResponse(): Flow<Response<List<Record>>> = pagesOf(handle.withResponse(), NativePage::withResponse)

    /** Returns the first record, `null` for an empty list. Requests only this record. */
    public suspend fun first(): Record? = handle.firstSuspending()

    /** Returns whether there is any record. Requests at most one. */
    public suspend fun exists(): Boolean = handle.runSuspending(ListCall.EXISTS) as Boolean

    /** Returns the server's number of all records, `null` if it sends none. */
    public suspend fun total(): Long? = handle.runSuspending(ListCall.TOTAL) as Long?

    /** Returns the number of records of the list: that of the server, or counted by reading the list. */
    public suspend fun count(): Long = handle.runSuspending(ListCall.COUNT) as Long
}

private fun recordsOf(list: ListHandle): Flow<Record> = flow {
    list.asyncPages().use { pages ->
        while (true) {
            val page = list.next(pages) ?: break
            for (record in page.records()) {
                list.checkRunning { pages.checkRunning() }
                emit(record)
            }
        }
    }
}

private fun <T> pagesOf(list: ListHandle, convert: (NativePage) -> T): Flow<T> = flow {
    list.asyncPages().use { pages ->
        while (true) emit(convert(list.next(pages) ?: break))
    }
}
