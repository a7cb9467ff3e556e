package pl.egito

import java.util.concurrent.TimeUnit
import kotlin.time.Duration
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

class ChangesTest : SandboxTest() {
    @Test
    fun `changes continue after their mark`() {
        val all = egito.accounts.changes(pageSize = 7)
        val first = assertThrows(ConfigException::class.java) { all.mark }
        assertEquals("mark", first.setting)
        val count = all.toList().size
        assertEquals(count.toLong(), egito.accounts.list().count())

        sandbox.advance(java.time.Duration.ofHours(1))
        val id = egito.accounts.create(mapOf("name" to "Żubr"))
        val changes = egito.accounts.changes(since = all.mark, lag = Duration.ZERO)
        assertEquals(listOf(id), changes.map { it.id })
        assertEquals(0, egito.accounts.changes(since = changes.mark, lag = Duration.ZERO).toList().size)
    }

    @Test
    fun `only a complete last read has a mark`() {
        val all = egito.accounts.changes(pageSize = 7)
        val count = all.count()
        assertThrows(ConfigException::class.java) { all.mark }
        assertEquals(count, all.toList().size.toLong())
        assertEquals(false, all.mark.isEmpty())
        all.iterator().next()
        assertThrows(ConfigException::class.java) { all.mark }
    }

    @Test
    fun `coroutines and futures have the mark, too`() = runBlocking {
        val changes = egito.coroutines.accounts.changes(by = "lastUpdated", filters = mapOf("city" to "Kraków"))
        val count = changes.toList().size
        assertEquals(count.toLong(), egito.coroutines.accounts.list(mapOf("city" to "Kraków")).count())
        val later = egito.async().accounts().changes(ChangesOptions().since(changes.mark).filter("city", "Kraków"))
        assertThrows(ConfigException::class.java) { later.mark }
        assertEquals(0, later.toList().get(10, TimeUnit.SECONDS).size)
        assertEquals(0, egito.accounts.changes(ChangesOptions().since(later.mark).filter("city", "Kraków")).toList().size)
    }

    @Test
    fun `ids and deleted records are found`() {
        val ids = egito.accounts.ids()
        egito.accounts.delete(ids[1])
        assertEquals(listOf(ids[1], RecordId.of(404_404)), egito.accounts.deleted(ids + RecordId.of(404_404)))
        assertEquals(ids - ids[1], runBlocking { egito.coroutines.accounts.ids() })
    }
}
