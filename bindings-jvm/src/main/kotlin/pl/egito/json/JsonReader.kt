package pl.egito.json

import java.math.BigDecimal
import java.math.BigInteger
import java.util.Collections
import kotlin.text.Charsets.UTF_8

/** Maximum depth of nested objects and arrays, the outermost included. The core has the same limit. */
internal const val MAX_DEPTH: Int = 127

/** Text that is not JSON. The message says why, and at which byte. */
internal class JsonSyntaxException(message: String) : Exception(message)

/**
 * Reads JSON from UTF-8 bytes. Objects become maps in their order, arrays lists, and numbers `Long`, `BigInteger` or `BigDecimal` with
 * all their digits. If a name occurs twice in an object, the last value counts.
 */
internal class JsonReader(private val bytes: ByteArray, private var position: Int, private val end: Int) {
    /** Reads the only value. */
    fun read(): Any? {
        val value = value(MAX_DEPTH)
        requireEnd()
        return value
    }

    /** Calls [element] with the start and the end of each element of the only value, an array. */
    fun elements(element: (start: Int, end: Int) -> Unit) {
        expect('[', "an array")
        if (!takeIf(']')) {
            do {
                skipSpace()
                val start = position
                skipValue()
                element(start, position)
            } while (hasMore(']'))
        }
        requireEnd()
    }

    /** Skips the beginning of an object. */
    fun beginObject(): Unit = expect('{', "an object")

    /** Returns whether another member follows, and otherwise skips the end of the object. */
    fun hasMember(isFirst: Boolean): Boolean = if (isFirst) !takeIf('}') else hasMore('}')

    /** Skips a name and its colon, and returns the index of the name. */
    fun name(names: NameTable): Int {
        skipSpace()
        val start = position + 1
        val index = if (peek() == '"'.code) indexOfName(start, names) else fail("expected a name")
        expect(':', "a colon")
        return index
    }

    private fun indexOfName(start: Int, names: NameTable): Int {
        var hash = 0
        for (index in start until end) {
            when (val byte = bytes[index]) {
                QUOTE -> {
                    position = index + 1
                    return names.indexOf(bytes, start, index, hash)
                }
                BACKSLASH -> return indexOfEscapedName(start, names)
                else -> hash = NameTable.addToHash(hash, byte)
            }
        }
        fail(NO_STRING_END)
    }

    private fun indexOfEscapedName(start: Int, names: NameTable): Int {
        position = start - 1
        val name = string().encodeToByteArray()
        return names.indexOf(name, 0, name.size, name.fold(0, NameTable::addToHash))
    }

    /** Skips the value of a member. */
    fun skipMember() {
        skipSpace()
        skipValue()
    }

    /** Returns the JSON of a value. */
    fun valueText(): String {
        skipSpace()
        val start = position
        skipValue()
        return String(bytes, start, position - start, UTF_8)
    }

    /** Skips `null`. Returns whether it was there. */
    fun takeNull(): Boolean {
        skipSpace()
        if (peek() != 'n'.code) return false
        literal("null", null)
        return true
    }

    fun stringValue(): String {
        skipSpace()
        return if (peek() == '"'.code) string() else fail("expected a string")
    }

    fun booleanValue(): Boolean {
        skipSpace()
        val value = peek() == 't'.code
        literal(if (value) "true" else "false", null)
        return value
    }

    /** Returns an integer of at most 64 bits. */
    fun longValue(): Long {
        skipSpace()
        return number() as? Long ?: fail("expected an integer of 64 bits")
    }

    /** Returns a number as its text. */
    fun numberText(): String {
        skipSpace()
        val start = position
        skipNumber()
        return text(start)
    }

    private fun value(depth: Int): Any? {
        skipSpace()
        return when (val first = peek()) {
            '"'.code -> string()
            '{'.code -> members(depth)
            '['.code -> items(depth)
            't'.code -> literal("true", true)
            'f'.code -> literal("false", false)
            'n'.code -> literal("null", null)
            else -> if (first == '-'.code || isDigit(first)) number() else fail("expected a value")
        }
    }

