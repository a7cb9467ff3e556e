package pl.egito

import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit.SECONDS
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** `close()` while calls are in flight. */
class ClosingTest : SandboxTest() {
    @Test
    fun `calls in flight finish before close returns`() {
        hold("get")
        val call = inThread { egito.accounts.get(1) }
        sandbox.await(1, "get")
        val closing = inThread { egito.close() }
        release()
        assertEquals(1L, call.get(10, SECONDS).long("id"))
        closing.get(10, SECONDS)
        assertEquals("config", assertThrows<ConfigException> { egito.accounts.get(1) }.code)
    }

    @Test
    fun `a call that takes longer than the close timeout is cancelled`() {
        val impatient = Egito.fromJson(sandbox.settings.dropLast(1) + ""","close_timeout_ms":50}""")
        hold("get", times = 3)
        val blocking = inThread { impatient.accounts.get(1) }
        val future = impatient.async().accounts().get(2)
        val coroutine = inThread { runBlocking { async { impatient.coroutines.accounts.get(3) }.await() } }
        sandbox.await(3, "get")
        inThread { impatient.close() }.get(10, SECONDS)
        for (call in listOf(blocking, future, coroutine)) {
            val failed = assertThrows<ExecutionException> { call.get(10, SECONDS) }
            assertInstanceOf(CancelledException::class.java, failed.cause)
        }
        assertEquals(3, sandbox.await(3, "get", clientGone = true).size)
    }

    @Test
    fun `closing twice, and from several threads, is the same as once`() {
        egito.accounts.get(1)
        val closings = List(8) { inThread { egito.close() } }
        closings.forEach { it.get(10, SECONDS) }
        egito.close()
        assertTrue(assertThrows<ConfigException> { runBlocking { egito.coroutines.accounts.get(1) } }.message!!.contains("closed"))
    }

    @Test
    fun `a list that is being read ends with the client`() {
        sandbox.reset(mapOf("seed" to "empty", "records" to mapOf("Account" to 1_000)))
        val records = egito.accounts.list(pageSize = 100).iterator()
        records.next()
        egito.close()
        assertThrows<EgitoException> { while (records.hasNext()) records.next() }
    }

    @Test
    fun `a timeout is an error of its call alone`() {
        hold("get")
        val failed = assertThrows<TimeoutException> { egito.accounts.withOptions { timeout = 50.milliseconds; maxRetries = 0 }.get(1) }
        assertEquals("timeout", failed.code)
        assertEquals(1L, egito.accounts.get(1).long("id"))
    }
}
