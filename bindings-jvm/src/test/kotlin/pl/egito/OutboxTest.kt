package pl.egito

import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class OutboxTest : SandboxTest() {
    private lateinit var path: String
    private val lead = mapOf("formKey" to "f-1", "lastName" to "Ryś")

    @BeforeEach
    fun useFolder(@TempDir folder: Path) {
        path = folder.resolve("outbox.db").toString()
    }

    @Test
    fun `entries are stored, and delivered once`() {
        val outbox = egito.outbox(path)
        val id = outbox.put("Lead", lead, "formKey")
        assertEquals(id, outbox.put("Lead", lead, RecordKey.of("formKey")))
        val waiting = outbox.get(id)
        assertEquals(EntryState.WAITING to EntryAction.CREATE, waiting.state to waiting.action)
        assertEquals(lead, waiting.record?.toMap())
        assertEquals(listOf("formKey"), waiting.key)
        assertEquals(emptyList<Any>(), sandbox.journal("create"))

        val delivery = outbox.deliver()
        assertEquals(listOf(1L, 0L, 0L, 0L), delivery.run { listOf(delivered, refused, unclear, waiting.attempts.toLong()) })
        assertNull(delivery.pausedBy)
        val delivered = outbox.get(id)
        assertEquals(EntryState.DELIVERED, delivered.state)
        assertEquals("Ryś", egito.leads.get(delivered.recordId!!).string("lastName"))
        assertNotNull(delivered.deliveredAt)
        assertEquals(1L, outbox.counts().delivered)
    }

    @Test
    fun `all actions are delivered`() {
        val outbox = egito.outbox(path)
        val account = egito.accounts.create(mapOf("nip" to "5250001009", "name" to "Żubr"))
        outbox.putUpsert("Account", mapOf("nip" to "5250001009", "city" to "Łódź"), "nip")
        outbox.putUpdate("Account", 1, mapOf("city" to "Gdynia"))
        outbox.putDelete("Account", RecordId.of(2))
        assertEquals(3L, outbox.deliver().delivered)
        assertEquals("Łódź" to "Gdynia", egito.accounts.get(account).string("city") to egito.accounts.get(1).string("city"))
        assertThrows(NotFoundException::class.java) { egito.accounts.get(2) }
        assertEquals(listOf(EntryAction.UPSERT, EntryAction.UPDATE, EntryAction.DELETE), outbox.entries().map { it.action })
        assertEquals(1, outbox.entries(EntryState.DELIVERED, limit = 1, after = 2).size)
    }

    @Test
    fun `a refused entry is edited, retried or discarded`() {
        val outbox = egito.outbox(path)
        val id = outbox.put("Lead", mapOf("formKey" to "f-1"), "formKey")
        assertEquals(1L, outbox.deliver().refused)
        val refused = outbox.entries(EntryState.REFUSED).single()
        assertTrue(refused.error is ValidationException)
        outbox.retry(id)
        assertEquals(1L, outbox.deliver(limit = 5).refused)
        outbox.edit(id, lead)
        assertEquals(1L, outbox.deliver().delivered)
        outbox.discard(outbox.put("Lead", mapOf("formKey" to "f-2"), "formKey"))
        assertEquals(0L, outbox.counts().waiting)
        assertThrows(NotFoundException::class.java) { outbox.get(404) }
    }

    @Test
    fun `an outbox that was started delivers in the background`() {
        egito.outbox(path).use { outbox ->
            assertNull(outbox.lastDelivery())
            outbox.start(50.milliseconds)
            outbox.put("Lead", lead, "formKey")
            sandbox.await(1, "create")
            outbox.stop()
            assertEquals(1L, outbox.counts().delivered)
            assertNotNull(outbox.lastDelivery())
        }
    }

    @Test
    fun `coroutines and futures have the same outbox`() {
        runBlocking {
            val outbox = egito.coroutines.outbox(path)
            val id = outbox.put("Lead", lead, "formKey")
            assertEquals(1L, outbox.deliver().delivered)
            assertEquals(EntryState.DELIVERED, outbox.get(id).state)
        }
        val outbox = egito.async().outbox(path)
        val id = outbox.putUpdate("Account", 1, mapOf("city" to "Gdynia")).get(10, TimeUnit.SECONDS)
        assertEquals(1L, outbox.deliver().get(10, TimeUnit.SECONDS).delivered)
        assertEquals("1", outbox.get(id).get(10, TimeUnit.SECONDS).recordId.toString())
        outbox.stop().get(10, TimeUnit.SECONDS)
    }

    @Test
    fun `invalid arguments are errors`() {
        val path = assertThrows(ConfigException::class.java) { egito.outbox("/missing/folder/outbox.db").put("Lead", lead, "formKey") }
        assertEquals("outbox", path.setting)
        val outbox = egito.outbox(this.path)
        assertEquals("limit", assertThrows(ConfigException::class.java) { outbox.deliver(-1) }.setting)
        assertEquals("key", assertThrows(ConfigException::class.java) { outbox.put("Lead", mapOf("a" to 1), "formKey") }.setting)
        val keepDays = assertThrows(ConfigException::class.java) { egito.outbox(this.path, keepDays = Double.NaN) }
        assertEquals("invalid `keepDays`: it must be a finite number, got NaN", keepDays.message)
        assertEquals("keepDays", keepDays.setting)
        assertEquals("concurrency", assertThrows(ConfigException::class.java) { egito.outbox(this.path, concurrency = 0) }.setting)
    }
}
