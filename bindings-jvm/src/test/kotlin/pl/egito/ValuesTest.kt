package pl.egito

import java.io.File
import java.math.BigDecimal
import java.math.BigInteger
import java.nio.file.Path
import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import java.time.LocalDateTime
import java.time.LocalTime
import java.time.OffsetDateTime
import java.time.ZonedDateTime
import java.util.Calendar
import java.util.Date
import java.util.Optional
import java.util.UUID
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import java.util.stream.Stream
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The tables of values in the guides for Kotlin and Java: each type that they name is sent so, and no other one. */
class ValuesTest {
    /** A value, its names in the guides and its JSON. A guide whose language lacks the type has no name. */
    private class Sample(val value: Any, val kotlin: String?, val java: String?, val json: String)

    private enum class Status { NEW }

    private val samples = listOf(
        Sample("Żubr", "String", "String", "\"Żubr\""),
        Sample(StringBuilder("a"), "CharSequence", "CharSequence", "\"a\""),
        Sample('a', "Char", "Character", "\"a\""),
        Sample(Status.NEW, null, null, "\"NEW\""),
        Sample(UUID(1, 2), "UUID", "UUID", "\"00000000-0000-0001-0000-000000000002\""),
        Sample(1L, "Long", "Long", "1"),
        Sample(2, "Int", "Integer", "2"),
        Sample(3.toShort(), "Short", "Short", "3"),
        Sample(4.toByte(), "Byte", "Byte", "4"),
        Sample(BigInteger("18446744073709551616"), "BigInteger", "BigInteger", "18446744073709551616"),
        Sample(AtomicInteger(5), "AtomicInteger", "AtomicInteger", "5"),
        Sample(AtomicLong(6), "AtomicLong", "AtomicLong", "6"),
        Sample(ULong.MAX_VALUE, "ULong", null, "18446744073709551615"),
        Sample(UInt.MAX_VALUE, "UInt", null, "4294967295"),
        Sample(UShort.MAX_VALUE, "UShort", null, "65535"),
        Sample(UByte.MAX_VALUE, "UByte", null, "255"),
        Sample(BigDecimal("12.50"), "BigDecimal", "BigDecimal", "12.50"),
        Sample(0.1, "Double", "Double", "0.1"),
        Sample(2.5f, "Float", "Float", "2.5"),
        Sample(true, "Boolean", "Boolean", "true"),
        Sample(setOf(1), "Iterable", "Iterable", "[1]"),
        Sample(sequenceOf(1), "Sequence", null, "[1]"),
        Sample(arrayOf("a"), "Array", "Object[]", "[\"a\"]"),
        Sample(longArrayOf(1), "LongArray", "long[]", "[1]"),
        Sample(intArrayOf(1), "IntArray", "int[]", "[1]"),
        Sample(shortArrayOf(1), "ShortArray", "short[]", "[1]"),
        Sample(doubleArrayOf(0.1), "DoubleArray", "double[]", "[0.1]"),
        Sample(floatArrayOf(2.5f), "FloatArray", "float[]", "[2.5]"),
        Sample(booleanArrayOf(true), "BooleanArray", "boolean[]", "[true]"),
        Sample(mapOf("a" to null), "Map", "Map", "{\"a\":null}"),
        Sample(Record.parse("{}"), "Record", "Record", "{}"),
        Sample(RecordId.of(7), "RecordId", "RecordId", "7"),
        Sample(Instant.EPOCH, "Instant", "Instant", "\"1970-01-01T00:00:00.000Z\""),
        Sample(kotlin.time.Instant.fromEpochSeconds(0), "Instant", null, "\"1970-01-01T00:00:00.000Z\""),
        Sample(OffsetDateTime.parse("2024-02-29T11:11:12+01:00"), "OffsetDateTime", "OffsetDateTime", "\"2024-02-29T10:11:12.000Z\""),
        Sample(ZonedDateTime.parse("2024-02-29T11:11:12+01:00[Europe/Warsaw]"), "ZonedDateTime", "ZonedDateTime", "\"2024-02-29T10:11:12.000Z\""),
        Sample(Date(0), "java.util.Date", "java.util.Date", "\"1970-01-01T00:00:00.000Z\""),
        Sample(LocalDate.of(2024, 2, 29), "LocalDate", "LocalDate", "\"2024-02-29\""),
        Sample(java.sql.Date.valueOf("2024-02-29"), "java.sql.Date", "java.sql.Date", "\"2024-02-29\""),
        Sample(LocalTime.of(10, 11), "LocalTime", "LocalTime", "\"10:11\""),
        Sample(java.sql.Time.valueOf("10:11:12"), "java.sql.Time", "java.sql.Time", "\"10:11:12\""),
    )

    private val refused = listOf(
        Sample(byteArrayOf(1), "ByteArray", "byte[]", ""),
        Sample(charArrayOf('a'), "CharArray", "char[]", ""),
        Sample(LocalDateTime.of(2024, 2, 29, 0, 0), "LocalDateTime", "LocalDateTime", ""),
        Sample(Duration.ZERO, "Duration", "Duration", ""),
        Sample(Calendar.getInstance(), "Calendar", "Calendar", ""),
        Sample(Path.of("a"), "Path", "Path", ""),
        Sample(Optional.of(1), "Optional", "Optional", ""),
        Sample(Stream.of(1), "Stream", "Stream", ""),
    )

    @Test
    fun `each type of the tables is sent as they say`() {
        for (sample in samples) assertEquals(sample.json, EgitoJson.stringify(sample.value), sample.kotlin)
    }

    @Test
    fun `other types are refused with their path`() {
        for (sample in refused) {
            val message = message { EgitoJson.stringify(mapOf("file" to sample.value)) }.orEmpty()
            assertTrue(message.startsWith("`value.file` cannot be sent: ") && message.length < 300, message)
        }
    }

    @Test
    fun `the tables name these types, and no other ones`() {
        for ((guide, name) in listOf<Pair<String, (Sample) -> String?>>("kotlin" to { it.kotlin }, "java" to { it.java })) {
            val section = File("../docs/$guide.md").readText().substringAfter("\n## Values\n").substringBefore("\n## ")
            val cells = section.lines().filter { it.startsWith("| ") }.drop(2).map { it.split(" | ").last() }
            assertEquals(samples.mapNotNull(name).toSet() + "null", cells.flatMap(::namesIn).toSet(), guide)
            val sentence = section.lines().single { it.startsWith("Values of other types") }
            assertEquals(refused.mapNotNull(name).toSet(), namesIn(sentence).toSet(), guide)
        }
    }

    private fun namesIn(text: String) = Regex("`([^`]+)`").findAll(text).map { it.groupValues[1] }.toList()
}
