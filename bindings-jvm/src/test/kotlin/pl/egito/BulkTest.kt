package pl.egito

import java.io.File
import java.math.BigDecimal
import java.nio.file.Path
import java.time.Instant
import java.util.concurrent.CompletableFuture
import kotlin.time.Duration
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Bulks of blocking calls. The shared suite tests the calls themselves. */
class BulkTest : SandboxTest() {
    @Test
    fun `rows have their inputs and errors, in order`() {
        val inputs = listOf(
            mapOf("lastName" to "Żak"), mapOf("city" to "Łódź"), mapOf("lastName" to Double.NaN), Record.parse("""{"lastName":"Ćma"}"""),
        )
        val progress = mutableListOf<Pair<Long, Long>>()
        val options = BulkOptions { concurrency = 1 }.onProgress { progress += it.done to it.failed }
        val rows = egito.leads.createMany(inputs, options).toList()
        assertEquals(listOf(true, false, false, true), rows.map { it.isOk })
        assertEquals(listOf(0L, 1L, 2L, 3L), rows.map { it.index })
        rows.forEachIndexed { index, row -> assertSame(inputs[index], row.input) }
        assertTrue(rows[1].error is ValidationException)
        assertEquals("record.lastName", (rows[2].error as ConfigException).setting)
        assertEquals(listOf(1L to 0L, 2L to 1L, 3L to 2L, 4L to 2L), progress)
        assertEquals("Ćma", egito.leads.get(rows[3].id!!).string("lastName"))
    }

    @Test
    fun `an input that throws or is of another type is the error of its row alone`() {
        @Suppress("UNCHECKED_CAST") // as Java can pass it
        val text = listOf("text") as List<Map<String, Any?>>
        val inputs = listOf(mapOf("lastName" to Instant.MAX), BrokenMap()) + text + listOf(mapOf("lastName" to "Ryś"))
        val rows = egito.leads.createMany(inputs).toList()
        assertEquals(listOf("config", "config", "config", null), rows.map { it.error?.code })
        assertEquals("record.lastName", rows[0].error?.setting)
        assertTrue(rows[1].error?.message!!.endsWith("java.lang.IllegalStateException: no entries"), rows[1].error?.message)
        assertTrue(rows[2].error?.message!!.startsWith("this input cannot be sent: java.lang.ClassCastException"), rows[2].error?.message)
    }

    @Test
    fun `records are changed, read and deleted`() {
        val changes = listOf(Change(1, mapOf("city" to "Łódź")), Change(RecordId.of(2), mapOf("city" to "Gdańsk")))
        assertEquals(listOf("1", "2"), egito.accounts.updateMany(changes).map { it.id.toString() })
        val read = egito.accounts.getMany(listOf(1, 2L, RecordId.of(404_404))).toList()
        assertEquals(listOf("Łódź", "Gdańsk", null), read.map { it.record?.string("city") })
        assertTrue(read[2].error is NotFoundException)
        assertEquals(listOf(1L, 2L), egito.accounts.deleteMany(listOf(1, 2)).map { it.id?.toLong() })
        assertTrue(egito.accounts.getMany(listOf(1.5)).single().error is ConfigException)
    }

    @Test
    fun `nothing is sent before the first row is read`() {
        val source = Endless()
        egito.leads.createMany(source).close()
        assertEquals(0, source.taken)
        assertEquals(emptyList<Any>(), sandbox.journal())
    }

    @Test
    fun `inputs are read only while a row is awaited`() {
        val source = Endless()
        egito.leads.createMany(source, BulkOptions { concurrency = 3 }).use { bulk ->
            val rows = bulk.iterator()
            for (read in 1..20) {
                rows.next()
                // While the oldest call is slow, later ones continue: up to 16 for each call in flight.
                assertTrue(source.taken <= read + 16 * 3, "${source.taken} inputs for $read rows")
            }
        }
    }

