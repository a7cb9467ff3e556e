package pl.egito

import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import kotlin.concurrent.thread
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Cancelling a call disconnects from the server, which sees it. */
class CancellationTest : SandboxTest() {
    @Test
    fun `a cancelled coroutine closes its request`() = runBlocking {
        hold("get")
        val call = launch(Dispatchers.IO) { egito.coroutines.accounts.get(1) }
        sandbox.await(1, "get")
        call.cancelAndJoin()
        sandbox.await(1, "get", clientGone = true)
        assertEquals("Żubr Próbny sp. z o.o.", egito.coroutines.accounts.get(1).string("name"))
    }

    @Test
    fun `a coroutine whose time is over closes its request`() = runBlocking {
        hold("get")
        assertNull(withTimeoutOrNull(100) { egito.coroutines.accounts.get(1) })
        assertEquals(1, sandbox.await(1, "get", clientGone = true).size)
    }

    @Test
    fun `a failed sibling closes the request`() = runBlocking {
        hold("get")
        assertThrows<IllegalStateException> {
            runBlocking {
                async(Dispatchers.IO) { egito.coroutines.accounts.get(1) }
                sandbox.await(1, "get")
                error("the sibling fails")
            }
        }
        assertEquals(1, sandbox.await(1, "get", clientGone = true).size)
    }

    @Test
    fun `a flow that is cancelled closes the request for its page`() = runBlocking {
        hold("list")
        val reader = launch(Dispatchers.IO) { egito.coroutines.accounts.list().collect {} }
        sandbox.await(1, "list")
        reader.cancelAndJoin()
        assertEquals(1, sandbox.await(1, "list", clientGone = true).size)
    }

    @Test
    fun `a cancelled future closes its request`() {
        hold("get")
        val future = egito.async().accounts().get(1)
        sandbox.await(1, "get")
        assertTrue(future.cancel(true))
        assertThrows<CancellationException> { future.join() }
        assertEquals(1, sandbox.await(1, "get", clientGone = true).size)
    }

    @Test
    fun `a token cancels the blocking calls of its entity`() {
        hold("get")
        val token = CancellationToken()
        val accounts = egito.accounts.withCancellation(token)
        val call = inThread { assertThrows<CancelledException> { accounts.get(1) } }
        sandbox.await(1, "get")
        token.cancel()
        assertNull(call.get().outcome)
        assertEquals(1, sandbox.await(1, "get", clientGone = true).size)
    }

    @Test
    fun `an interrupt of a platform thread is kept, and does not cancel its blocking call`() {
        hold("get")
        val result = CompletableFuture<Pair<Long?, Boolean>>()
        val caller = thread { result.complete(egito.accounts.get(1).long("id") to Thread.interrupted()) }
        sandbox.await(1, "get")
        caller.interrupt()
        release()
        assertEquals(1L to true, result.get())
    }

    @Test
    fun `an interrupt while a future is waited for leaves its call to be cancelled`() {
        hold("get")
        val call = egito.async().accounts().get(1)
        val caller = thread {
            try {
                call.get()
            } catch (_: InterruptedException) {
                call.cancel(true)
            }
        }
        sandbox.await(1, "get")
        caller.interrupt()
        assertEquals(1, sandbox.await(1, "get", clientGone = true).size)
    }

    @Test
    fun `a create that was sent may have been done when it is cancelled`() {
        hold("create")
        val token = CancellationToken()
        val call = inThread {
            assertThrows<OutcomeUnknownException> {
                egito.leads.withCancellation(token).create(mapOf("lastName" to "Ryś"))
            }
        }
        sandbox.await(1, "create")
        token.cancel()
        assertEquals("Ryś", call.get().record?.string("lastName"))
    }

    @Test
    fun `leaving a loop early cancels the pages that are read ahead`() {
        holdThirdPage()
        egito.accounts.list(pageSize = 100).pages().iterator().use { pages ->
            repeat(2) { pages.next() }
            sandbox.await(3, "list")
        }
        sandbox.await(1, "list", clientGone = true)
    }

    @Test
    fun `the first record of a flow reads no further`() = runBlocking {
        sandbox.reset(mapOf("seed" to "empty", "records" to mapOf("Account" to 1_000)))
        val flow = egito.coroutines.accounts.list(pageSize = 100)
        assertEquals(1L, flow.take(1).toList().single().long("id"))
        val later = sandbox.journal("list").size
        egito.coroutines.accounts.get(1)
        assertEquals(later, sandbox.journal("list").size)
    }
}
