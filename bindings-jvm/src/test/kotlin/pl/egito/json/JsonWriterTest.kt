package pl.egito.json

import com.fasterxml.jackson.databind.ObjectMapper
import com.google.gson.JsonParser
import java.math.BigDecimal
import java.math.BigInteger
import java.time.Instant
import java.time.LocalDate
import java.time.LocalDateTime
import java.time.LocalTime
import java.time.OffsetDateTime
import java.time.ZonedDateTime
import java.util.Date
import java.util.UUID
import kotlinx.serialization.json.Json
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import pl.egito.BrokenMap
import pl.egito.ConfigException
import pl.egito.EgitoJson
import pl.egito.Record
import pl.egito.RecordId
import pl.egito.message

class JsonWriterTest {
    private enum class Status { NEW }

    @Test
    fun `numbers are written with all their digits`() {
        val numbers = listOf(1, 2L, 3.toShort(), 4.toByte(), 5u, 0.1, 1e300, 2.5f, BigInteger("18446744073709551616"), BigDecimal("12.50"))
        assertEquals("[1,2,3,4,5,0.1,1.0E300,2.5,18446744073709551616,12.50]", EgitoJson.stringify(numbers))
    }

    @Test
    fun `strings are escaped and written as UTF-8`() {
        assertEquals("\"Żółć 😀 \\\"\\\\ \\u000a\\u0000\u007f\"", EgitoJson.stringify("Żółć 😀 \"\\ \n\u0000\u007f"))
        assertEquals("\"a\"", EgitoJson.stringify('a'))
        assertEquals("\"x\"", EgitoJson.stringify(StringBuilder("x")))
    }

    @Test
    fun `containers of several types are written`() {
        val value = mapOf(
            "list" to listOf(1, null),
            "set" to setOf("a"),
            "sequence" to sequenceOf(true),
            "array" to arrayOf<Any>("x", 1),
            "longs" to longArrayOf(7),
            "empty" to emptyMap<String, Any>(),
            "none" to emptyList<Any>(),
        )
        val json = """{"list":[1,null],"set":["a"],"sequence":[true],"array":["x",1],"longs":[7],"empty":{},"none":[]}"""
        assertEquals(json, EgitoJson.stringify(value))
    }

    @Test
    fun `records and ids are written as they are`() {
        val value = listOf(Record.parse("""{"price": 1.50}"""), RecordId.of(7), RecordId.of("7"), Status.NEW, UUID(1, 2))
        assertEquals("""[{"price": 1.50},7,"7","NEW","00000000-0000-0001-0000-000000000002"]""", EgitoJson.stringify(value))
    }

    @Test
    fun `points in time are written in UTC with three digits`() {
        val times = listOf(
            Instant.parse("2024-02-29T10:11:12Z"),
            kotlin.time.Instant.parse("2024-02-29T10:11:12.345678Z"),
            ZonedDateTime.parse("2024-02-29T11:11:12.5+01:00[Europe/Warsaw]"),
            OffsetDateTime.parse("2024-02-29T23:11:12-05:00"),
            Date(0),
        )
        val texts = listOf("2024-02-29T10:11:12.000Z", "2024-02-29T10:11:12.345Z", "2024-02-29T10:11:12.500Z", "2024-03-01T04:11:12.000Z", "1970-01-01T00:00:00.000Z")
        assertEquals(texts, times.map { EgitoJson.parse(EgitoJson.stringify(it)) })
    }

    @Test
    fun `dates without a time are written as dates`() {
        val dates = listOf(LocalDate.of(2024, 2, 29), LocalTime.of(10, 11), java.sql.Date.valueOf("2024-02-29"), java.sql.Time.valueOf("10:11:12"))
        assertEquals("""["2024-02-29","10:11","2024-02-29","10:11:12"]""", EgitoJson.stringify(dates))
    }

    @Test
    fun `errors name the path of a value that JSON cannot contain`() {
        val invalid = mapOf(
            Double.NaN to "JSON has no NaN; pass a finite number or null",
            byteArrayOf(1) to "JSON has no bytes; pass a string, such as that of `Base64.getEncoder()`",
            LocalDateTime.of(2024, 2, 29, 0, 0) to "a LocalDateTime has no time zone; pass an Instant or a ZonedDateTime",
            "a\ud83d" to "it has half of a surrogate pair, for instance because it was cut within a character",
            Instant.parse("+10000-01-01T00:00:00Z") to "expected a time in a year from 0 to 9999, got +10000-01-01T00:00:00Z",
            Instant.MAX to "expected a time in a year from 0 to 9999, got +1000000000-12-31T23:59:59.999999999Z",
            LocalDate.of(12024, 2, 28) to "expected a day in a year from 1 to 9999, got one in the year 12024",
            LocalDate.of(0, 1, 1) to "expected a day in a year from 1 to 9999, got one in the year 0",
            java.sql.Date(400_000_000_000_000) to "expected a day in a year from 1 to 9999, got one in the year 14645",
            charArrayOf('a') to "JSON has no characters; pass a String",
            mapOf(1 to 2) to "expected names of fields of type String, got a value of the class java.lang.Integer",
            Thread.State.NEW.javaClass to "expected a String, number, Boolean, null, date, UUID, enum, Map, Iterable or Record, got a value of the class java.lang.Class",
        )
        for ((value, reason) in invalid) {
            val error = assertThrows(ConfigException::class.java) { jsonOf(mapOf("phones" to listOf(1, value)), "record") }
            assertEquals("record.phones[1]", error.setting)
            assertEquals("`record.phones[1]` cannot be sent: $reason", error.message)
        }
    }

    @Test
    fun `values of JSON libraries are refused with advice, also those that are iterables`() {
        val json = """{"a":[1,"b"]}"""
        val trees = listOf(ObjectMapper().readTree(json), JsonParser.parseString(json), JsonParser.parseString("[1]"), Json.parseToJsonElement("[1]"), Json.parseToJsonElement("1"))
        for (tree in trees) {
            val error = assertThrows(ConfigException::class.java) { jsonOf(mapOf("form" to tree), "record") }
            val expected = "expected a String, number, Boolean, null, date, UUID, enum, Map, Iterable or Record"
            val advice = "convert it with `EgitoJson.parse(value.toString())`"
            assertEquals("`record.form` cannot be sent: $expected, got a value of the class ${tree.javaClass.name}; $advice", error.message)
            assertEquals("$tree", EgitoJson.stringify(EgitoJson.parse(tree.toString())))
        }
    }

    @Test
    fun `what a map throws is the cause of an error with its path`() {
        val error = assertThrows(ConfigException::class.java) { jsonOf(mapOf("owner" to BrokenMap()), "record") }
        assertEquals("`record.owner` cannot be sent: reading it has thrown java.lang.IllegalStateException: no entries", error.message)
        assertEquals("no entries", error.cause?.message)
    }

    @Test
    fun `a map that contains itself is refused`() {
        val map = HashMap<String, Any>()
        map["a"] = map
        val message = message { jsonOf(map, "record") }.orEmpty()
        val path = "record" + ".a".repeat(47) + "…"
        assertEquals("`$path` cannot be sent: it is nested deeper than 127 levels, or contains itself", message)
    }

    @Test
    fun `a record within a value must be valid`() {
        assertThrows(ConfigException::class.java) { EgitoJson.stringify(mapOf("a" to Record.parse("""1,"b":2"""))) }
    }
}