    private fun members(depth: Int): Map<String, Any?> {
        if (depth == 0) fail(TOO_DEEP)
        position++
        val members = LinkedHashMap<String, Any?>()
        if (!takeIf('}')) {
            do {
                skipSpace()
                if (peek() != '"'.code) fail("expected a name")
                val name = string()
                expect(':', "a colon")
                members[name] = value(depth - 1)
            } while (hasMore('}'))
        }
        return Collections.unmodifiableMap(members)
    }

    private fun items(depth: Int): List<Any?> {
        if (depth == 0) fail(TOO_DEEP)
        position++
        val items = ArrayList<Any?>()
        if (!takeIf(']')) {
            do {
                items.add(value(depth - 1))
            } while (hasMore(']'))
        }
        return Collections.unmodifiableList(items)
    }

    private fun literal(text: String, value: Any?): Any? {
        for (letter in text) {
            if (peek() != letter.code) fail("expected `$text`")
            position++
        }
        return value
    }

    private fun number(): Number {
        val start = position
        return if (skipNumber()) integer(start) else decimal(start)
    }

    /** Skips a number. Returns whether it is an integer. */
    private fun skipNumber(): Boolean {
        takeIf('-'.code)
        if (!takeIf('0'.code)) digits()
        val isInteger = peek() != '.'.code && peek() or LOWER_CASE != 'e'.code
        if (takeIf('.'.code)) digits()
        if (peek() or LOWER_CASE == 'e'.code) {
            position++
            if (peek() == '+'.code || peek() == '-'.code) position++
            digits()
        }
        return isInteger
    }

    private fun digits() {
        if (!isDigit(peek())) fail("expected a digit")
        while (isDigit(peek())) position++
    }

    private fun integer(start: Int): Number {
        if (position - start > MAX_LONG_DIGITS) {
            val text = text(start)
            return text.toLongOrNull() ?: BigInteger(text)
        }
        val isNegative = bytes[start].toInt() == '-'.code
        var value = 0L
        for (index in (if (isNegative) start + 1 else start) until position) {
            value = value * 10 + (bytes[index] - '0'.code)
        }
        return if (isNegative) -value else value
    }

    private fun decimal(start: Int): BigDecimal {
        try {
            return BigDecimal(text(start))
        } catch (_: NumberFormatException) {
            throw JsonSyntaxException("the exponent of the number at byte $start is too large")
        }
    }

    private fun string(): String {
        val start = position + 1
        for (index in start until end) {
            val byte = bytes[index]
            if (byte == QUOTE) {
                position = index + 1
                return String(bytes, start, index - start, UTF_8)
            }
            if (byte == BACKSLASH || byte in 0..0x1f) {
                position = index
                return escapedString(start)
            }
        }
        position = end
        fail(NO_STRING_END)
    }

    private fun escapedString(start: Int): String {
        val text = StringBuilder(String(bytes, start, position - start, UTF_8))
        while (true) {
            val partStart = position
            while (stringByte() != '"'.code && peek() != '\\'.code) position++
            text.append(String(bytes, partStart, position - partStart, UTF_8))
            if (bytes[position++].toInt() == '"'.code) return text.toString()
            escape(text)
        }
    }

    private fun escape(text: StringBuilder) {
        val letter = peek()
        position++
        when (letter) {
            '"'.code, '\\'.code, '/'.code -> text.append(letter.toChar())
            'b'.code -> text.append('\b')
            'f'.code -> text.append('\u000c')
            'n'.code -> text.append('\n')
            'r'.code -> text.append('\r')
            't'.code -> text.append('\t')
            'u'.code -> unicodeEscape(text)
            else -> fail("invalid escape in a string")
        }
    }

    private fun unicodeEscape(text: StringBuilder) {
        val first = hexadecimal()
        text.append(first)
        if (first.isHighSurrogate()) {
            literal("\\u", null)
            val second = hexadecimal()
            if (!second.isLowSurrogate()) fail(HALF_A_PAIR)
            text.append(second)
        } else if (first.isLowSurrogate()) {
            fail(HALF_A_PAIR)
        }
    }