    @Test
    fun `closing cancels the calls in flight and keeps their rows`() {
        val source = Endless()
        hold("create", times = 0)
        val rows = egito.leads.createMany(source, BulkOptions { concurrency = 4; cancelGrace = Duration.ZERO })
        val reader = CompletableFuture.supplyAsync { rows.toList() }
        sandbox.await(4, "create")
        val rest = rows.rest()
        assertEquals(4, source.taken)
        val known = rest + runCatching { reader.get() }.getOrElse { rows.rest() }
        assertEquals(listOf(0L, 1L, 2L, 3L), known.map { it.index }.sorted())
        assertTrue(known.all { it.error is OutcomeUnknownException })
        sandbox.await(4, "create", clientGone = true)
    }

    @Test
    fun `leaving a loop keeps the rows that were not read`() {
        val source = Endless()
        val rows = egito.leads.createMany(source, BulkOptions { concurrency = 4 })
        for (row in rows) {
            assertTrue(row.isOk)
            break
        }
        val rest = rows.rest()
        assertEquals((1L..rest.size).toList(), rest.map { it.index })
        assertEquals(source.taken, 1 + rest.size)
        assertEquals(sandbox.journal("create").size, 1 + rest.count { it.isOk })
        assertEquals(emptyList<Any>(), rows.rest())
    }

    @Test
    fun `cancelling from another thread throws after the rows in flight`() {
        val rows = egito.leads.createMany(Endless(), BulkOptions { concurrency = 2 })
        val read = mutableListOf<Long>()
        val failure = assertThrows(CancelledException::class.java) {
            for (row in rows) {
                read += row.index
                if (row.index == 3L) CompletableFuture.runAsync(rows::cancel).get()
            }
        }
        assertEquals((0L until read.size).toList(), read)
        assertEquals(sandbox.journal("create").size, read.size)
        assertNull(failure.status)
    }

    @Test
    fun `closing from another thread throws after the rows in flight`() {
        for (isStream in listOf(false, true)) {
            val rows = egito.leads.createMany(Endless(), BulkOptions { concurrency = 2 })
            val stream = if (isStream) rows.stream() else null
            val read = mutableListOf<Long>()
            assertThrows(CancelledException::class.java) {
                for (row in stream?.iterator() ?: rows.iterator()) {
                    read += row.index
                    if (row.index == 3L) CompletableFuture.runAsync { stream?.close() ?: rows.close() }.get()
                }
            }
            assertEquals((0L until read.size).toList(), read)
            assertEquals(emptyList<Any>(), rows.rest())
        }
    }

    @Test
    fun `a loop whose rows another thread takes throws`() {
        val rows = egito.leads.createMany(Endless(), BulkOptions { concurrency = 2 })
        val known = mutableListOf<Long>()
        assertThrows(CancelledException::class.java) {
            for (row in rows) {
                known += row.index
                if (row.index == 3L) known += CompletableFuture.supplyAsync(rows::rest).get().map { it.index }
            }
        }
        assertEquals((0L until known.size).toList(), known)
        assertEquals(sandbox.journal("create").size, known.size)
    }

    @Test
    fun `a bulk that is closed after its last input is complete`() {
        val rows = egito.accounts.getMany(listOf(1, 2)).iterator().asSequence().toList()
        assertEquals(2, rows.size)
        val bulk = egito.accounts.getMany(listOf(1, 2))
        assertEquals(2, bulk.toList().size)
        bulk.close()
        assertEquals(emptyList<Any>(), bulk.rest())
    }

    @Test
    fun `an exception of the inputs comes after the rows in flight`() {
        val broken = IllegalStateException("line 3 is invalid")
        val inputs = sequence {
            yield(mapOf("lastName" to "Nowak"))
            yield(mapOf("lastName" to "Ryś"))
            throw broken
        }.asIterable()
        val rows = egito.leads.createMany(inputs).iterator()
        assertEquals(listOf(0L, 1L), listOf(rows.next().index, rows.next().index))
        repeat(2) { assertSame(broken, assertThrows(IllegalStateException::class.java) { rows.hasNext() }) }
        val bulk = egito.leads.createMany(inputs)
        assertSame(broken, assertThrows(IllegalStateException::class.java) { bulk.toList() })
        assertEquals(listOf(true, true), bulk.rest().map { it.isOk })
    }

