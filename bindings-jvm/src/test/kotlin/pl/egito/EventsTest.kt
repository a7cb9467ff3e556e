package pl.egito

import java.lang.reflect.Proxy
import java.nio.file.Path
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.slf4j.Logger

class EventsTest : SandboxTest() {
    @Test
    fun `a listener receives every attempt`() {
        val events = CopyOnWriteArrayList<EgitoEvent>()
        egito.onEvent { events += it }
        sandbox.fault(mapOf("on" to mapOf("action" to "get"), "response" to mapOf("status" to 503)))
        egito.accounts.get(1)
        assertEquals(listOf("login", "get", "get"), events.map { it.action })
        assertEquals(listOf(200, 503, 200), events.map { it.status })
        assertEquals(listOf(null, "server", null), events.map { it.code })
        val last = events.last()
        assertEquals(listOf(EventKind.END, "Account", "GET", 2), listOf(last.kind, last.entity, last.method, last.attempt))
        assertTrue(last.bytes > 0 && last.elapsed > 0 && last.host.startsWith("127.0.0.1:"))
        egito.onEvent(null)
        egito.accounts.get(1)
        assertEquals(3, events.size)
    }

    @Test
    fun `an exception of a listener does not change the call`() {
        egito.onEvent { throw IllegalStateException("no") }
        val thrown = uncaughtDuring { assertEquals(1L, egito.accounts.get(1).long("id")) }
        assertEquals(listOf("no", "no"), thrown.map { it.message })
    }

    @Test
    fun `a listener cannot make a blocking call, which would wait for itself`() {
        val failures = CopyOnWriteArrayList<String?>()
        egito.onEvent { failures += runCatching { egito.accounts.get(2) }.exceptionOrNull()?.message }
        egito.accounts.get(1)
        egito.async().accounts().get(1).join()
        assertEquals(3, failures.size) // a login and two calls
        for (failure in failures) assertEquals("cannot make a call in a listener of events or a logger; make it on another thread", failure)
    }

    @Test
    fun `a listener cannot wait for a call in the background`() {
        val failures = CopyOnWriteArrayList<Throwable?>()
        egito.onEvent {
            failures += runCatching { egito.async().accounts().get(2).join() }.exceptionOrNull()?.cause
            failures += runCatching { runBlocking { egito.coroutines.accounts.get(2) } }.exceptionOrNull()
        }
        egito.accounts.get(1)
        egito.async().accounts().get(1).join()
        assertEquals(6, failures.size) // two for a login and two calls
        for (failure in failures) assertEquals("cannot make a call in a listener of events or a logger; make it on another thread", failure?.message)
    }

    @Test
    fun `attempts are logged by slf4j`(@TempDir folder: Path) {
        val lines = CopyOnWriteArrayList<String>()
        val logger = Proxy.newProxyInstance(javaClass.classLoader, arrayOf(Logger::class.java)) { _, method, arguments ->
            if (method.name == "debug") lines += "${arguments[0]} ${(arguments[1] as Array<*>).toList()}"
            if (method.name == "isDebugEnabled") true else null
        } as Logger
        egito.onEvent(Slf4jListener(logger))
        egito.accounts.get(1)
        assertTrue(lines[1].startsWith("call {}: {}: attempt {}: {} in {} ms [1, get Account, 1, status 200, "), lines[1])
        egito.outbox(folder.resolve("outbox.db").toString()).apply {
            putDelete("Account", 1)
            deliver()
        }
        assertTrue("[2, delete Account of entry 1, 1, status 20" in lines[2], lines[2])
    }

    @Test
    fun `counters count`() {
        egito.accounts.get(1)
        val stats = egito.stats()
        assertEquals(listOf(1L, 1L, 0L, 1L), stats.run { listOf(calls, attempts, retries, logins) })
        assertTrue(stats.bytesSent > 0 && stats.bytesReceived > 0)
        assertEquals(stats.toString(), egito.coroutines.stats().toString())
    }
}