    private fun hexadecimal(): Char {
        var code = 0
        repeat(4) {
            val digit = Character.digit(peek(), 16)
            if (digit < 0) fail("expected four hexadecimal digits after `\\u`")
            code = code * 16 + digit
            position++
        }
        return code.toChar()
    }

    /** Skips a value whose syntax the core has checked. */
    private fun skipValue() {
        var depth = 0
        do {
            when (peek()) {
                '"'.code -> skipString()
                '{'.code, '['.code -> { depth++; position++ }
                '}'.code, ']'.code -> { depth--; position++ }
                END -> fail(NO_END)
                else -> position++
            }
        } while (depth > 0 || !isAfterValue())
    }

    private fun isAfterValue(): Boolean =
        peek().let { it == ','.code || it == ']'.code || it == '}'.code || it == END || isSpace(it) }

    private fun skipString() {
        var index = position + 1
        while (index < end) {
            when (bytes[index]) {
                QUOTE -> {
                    position = index + 1
                    return
                }
                BACKSLASH -> index += 2
                else -> index++
            }
        }
        position = end
        fail(NO_STRING_END)
    }

    /** Returns the current byte of a string, which is not its last one. */
    private fun stringByte(): Int {
        if (position >= end) fail(NO_STRING_END)
        val byte = bytes[position].toInt()
        if (byte in 0..0x1f) fail("a string contains a control character")
        return byte
    }

    /** Returns whether another element follows, and otherwise skips the closing bracket. */
    private fun hasMore(bracket: Char): Boolean {
        skipSpace()
        if (takeIf(','.code)) return true
        expect(bracket, "a comma or `$bracket`")
        return false
    }

    private fun expect(character: Char, what: String) {
        if (!takeIf(character)) fail("expected $what")
    }

    private fun takeIf(character: Char): Boolean {
        skipSpace()
        return takeIf(character.code)
    }

    private fun takeIf(byte: Int): Boolean {
        val isNext = peek() == byte
        if (isNext) position++
        return isNext
    }

    private fun skipSpace() {
        while (position < end && isSpace(bytes[position].toInt())) position++
    }

    /** Requires that nothing follows. */
    fun requireEnd() {
        skipSpace()
        if (position < end) fail("expected the end")
    }

    /** Returns the current byte, negative if it is not ASCII or at the end. */
    private fun peek(): Int = if (position < end) bytes[position].toInt() else END

    private fun text(start: Int): String = String(bytes, start, position - start, Charsets.ISO_8859_1)

    private fun fail(reason: String): Nothing =
        throw JsonSyntaxException(if (position < end) "$reason at byte $position" else "$reason, got the end of the text")

    companion object {
        private const val END = -1000
        private const val LOWER_CASE = 0x20
        private const val MAX_LONG_DIGITS = 18
        private const val HALF_A_PAIR = "a string has half of a surrogate pair"
        private const val QUOTE = '"'.code.toByte()
        private const val BACKSLASH = '\\'.code.toByte()
        private const val NO_STRING_END = "a string has no end"
        private const val NO_END = "an object or array has no end"
        private const val TOO_DEEP = "it is nested deeper than $MAX_DEPTH levels"

        private fun isDigit(byte: Int): Boolean = byte >= '0'.code && byte <= '9'.code

        private fun isSpace(byte: Int): Boolean = byte <= ' '.code && (byte == ' '.code || byte == '\n'.code || byte == '\r'.code || byte == '\t'.code)

        /** Reads JSON of the core. */
        fun read(json: ByteArray): Any? = JsonReader(json, 0, json.size).read()

        /** Reads an object of the core. */
        @Suppress("UNCHECKED_CAST")
        fun readObject(json: String): Map<String, Any?> = read(json.encodeToByteArray()) as Map<String, Any?>
    }
}
