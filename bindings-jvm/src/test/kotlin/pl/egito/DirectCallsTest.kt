package pl.egito

import java.util.concurrent.Callable
import java.util.concurrent.Executors
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import pl.egito.testing.Sandbox

/** Blocking calls, which go through a buffer of each thread. */
class DirectCallsTest {
    private val sandbox = Sandbox.start()
    private val egito = Egito.fromJson(sandbox.settings)

    @AfterEach
    fun close() {
        egito.close()
        sandbox.close()
    }

    @Test
    fun `a record may be larger than the buffer`() {
        val name = "ż".repeat(100_000)
        val id = egito.accounts.create(mapOf("name" to name))
        assertEquals(name, egito.accounts.get(id)["name"])
        assertEquals("Kraków", egito.accounts.get(egito.accounts.create(mapOf("name" to "Żubr", "city" to "Kraków")))["city"])
    }

    @Test
    fun `an error leaves the buffer usable`() {
        repeat(3) {
            assertThrows<NotFoundException> { egito.accounts.get(987_654_321) }
            assertEquals(1L, egito.accounts.get(1)["id"])
        }
    }

    @Test
    fun `threads do not share a buffer`() {
        val threads = Executors.newFixedThreadPool(8)
        try {
            val ids = (0 until 200).map { 1L + it % 20 }
            val records = threads.invokeAll(ids.map { id -> Callable { egito.accounts.get(id) } }).map { it.get() }
            assertEquals(ids, records.map { it["id"] })
        } finally {
            threads.shutdown()
        }
    }
}