    @Test
    fun `an exception of the progress listener ends the bulk`() {
        val full = IllegalStateException("the disk is full")
        val rows = egito.leads.createMany(Endless(), BulkOptions { concurrency = 2 }.onProgress { throw full })
        assertSame(full, assertThrows(IllegalStateException::class.java) { rows.toList() })
        assertEquals(sandbox.journal("create").size, rows.rest().count { it.isOk })
    }

    @Test
    fun `a slow call does not delay the others`() {
        hold("create")
        val inputs = List(60) { mapOf("lastName" to "Nowak $it") }
        val rows = CompletableFuture.supplyAsync { egito.leads.createMany(inputs, BulkOptions { concurrency = 2 }).toList() }
        assertEquals(60, sandbox.await(60, "create").size)
        release()
        assertEquals((0L until 60).toList(), rows.get().filter { it.isOk }.map { it.index })
    }

    @Test
    fun `rows are read once, also as a stream`() {
        val rows = egito.accounts.getMany(listOf(1, 2))
        assertEquals(2, rows.stream().use { it.count() })
        assertThrows(ConfigException::class.java) { rows.iterator() }
        assertThrows(ConfigException::class.java) { rows.toList() }
    }

    @Test
    fun `invalid options are errors before anything is sent`() {
        val invalid = mapOf(
            BulkOptions { concurrency = 0 } to "concurrency",
            BulkOptions { maxFailures = 0 } to "maxFailures",
            BulkOptions { cancelGrace = Duration.parse("-1s") } to "cancelGrace",
            BulkOptions { journal = "/missing/folder/x.journal" } to "journal",
        )
        for ((options, setting) in invalid) {
            val failure = assertThrows(ConfigException::class.java) { egito.leads.createMany(Endless(), options) }
            assertEquals(setting, failure.setting)
        }
        assertEquals("key", assertThrows(ConfigException::class.java) { egito.accounts.getMany(listOf(1), BulkOptions().key("nip")) }.setting)
        assertEquals(emptyList<Any>(), sandbox.journal())
    }

    @Test
    fun `an upsert has the change of each row, and a plan writes nothing`() {
        val stored = egito.accounts.create(mapOf("nip" to "5250001009", "name" to "Żubr", "city" to "Opole"))
        val inputs = listOf(mapOf("nip" to "5250001009", "city" to "Łódź"), mapOf("nip" to "7010001453", "name" to "Bóbr"))
        val plan = egito.accounts.planUpsert(inputs, "nip").toList()
        assertEquals(listOf(UpsertChange.UPDATED, UpsertChange.CREATED), plan.map { it.change })
        assertEquals(listOf(stored, null), plan.map { it.id })
        assertEquals(listOf(mapOf("city" to "Łódź"), inputs[1]), plan.map { it.record?.toMap() })
        assertEquals("Opole", egito.accounts.get(stored).string("city"))
        assertEquals("Account(nip)", plan[0].plannedFor)
        for (foreign in egito.contacts.applyUpsert(plan, "nip").toList()) assertEquals("change", foreign.error?.setting)

        val applied = egito.accounts.applyUpsert(plan, "nip").toList()
        assertEquals(listOf(UpsertChange.UPDATED, UpsertChange.CREATED), applied.map { it.change })
        assertSame(plan[0], applied[0].input)
        val again = egito.accounts.upsertMany(inputs, RecordKey.of("nip").lookup(Lookup.SCAN)).toList()
        assertEquals(listOf(UpsertChange.UNCHANGED, UpsertChange.UNCHANGED), again.map { it.change })
        assertEquals(applied.map { it.id }, again.map { it.id })
    }

