package pl.egito

import com.fasterxml.jackson.databind.ObjectMapper
import com.google.gson.Gson
import java.math.BigDecimal
import java.math.BigInteger
import java.time.Instant
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class RecordTest {
    class Account {
        @JvmField var id: Long = 0

        @JvmField var name: String = ""
    }

    private val record = Record.parse(
        """{"id":7,"name":"Żubr","address":{"city":"Łódź"},"phones":["12","34"],"v1.2":{"n":1},"active":true,"turnover":12.50,""" +
            """"big":9223372036854775808,"since":"2024-02-29T11:11:12+01:00","nothing":null}""",
    )

    @Test
    fun `a record is a map of its fields`() {
        assertEquals("Żubr", record["name"])
        assertEquals(10, record.size)
        assertTrue("nothing" in record && "missing" !in record)
        assertEquals(RecordId.of(7), record.id)
        assertEquals(record, EgitoJson.parse(record.json))
        assertNull(Record.parse("{}").id)
    }

    @Test
    fun `values are read by their path and type`() {
        assertEquals("Łódź", record.string("address.city"))
        assertEquals("34", record.string("phones.1"))
        assertEquals(1L, record.long("v1\\.2.n"))
        assertEquals(true, record.boolean("active"))
        assertEquals(BigDecimal("12.50"), record.decimal("turnover"))
        assertEquals(BigDecimal("9223372036854775808"), record.decimal("big"))
        assertEquals(BigDecimal(7), record.decimal("id"))
        assertEquals(Instant.parse("2024-02-29T10:11:12Z"), record.instant("since"))
        assertNull(record.string("nothing"))
        assertNull(record.string("address.street.number"))
        assertNull(record.value("phones.2"))
    }

    @Test
    fun `a value of another type is an error`() {
        assertEquals("the value at `id` is a number; expected a string", message { record.string("id") })
        assertEquals("the value at `big` is an integer of more than 64 bits; expected an integer of 64 bits", message { record.long("big") })
        assertEquals("`name` is not a point in time such as 2024-02-29T10:11:12Z", message { record.instant("name") })
    }

    @Test
    fun `a value of another type has no outcome, since it was read`() {
        for (read in listOf({ record.string("id") }, { record.instant("name") }, { record.decode<Account> { _, _, _ -> error("no") } })) {
            assertNull(assertThrows(ConfigException::class.java) { read() }.outcome)
        }
    }

    @Test
    fun `bytes that are not UTF-8 are refused`() {
        assertEquals("invalid `record`: not valid UTF-8", message { Record.parse(byteArrayOf(0x7b, 0xc5.toByte(), 0x7d)) })
    }

    @Test
    fun `a record that is not an object is an error when it is read`() {
        assertEquals("invalid `record`: expected a JSON object, got an array", message { Record.parse("[]").size })
        assertEquals("invalid `record`: not valid JSON (expected a name at byte 1)", message { Record.parse("{a:1}").size })
    }

    @Test
    fun `a page is split into its records`() {
        val page = """ [ {"id":1,"a":"]},{\"","b":[{}]} ,{"id":2}, {"id":"3\\"} ] """
        val records = Record.ofPage(page.encodeToByteArray())
        assertEquals(listOf("1", "2", "3\\"), records.map { it.id.toString() })
        assertEquals("""{"id":2}""", records[1].json)
        assertEquals(emptyList<Record>(), Record.ofPage("[]".encodeToByteArray()))
    }

    @Test
    fun `Jackson and Gson convert records`() {
        val page = Record.ofPage("""[{"id":1,"name":"Żubr"},{"id":2,"name":"Ryś"}]""".encodeToByteArray())
        val reader = ObjectMapper().readerFor(Account::class.java)
        val account: Account = page[1].decode(reader::readValue)
        assertEquals("Ryś", account.name)
        assertEquals(1L, Gson().fromJson(page[0].json, Account::class.java).id)
        assertEquals("""{"id":2,"name":"Ryś"}""", Record.parse(ObjectMapper().writeValueAsBytes(account)).json)
        assertEquals("""{"id":2,"name":"Ryś"}""", ObjectMapper().writeValueAsString(page[1]))
        val error = assertThrows(ConfigException::class.java) { Record.parse("[]").decode<Account>(reader::readValue) }
        assertTrue(error.cause is com.fasterxml.jackson.core.JacksonException)
        assertNull(error.outcome)
    }

    @Test
    fun `ids are numbers or strings`() {
        assertEquals(RecordId.of(7), RecordId.parse("7"))
        assertEquals(RecordId.of(7L), RecordId.of(BigInteger("7")))
        assertNotEquals(RecordId.of(7), RecordId.of("7"))
        assertEquals("\"A-7\"", RecordId.of("A-7").toJson())
        assertEquals("18446744073709551616", RecordId.parse("18446744073709551616").toJson())
        assertEquals(7L, RecordId.of(7).toLong())
        assertThrows(ConfigException::class.java) { RecordId.of("7").toLong() }
        assertThrows(ConfigException::class.java) { RecordId.parse("[7]") }
    }
}
