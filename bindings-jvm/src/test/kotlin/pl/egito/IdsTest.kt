package pl.egito

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** The types of ids that calls take. */
class IdsTest : SandboxTest() {
    private val number: Int = 5
    private val city = mapOf("city" to "Opole")

    @Test
    fun `an id is an Int, a Long or a RecordId`() {
        val accounts = egito.accounts
        val found = listOf(accounts.get(number), accounts.get(number.toLong()), accounts.get(RecordId.of(number)))
        assertEquals(List(3) { 5L }, found.map { it.long("id") })
        assertEquals(RecordId.of(5), accounts.update(number, city))
        assertEquals("Opole", accounts.withResponse().get(number).value.string("city"))
        assertEquals(RecordId.of(5), accounts.withResponse().update(number, city).value)
        assertEquals(RecordId.of(5), accounts.delete(number))
        assertEquals(404, accounts.withResponse().runCatching { delete(number) }.exceptionOrNull().let { it as EgitoException }.status)
    }

    @Test
    fun `coroutines take an Int`() = runBlocking {
        val accounts = egito.coroutines.accounts
        assertEquals(RecordId.of(5), accounts.update(number, city))
        assertEquals("Opole", accounts.get(number).string("city"))
        assertEquals(RecordId.of(5), accounts.delete(number))
    }

    @Test
    fun `futures take an Int`() {
        val accounts = egito.async().accounts()
        assertEquals(RecordId.of(5), accounts.update(number, city).join())
        assertEquals("Opole", accounts.get(number).join().string("city"))
        assertEquals(RecordId.of(5), accounts.delete(number).join())
    }
}