    @Test
    fun `a plan that was stored as JSON can be applied later, to its entity and key only`() {
        val stored = egito.accounts.create(mapOf("nip" to "5250001009", "name" to "Żubr", "turnover" to BigDecimal("1.10")))
        val inputs = listOf(
            mapOf("nip" to "5250001009", "turnover" to BigDecimal("12345678901234567890.50")),
            mapOf("nip" to "7010001453", "name" to "Bóbr"),
            mapOf("nip" to "", "name" to "no key"),
        )
        val plan = egito.accounts.planUpsert(inputs, "nip").map { BulkRow.parse(it.toJson()) }
        assertEquals(listOf(UpsertChange.UPDATED, UpsertChange.CREATED, null), plan.map { it.change })
        assertEquals(listOf("turnover"), plan[0].fields)
        assertEquals(inputs.map { it.toMap() }, plan.map { it.input?.toMap() })
        assertEquals(listOf("Account(nip)", "Account(nip)", null), plan.map { it.plannedFor })
        assertEquals("key", assertInstanceOf(ConfigException::class.java, plan[2].error).setting)

        for (row in egito.contacts.applyUpsert(plan, "nip").toList()) assertEquals("change", row.error?.setting)
        for (row in egito.accounts.applyUpsert(plan, "name").toList()) assertEquals("change", row.error?.setting)
        val applied = egito.accounts.applyUpsert(plan, "nip").toList()
        assertEquals(listOf(UpsertChange.UPDATED, UpsertChange.CREATED, null), applied.map { it.change })
        assertEquals(BigDecimal("12345678901234567890.50"), egito.accounts.get(stored).decimal("turnover"))
    }

    @Test
    fun `JSON of something else than a row is refused`() {
        val invalid = mapOf(
            "[]" to "record", "{" to "record", """{"change":"removed"}""" to "change", """{"change":7}""" to "change",
            """{"record":[]}""" to "record", """{"plannedFor":7}""" to "plannedFor", """{"error":{}}""" to "error",
        )
        for ((json, setting) in invalid) assertEquals(setting, assertThrows(ConfigException::class.java) { BulkRow.parse(json) }.setting, json)
        val row = egito.accounts.applyUpsert(listOf(BulkRow.parse("{}")), "nip").single()
        assertEquals("change", row.error?.setting)
    }

    @Test
    fun `a create with a key finds a record whose response was lost`() {
        sandbox.fault(mapOf("on" to mapOf("action" to "create"), "cut" to "after"))
        val row = egito.leads.createMany(listOf(mapOf("formKey" to "f-1", "lastName" to "Ryś")), BulkOptions().key("formKey")).single()
        assertEquals(UpsertChange.CREATED, row.change)
        assertEquals(1, sandbox.journal("create").size)
    }

    @Test
    fun `a journal continues a bulk that was interrupted`(@TempDir folder: Path) {
        val inputs = List(40) { mapOf("formKey" to "f-$it", "lastName" to "Nowak") } // more than are sent while a row is awaited
        val options = BulkOptions { journal = File(folder.toFile(), "leads.journal").path; concurrency = 1; key = RecordKey.of("formKey") }
        val first = egito.leads.createMany(inputs, options).use { rows -> rows.first() }
        val rows = egito.leads.createMany(inputs, options).toList()
        assertTrue(rows.all { it.isOk })
        assertEquals(first.id, rows[0].id)
        assertEquals(listOf(true, false), listOf(rows[0].isResumed, rows[39].isResumed))
        assertEquals(40, sandbox.journal("create").size)
    }

    @Test
    fun `a bulk has the settings of its entity and is cancelled by its token`() {
        val timeout = egito.accounts.withOptions { timeout = Duration.parse("50ms"); maxRetries = 0 }
        hold("get", times = 0)
        assertTrue(timeout.getMany(listOf(1)).single().error is TimeoutException)
        val token = CancellationToken()
        val bulk = egito.accounts.withCancellation(token).getMany(listOf(1), BulkOptions { cancelGrace = Duration.ZERO })
        val rows = CompletableFuture.supplyAsync { runCatching { bulk.toList() }.getOrElse { bulk.rest() } }
        sandbox.await(2, "get")
        token.cancel()
        assertTrue(rows.get().single().error is CancelledException)
    }
}
