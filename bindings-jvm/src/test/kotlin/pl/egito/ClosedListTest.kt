package pl.egito

import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionException
import java.util.concurrent.ExecutionException
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit.SECONDS
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Lists that another thread closes, or that several threads read. */
class ClosedListTest : SandboxTest() {
    @Test
    fun `closing an iterator ends the wait for its first page`() {
        hold("list")
        val records = egito.accounts.list().iterator()
        val reader = inThread { records.hasNext() }
        sandbox.await(1, "list")
        records.close()
        assertCancelled(reader)
        assertEquals(1, sandbox.await(1, "list", clientGone = true).size)
        assertThrows<CancelledException> { records.hasNext() }
        records.close()
    }

    @Test
    fun `closing pages ends the wait for one that is read ahead`() {
        holdThirdPage()
        val pages = egito.accounts.list(pageSize = 100).pages().iterator()
        repeat(2) { pages.next() }
        val reader = inThread { pages.next() }
        sandbox.await(3, "list")
        pages.close()
        assertCancelled(reader)
        sandbox.await(1, "list", clientGone = true)
    }

    @Test
    fun `closing a stream ends the wait of the thread that reads it`() {
        hold("list", times = 2)
        val streams = listOf(egito.accounts.list().stream(), egito.accounts.list().withResponse().stream())
        val readers = streams.map { stream -> inThread { stream.count() } }
        sandbox.await(2, "list")
        streams.forEach { it.close() }
        readers.forEach(::assertCancelled)
        assertEquals(2, sandbox.await(2, "list", clientGone = true).size)
    }

    @Test
    fun `closing an iterator ends the sequence of it`() {
        hold("list")
        val records = egito.accounts.list().iterator()
        val reader = inThread { records.asSequence().map { it.id }.toList() }
        sandbox.await(1, "list")
        records.close()
        assertCancelled(reader)
    }

    @Test
    fun `closing the pages of futures fails the one that is waited for, and later ones`() {
        hold("list")
        val pages = egito.async().accounts().list().pages()
        val page = pages.next()
        sandbox.await(1, "list")
        pages.close()
        assertCancelled(page)
        assertEquals(1, sandbox.await(1, "list", clientGone = true).size)
        val later = assertThrows<CompletionException> { pages.next().join() }
        assertEquals("the iteration over the list was closed", later.cause?.message)
    }

    @Test
    fun `an iterator that is closed in the middle returns no further record`() {
        val records = egito.accounts.list().iterator()
        records.next()
        records.close()
        assertEquals("cancelled", assertThrows<CancelledException> { records.next() }.code)
    }

    @Test
    fun `an iterator that was read to its end stays there`() {
        val records = egito.accounts.list().iterator()
        while (records.hasNext()) records.next()
        records.close()
        assertFalse(records.hasNext())
        assertThrows<NoSuchElementException> { records.next() }
    }

    @Test
    fun `an iterator that has failed throws the same exception again, in every thread`() {
        refuseSecondPage()
        val records = egito.accounts.list(pageSize = 2).iterator()
        val failure = assertThrows<PermissionException> { while (records.hasNext()) records.next() }
        assertSame(failure, assertThrows<PermissionException> { records.hasNext() })
        assertSame(failure, assertThrows<PermissionException> { records.next() })
        assertSame(failure, assertThrows<ExecutionException> { inThread { records.hasNext() }.get(10, SECONDS) }.cause)
    }

    @Test
    fun `pages of futures that have failed fail again`() {
        refuseSecondPage()
        val pages = egito.async().accounts().list(ListOptions().pageSize(2)).pages()
        assertEquals(2, pages.next().join().size)
        for (page in List(2) { pages.next() } + pages.next()) { // also one that waits beside the one that fails
            assertInstanceOf(PermissionException::class.java, assertThrows<CompletionException> { page.join() }.cause)
        }
    }

    @Test
    fun `a page of futures that is cancelled, or completed by others, ends the iteration`() {
        hold("list", times = 0)
        for (end in listOf<(CompletableFuture<*>) -> Unit>({ it.cancel(true) }, { it.complete(null) })) {
            val pages = egito.async().accounts().list().pages()
            end(pages.next())
            assertInstanceOf(CancelledException::class.java, assertThrows<CompletionException> { pages.next().join() }.cause)
        }
    }

    private fun refuseSecondPage() =
        sandbox.fault(mapOf("on" to mapOf("action" to "list"), "skip" to 1, "times" to 1, "response" to mapOf("status" to 403)))

    @Test
    fun `closing at any moment is only ever an error of the SDK`() {
        repeat(50) {
            val records = egito.accounts.list(pageSize = 10).iterator()
            val reader = inThread { runCatching { while (records.hasNext()) records.next() }.exceptionOrNull() }
            records.close()
            reader.get(10, SECONDS)?.let { assertInstanceOf(CancelledException::class.java, it) }
        }
    }

    @Test
    fun `threads that share an iterator receive each record once`() {
        sandbox.reset(mapOf("seed" to "empty", "records" to mapOf("Account" to 1_000)))
        val records = egito.accounts.list(pageSize = 50).iterator()
        val readers = List(4) { inThread { generateSequence { nextOrNull(records) }.map { it.id }.toList() } }
        val ids = readers.flatMap { it.get(30, SECONDS) }
        assertEquals(1_000, ids.size)
        assertEquals(1_000, ids.toSet().size)
    }

    private fun nextOrNull(records: Iterator<Record>): Record? =
        try {
            records.next()
        } catch (_: NoSuchElementException) {
            null
        }

    private fun assertCancelled(reader: Future<*>) {
        val failed = assertThrows<ExecutionException> { reader.get(10, SECONDS) }
        assertInstanceOf(CancelledException::class.java, failed.cause)
    }
}
