package pl.egito.json

import java.math.BigDecimal
import java.math.BigInteger
import java.nio.file.Path
import java.time.LocalDateTime
import java.util.UUID
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import pl.egito.ConfigException
import pl.egito.EgitoException
import pl.egito.Record
import pl.egito.RecordId
import pl.egito.configException

/**
 * Returns the JSON of a value as UTF-8, with all digits of its numbers.
 *
 * Throws [ConfigException] for a value that JSON cannot contain. [what] names the value in the error, such as `record`.
 */
internal fun jsonOf(value: Any?, what: String): ByteArray {
    val writer = JsonWriter()
    try {
        writer.value(value, MAX_DEPTH)
    } catch (unwritable: UnwritableValue) {
        val path = shortened(what + unwritable.path)
        throw configException(path, "`$path` cannot be sent: ${unwritable.reason}", unwritable.cause)
    }
    return writer.toByteArray()
}

/** Writes values as JSON. */
private class JsonWriter {
    private var buffer = ByteArray(INITIAL_SIZE)
    private var size = 0

    fun toByteArray(): ByteArray = buffer.copyOf(size)

    fun value(value: Any?, depth: Int) {
        try {
            write(value, depth)
        } catch (unwritable: UnwritableValue) {
            throw unwritable
        } catch (invalid: EgitoException) {
            throw invalid
        } catch (failure: Exception) { // of a collection of the program
            throw UnwritableValue("reading it has thrown $failure", failure)
        }
    }

    private fun write(value: Any?, depth: Int) {
        when (value) {
            null -> ascii("null")
            is String -> string(value)
            is Boolean -> ascii(value.toString())
            is Number -> number(value)
            is Record -> record(value, depth)
            is RecordId -> value(value.value, depth)
            is Map<*, *> -> members(value, deeper(depth))
            is Iterable<*> -> iterable(value, depth)
            is Sequence<*> -> items(value.iterator(), deeper(depth))
            is Array<*> -> items(value.iterator(), deeper(depth))
            else -> scalar(value, depth)
        }
    }

    private fun iterable(value: Iterable<*>, depth: Int) {
        // A path iterates over itself. An object of Jackson iterates over its values, without their names.
        if (value is Path || isJsonTree(value)) throw UnwritableValue(unknownType(value))
        items(value.iterator(), deeper(depth))
    }

    private fun scalar(value: Any, depth: Int) {
        when (value) {
            is CharSequence, is Char, is UUID -> string(value.toString())
            is Enum<*> -> string(value.name)
            is UInt, is ULong, is UShort, is UByte -> ascii(value.toString())
            is IntArray -> items(value.iterator(), deeper(depth))
            is LongArray -> items(value.iterator(), deeper(depth))
            is ShortArray -> items(value.iterator(), deeper(depth))
            is DoubleArray -> items(value.iterator(), deeper(depth))
            is FloatArray -> items(value.iterator(), deeper(depth))
            is BooleanArray -> items(value.iterator(), deeper(depth))
            is LocalDateTime -> throw UnwritableValue(NO_TIME_ZONE)
            else -> string(timeText(value) ?: throw UnwritableValue(unknownType(value)))
        }
    }

    private fun deeper(depth: Int): Int =
        if (depth > 0) depth - 1 else throw UnwritableValue("it is nested deeper than $MAX_DEPTH levels, or contains itself")

    private fun record(record: Record, depth: Int) {
        if (depth < MAX_DEPTH) record.checkSyntax() // the core checks the record that is sent, but not the parts that it was made of
        bytes(record.bytes())
    }

    private fun members(map: Map<*, *>, depth: Int) {
        var separator = '{'
        for ((name, value) in map) {
            if (name !is String) throw UnwritableValue("expected names of fields of type String, got ${typeName(name)}")
            byte(separator)
            separator = ','
            try {
                string(name)
                byte(':')
                value(value, depth)
            } catch (unwritable: UnwritableValue) {
                throw unwritable.under(".$name")
            }
        }
        if (separator == '{') byte('{')
        byte('}')
    }

