package pl.egito

import java.math.BigDecimal
import java.math.BigInteger
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

class EgitoJsonTest {
    @Test
    fun `numbers keep all their digits`() {
        assertEquals(9007199254740993L, EgitoJson.parse("9007199254740993"))
        assertEquals(Long.MIN_VALUE, EgitoJson.parse("-9223372036854775808"))
        assertEquals(BigInteger("9223372036854775808"), EgitoJson.parse("9223372036854775808"))
        assertEquals(BigDecimal("12.50"), EgitoJson.parse("12.50"))
        assertEquals(BigDecimal("1E+400"), EgitoJson.parse("1e400"))
        assertEquals("[9223372036854775808,12.50,0.1]", EgitoJson.stringify(EgitoJson.parse("[9223372036854775808, 12.50, 0.1]")))
    }

    @Test
    fun `objects keep the order of their members and the last of two values`() {
        val parsed = EgitoJson.parse(""" {"b": [true, false, null], "a": {}, "b" : "x"} """) as Map<*, *>
        assertEquals(listOf("b", "a"), parsed.keys.toList())
        assertEquals(mapOf("b" to "x", "a" to emptyMap<String, Any?>()), parsed)
    }

    @Test
    fun `strings are decoded`() {
        assertEquals("Żółć \"\\/\b\u000c\n\r\t 😀 é", EgitoJson.parse("\"Żółć \\\"\\\\\\/\\b\\f\\n\\r\\t \\ud83d\\ude00 \\u00e9\""))
        assertEquals("a\"b", EgitoJson.parse("\"a\\\"b\""))
        assertEquals("", EgitoJson.parse("\"\""))
        assertNull(EgitoJson.parse("null"))
    }

    @Test
    fun `text that is not JSON is refused with its position`() {
        val texts = listOf(
            "", " ", "nul", "tru", "01", "-", "+1", "1.", ".5", "1e", "1 2", "'a'", "\"a", "\"a\\x\"", "\"\\ud83d\"", "\"\\ud83dx\"",
            "\"\\ude00\"", "\"\\u12g4\"", "\"a\u0001\"", "[1,]", "[,]", "[1", "{\"a\"}", "{\"a\":1,}", "{a:1}", "{\"a\":1", "NaN", "\ufeff1",
        )
        for (text in texts) {
            val error = assertThrows(ConfigException::class.java, { EgitoJson.parse(text) }, text)
            assertEquals("json", error.setting)
        }
        assertEquals("invalid `json`: expected a value at byte 4", message { EgitoJson.parse("[1, x]") })
        assertEquals("invalid `json`: expected a comma or `]`, got the end of the text", message { EgitoJson.parse("[1") })
        assertEquals("invalid `json`: not valid UTF-8", message { EgitoJson.parse(byteArrayOf(0x22, 0xc5.toByte(), 0x22)) })
        for (json in listOf("[1e99999999999]", "[1e99999999999")) {
            assertEquals("invalid `json`: the exponent of the number at byte 1 is too large", message { EgitoJson.parse(json) })
        }
    }

    @Test
    fun `values are read up to 127 levels`() {
        EgitoJson.parse("[".repeat(127) + "]".repeat(127))
        val error = message { EgitoJson.parse("[".repeat(128) + "]".repeat(128)) }
        assertEquals("invalid `json`: it is nested deeper than 127 levels at byte 127", error)
    }
}

/** Returns the message of the `ConfigException` that a call throws. */
internal fun message(call: () -> Unit): String? = assertThrows(ConfigException::class.java) { call() }.message
