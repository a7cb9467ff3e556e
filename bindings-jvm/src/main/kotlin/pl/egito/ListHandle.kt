package pl.egito

import kotlinx.coroutines.withContext
import pl.egito.internal.ListCall
import pl.egito.internal.NativeAsyncPages
import pl.egito.internal.NativeContext
import pl.egito.internal.NativeList
import pl.egito.internal.NativePage
import pl.egito.internal.NativePages
import pl.egito.json.JsonReader

/** A list of the native library, and the token that cancels it: what the three views of a list share. */
internal class ListHandle(
    private val client: ClientState,
    private val entity: String,
    private val token: CancellationToken?,
    private val lastRead: LastRead = LastRead(),
    private val open: (NativeContext?) -> NativeList,
) {
    private val list by lazy { native { open(token?.let { NativeContext(it.handle, false) }) } }

    /** Returns the list whose pages have their responses. */
    fun withResponse(): ListHandle = ListHandle(client, entity, token, lastRead) { open(NativeContext(token?.handle, true)) }

    fun run(call: ListCall): Any? = JsonReader.read(runForJson(call))

    suspend fun runSuspending(call: ListCall): Any? = JsonReader.read(runSuspendingForJson(call))

    fun first(): Record? = recordOrNull(runForJson(ListCall.FIRST))

    suspend fun firstSuspending(): Record? = recordOrNull(runSuspendingForJson(ListCall.FIRST))

    fun pages(): PageReader =
        if (isVirtualThread()) PageReader.InBackground(asyncPages(), this) else PageReader.OnThread(blockingPages(), this)

    fun asyncPages(): NativeAsyncPages = native { list.pagesAsync() }.also(lastRead::begin)

    private fun blockingPages(): NativePages = native { list.pages() }.also(lastRead::begin)

    /** Waits for the next page. Returns `null` at the end. */
    suspend fun next(pages: NativeAsyncPages): NativePage? = background { pages.next() }.also { if (it == null) end(pages, pages.mark()) }

    /** Keeps the mark of a list of changes, if these pages are its last read. */
    fun end(pages: Any, mark: String?) = lastRead.end(pages, mark)

    /** Returns the mark of a list of changes. Throws [ConfigException] if the last read has not reached the end. */
    fun requireMark(): String = lastRead.mark
        ?: throw configException("mark", "a list of changes has its `mark` after it was read to its end; read all records first")

    /** Calls [check] if the client was closed or the list was cancelled: it throws the error, so no further record is returned. */
    inline fun checkRunning(check: () -> Unit) {
        if (client.isClosed || token?.isCancelled == true) native(check)
    }

    /** Waits for a page on a virtual thread. */
    fun awaitPage(next: suspend () -> NativePage?): NativePage? = await(Interruption.ofList(entity), next)

    private fun runForJson(call: ListCall): ByteArray =
        blocking({ list.run(call) }, { Interruption.ofList(entity) }) { list.runAsync(call) }

    private suspend fun runSuspendingForJson(call: ListCall): ByteArray = background { list.runAsync(call) }

    private fun recordOrNull(json: ByteArray): Record? = if (json.decodeToString() == "null") null else Record(json)
}

/** The last read of a list, and its mark once it has reached the end. */
internal class LastRead {
    private var pages: Any? = null

    @get:Synchronized
    var mark: String? = null
        private set

    @Synchronized
    fun begin(pages: Any) {
        this.pages = pages
        mark = null
    }

    @Synchronized
    fun end(pages: Any, mark: String?) {
        if (pages === this.pages && mark != null) this.mark = mark
    }
}

/** Reads the pages of a list. Another thread can close it while this one waits for a page. */
internal sealed class PageReader(protected val list: ListHandle) : AutoCloseable {
    private val closing = Closing()

    /** Returns the next page, `null` at the end. Throws [CancelledException] once it is closed. */
    fun next(): NativePage? = closing.run { read().also { if (it == null) list.end(pages, mark()) } }

    /** Throws [CancelledException] once it is closed. */
    fun checkOpen() = closing.check()

    /** Throws an error once this or the client is closed, or the list is cancelled. */
    fun checkRunning() {
        closing.check()
        list.checkRunning { closing.run { check() } }
    }

    override fun close() = closing.close(::end)

    protected abstract val pages: Any

    protected abstract fun read(): NativePage?

    /** Returns the mark of a list of changes that was read to its end. */
    protected abstract fun mark(): String?

    protected abstract fun check()

    /** Ends the wait for a page, and frees the pages. */
    protected abstract fun end()

    /** Reads on the thread that asks for a page; for a virtual thread, on another one. */
    class OnThread(override val pages: NativePages, list: ListHandle) : PageReader(list) {
        override fun read(): NativePage? = if (isVirtualThread()) readOnPlatformThread() else onThread { pages.nextPage() }

        private fun readOnPlatformThread(): NativePage? =
            try {
                list.awaitPage { withContext(Threads.CALLING) { pages.nextPage() } }
            } catch (cancelled: CancelledException) {
                pages.cancel() // the other thread still waits for the page if this one was interrupted
                throw cancelled
            }

        override fun mark(): String? = pages.mark()
        override fun check() = pages.checkRunning()
        override fun end() = pages.use { it.cancel() }
    }

    /** Reads in the background, so that a virtual thread does not block its carrier thread. */
    class InBackground(override val pages: NativeAsyncPages, list: ListHandle) : PageReader(list) {
        override fun read(): NativePage? = list.awaitPage { pages.next() }
        override fun mark(): String? = pages.mark()
        override fun check() = pages.checkRunning()
        override fun end() = pages.use { it.cancel() }
    }
}

/** Returns the records of a page. */
internal fun NativePage.records(): List<Record> {
    var start = 1
    return lengths.map { length -> Record(json, start, length).also { start += length + 1 } }
}

/** Returns the records of a page with its response. */
internal fun NativePage.withResponse(): Response<List<Record>> = Response.of(checkNotNull(response)) { records() }
