package pl.egito

import java.math.BigDecimal
import java.math.BigInteger
import java.time.DateTimeException
import java.time.Instant
import java.time.OffsetDateTime
import pl.egito.json.JsonReader
import pl.egito.json.JsonSyntaxException
import pl.egito.json.jsonOf
import pl.egito.json.valueAt

/** Converts the JSON of a record: `length` bytes of UTF-8 from `offset` on. Jackson's `ObjectReader::readValue` is one. */
public fun interface RecordDecoder<out T> {
    /** Returns the value for these bytes, which it must not change. */
    @Throws(Exception::class)
    public fun decode(bytes: ByteArray, offset: Int, length: Int): T
}

/**
 * A record, kept as the JSON of the server. It is a read-only map of its fields, which are decoded when the first one is read.
 *
 * Values are `String`, `Long`, `BigInteger` beyond 64 bits, `BigDecimal` for numbers with a fraction or an exponent, `Boolean`, `null`,
 * `List` and `Map`. Numbers keep all their digits.
 *
 * ```kotlin
 * val account = egito.accounts.get(1)
 * println(account["name"])
 * println(account.string("address.city"))
 * ```
 *
 * A record of a list keeps its page in memory.
 */
public class Record internal constructor(
    private val page: ByteArray,
    private val offset: Int = 0,
    private val length: Int = page.size,
) : AbstractMap<String, Any?>() {
    private var decoded: Map<String, Any?>? = null

    /** The `id` of the record, `null` if it has none. */
    public val id: RecordId? get() = RecordId.ofJson(this["id"])

    /** The JSON of the record. */
    public val json: String get() = String(page, offset, length, Charsets.UTF_8)

    /** Returns the JSON of the record as UTF-8, for Jackson and other libraries. */
    public fun bytes(): ByteArray = page.copyOfRange(offset, offset + length)

    /**
     * Converts the record by another library, without a copy. An exception of the decoder is the cause of a [ConfigException], which has
     * no outcome.
     *
     * ```java
     * ObjectReader reader = new ObjectMapper().readerFor(Account.class);
     * Account account = record.decode(reader::readValue);
     * ```
     */
    public fun <T> decode(decoder: RecordDecoder<T>): T {
        try {
            return decoder.decode(page, offset, length)
        } catch (failure: Exception) {
            if (failure is InterruptedException) Thread.currentThread().interrupt()
            throw wrongType("record", "the record cannot be converted to this type: ${failure.message}", failure)
        }
    }

    /** Returns the string at a path such as `address.city` or `phones.0`; `null` if nothing or `null` is there. */
    public fun string(path: String): String? = typed<String>(path, "a string")

    /** Returns the boolean at a path; `null` if nothing or `null` is there. */
    @JvmName("booleanValue") // a keyword cannot be a name in Java
    public fun boolean(path: String): Boolean? = typed<Boolean>(path, "a boolean")

    /** Returns the integer at a path; `null` if nothing or `null` is there. Throws [ConfigException] if it has more than 64 bits. */
    @JvmName("longValue")
    public fun long(path: String): Long? = typed<Long>(path, "an integer of 64 bits")

    /** Returns the number at a path with all its digits; `null` if nothing or `null` is there. */
    public fun decimal(path: String): BigDecimal? = when (val number = typed<Number>(path, "a number")) {
        null, is BigDecimal -> number
        is BigInteger -> BigDecimal(number)
        else -> BigDecimal(number.toLong())
    }

    /** Returns the point in time at a path, such as `2024-02-29T10:11:12Z`; `null` if nothing or `null` is there. */
    public fun instant(path: String): Instant? {
        val text = string(path) ?: return null
        try {
            return OffsetDateTime.parse(text).toInstant()
        } catch (failure: DateTimeException) {
            throw wrongType(path, "`$path` is not a point in time such as 2024-02-29T10:11:12Z", failure)
        }
    }

    /** Returns the value at a path; `null` if nothing or `null` is there. A dot in a name is written `\.`, and a backslash `\\`. */
    public fun value(path: String): Any? = valueAt(fields(), path)

    override val entries: Set<Map.Entry<String, Any?>> get() = fields().entries

    override val size: Int get() = fields().size

    override fun get(key: String): Any? = fields()[key]

    override fun containsKey(key: String): Boolean = fields().containsKey(key)

    /** Returns the JSON of the record. */
    override fun toString(): String = json

    /** Returns the object at a path as a record; `null` if nothing or `null` is there. */
    internal fun record(path: String): Record? = typed<Map<String, Any?>>(path, "an object")?.let { Record(jsonOf(it, path)) }

    /** Throws [ConfigException] if this is not the JSON of an object. */
    internal fun checkSyntax() {
        fields()
    }

    /** Returns a reader of the JSON of the record. */
    internal fun reader(): JsonReader = JsonReader(page, offset, offset + length)

    private inline fun <reified T> typed(path: String, expected: String): T? {
        val value = value(path)
        if (value != null && value !is T) {
            throw wrongType(path, "the value at `$path` is ${typeOf(value)}; expected $expected")
        }
        return value
    }

    private fun fields(): Map<String, Any?> = decoded ?: readFields().also { decoded = it }

    @Suppress("UNCHECKED_CAST")
    private fun readFields(): Map<String, Any?> {
        val value = try {
            reader().read()
        } catch (failure: JsonSyntaxException) {
            throw configException("record", "invalid `record`: not valid JSON (${failure.message})", failure)
        }
        return value as? Map<String, Any?>
            ?: throw configException("record", "invalid `record`: expected a JSON object, got ${typeOf(value)}")
    }

    /** Creates records. */
    public companion object {
        /** Creates a record from the JSON of an object, for instance by Gson. It is sent unchanged, and checked when it is sent or read. */
        @JvmStatic
        public fun parse(json: String): Record = Record(utf8(json, "record"))

        /**
         * Creates a record from the JSON of an object as UTF-8, for instance by Jackson's `writeValueAsBytes`. Throws [ConfigException] for
         * other bytes.
         */
        @JvmStatic
        public fun parse(json: ByteArray): Record = Record(json.copyOf().also { requireUtf8(it, "record") })

        /** Returns the records of a page, a JSON array. */
        internal fun ofPage(page: ByteArray): List<Record> {
            val records = ArrayList<Record>()
            JsonReader(page, 0, page.size).elements { start, end -> records.add(Record(page, start, end - start)) }
            return records
        }
    }
}

private fun typeOf(value: Any?): String = when (value) {
    null -> "null"
    is String -> "a string"
    is Boolean -> "a boolean"
    is List<*> -> "an array"
    is Map<*, *> -> "an object"
    is BigInteger -> "an integer of more than 64 bits"
    else -> "a number"
}