    private fun items(items: Iterator<*>, depth: Int) {
        byte('[')
        var index = 0
        for (item in items) {
            if (index > 0) byte(',')
            try {
                value(item, depth)
            } catch (unwritable: UnwritableValue) {
                throw unwritable.under("[$index]")
            }
            index++
        }
        byte(']')
    }

    private fun number(value: Number) {
        val isExact = when (value) {
            is Long, is Int, is Short, is Byte, is BigInteger, is BigDecimal, is AtomicInteger, is AtomicLong -> true
            else -> false
        }
        val isFloat = value is Double || value is Float
        if (isFloat && !value.toDouble().isFinite()) {
            throw UnwritableValue("JSON has no $value; pass a finite number or null")
        }
        if (!isExact && !isFloat) throw UnwritableValue(unknownType(value))
        ascii(value.toString())
    }

    private fun string(text: String) {
        byte('"')
        var index = 0
        while (index < text.length) {
            val character = text[index++]
            when {
                character == '"' || character == '\\' -> { byte('\\'); byte(character) }
                character.code in 0x20..0x7f -> byte(character)
                character.code < 0x20 -> ascii("\\u%04x".format(character.code))
                character.isHighSurrogate() && index < text.length && text[index].isLowSurrogate() ->
                    codePoint(Character.toCodePoint(character, text[index++]))
                character.isSurrogate() -> throw UnwritableValue(HALF_A_PAIR)
                else -> codePoint(character.code)
            }
        }
        byte('"')
    }

    /** Writes a character beyond ASCII as UTF-8. */
    private fun codePoint(code: Int) {
        when {
            code < 0x800 -> byte(0xc0 or (code shr 6))
            code < 0x10000 -> { byte(0xe0 or (code shr 12)); continuation(code shr 6) }
            else -> { byte(0xf0 or (code shr 18)); continuation(code shr 12); continuation(code shr 6) }
        }
        continuation(code)
    }

    private fun continuation(bits: Int) = byte(0x80 or (bits and 0x3f))

    private fun ascii(text: String) {
        for (character in text) byte(character)
    }

    private fun bytes(bytes: ByteArray) {
        makeRoom(bytes.size)
        bytes.copyInto(buffer, size)
        size += bytes.size
    }

    private fun byte(character: Char) = byte(character.code)

    private fun byte(byte: Int) {
        if (size == buffer.size) makeRoom(1)
        buffer[size++] = byte.toByte()
    }

    private fun makeRoom(count: Int) {
        if (size + count > buffer.size) buffer = buffer.copyOf(maxOf(2 * buffer.size, size + count))
    }
}

private const val INITIAL_SIZE = 256
private const val HALF_A_PAIR = "it has half of a surrogate pair, for instance because it was cut within a character"
private const val NO_TIME_ZONE = "a LocalDateTime has no time zone; pass an Instant or a ZonedDateTime"

/** The longest path in an error. That of a value that contains itself is longer. */
private const val MAX_PATH = 100

/** Returns the path as valid text, without the end of a long one. */
private fun shortened(path: String): String =
    (if (path.length > MAX_PATH) path.take(MAX_PATH) + "…" else path).encodeToByteArray().decodeToString()

private fun unknownType(value: Any): String {
    if (value is ByteArray) return "JSON has no bytes; pass a string, such as that of `Base64.getEncoder()`"
    if (value is CharArray) return "JSON has no characters; pass a String"
    val types = "a String, number, Boolean, null, date, UUID, enum, Map, Iterable or Record"
    val advice = if (isJsonTree(value)) "; convert it with `EgitoJson.parse(value.toString())`" else ""
    return "expected $types, got ${typeName(value)}$advice"
}

private fun typeName(value: Any?): String = if (value == null) "null" else "a value of the class ${value.javaClass.typeName}"
