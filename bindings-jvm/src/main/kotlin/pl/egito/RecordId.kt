package pl.egito

import java.math.BigDecimal
import java.math.BigInteger
import pl.egito.json.JsonReader
import pl.egito.json.JsonSyntaxException
import pl.egito.json.jsonOf

/**
 * Id of a record: a number or a string, as the server assigns it. `7` and `"7"` are different ids.
 *
 * ```kotlin
 * val id = egito.accounts.create(mapOf("name" to "Żubr"))
 * println(egito.accounts.get(id)["name"])
 * ```
 */
public class RecordId private constructor(
    /** The id itself: a `Long`, a `BigInteger` or `BigDecimal` for other numbers, or a `String`. */
    public val value: Any,
) {
    /** Returns the id as a `Long`, or `null` if it is a string or does not fit. */
    public fun toLongOrNull(): Long? = value as? Long

    /** Returns the id as a `Long`. Throws [ConfigException] if it is a string or does not fit. */
    public fun toLong(): Long = toLongOrNull()
        ?: throw configException("id", "invalid `id`: expected an integer of 64 bits, got ${toJson()}; use `value` or `toString()`")

    /** Returns the id as JSON: `7` or `"A-7"`. */
    public fun toJson(): String = if (value is Long) value.toString() else jsonOf(value, "id").decodeToString()

    /** Returns the id as in a URL, without quotes. */
    override fun toString(): String = value.toString()

    override fun equals(other: Any?): Boolean = other is RecordId && value == other.value

    override fun hashCode(): Int = value.hashCode()

    /** Creates ids. */
    public companion object {
        /** Returns the id with this number. */
        @JvmStatic
        public fun of(id: Long): RecordId = RecordId(id)

        /** Returns the id with this number. */
        @JvmStatic
        public fun of(id: Int): RecordId = RecordId(id.toLong())

        /** Returns the id with this number, which keeps all its digits. */
        @JvmStatic
        public fun of(id: BigInteger): RecordId = RecordId(if (id.bitLength() < Long.SIZE_BITS) id.toLong() else id)

        /** Returns the id with this text. `of("7")` is another id than `of(7)`. */
        @JvmStatic
        public fun of(id: String): RecordId = RecordId(id)

        /** Parses an id from JSON, a number or a string. Throws [ConfigException] for anything else. */
        @JvmStatic
        public fun parse(json: String): RecordId {
            val value = try {
                JsonReader.read(json.encodeToByteArray())
            } catch (_: JsonSyntaxException) {
                null
            }
            return ofJson(value) ?: throw configException("id", "invalid `id`: expected a JSON number or string, got `$json`")
        }

        /** Returns the id for a value that was read from JSON, or `null` if it is neither a number nor a string. */
        internal fun ofJson(value: Any?): RecordId? =
            if (value is Long || value is String || value is BigInteger || value is BigDecimal) RecordId(value) else null

        /** Returns the ids of an array that was read from JSON. */
        internal fun listOfJson(values: Any?): List<RecordId> = (values as? List<*>).orEmpty().mapNotNull(::ofJson)
    }
}

/** Returns the id that a caller passed as a number, a string or a [RecordId]. Throws [ConfigException] for anything else. */
internal fun recordIdOf(id: Any?): RecordId = when (id) {
    is RecordId -> id
    is String -> RecordId.of(id)
    is Long -> RecordId.of(id)
    is Int, is Short, is Byte -> RecordId.of((id as Number).toLong())
    is BigInteger -> RecordId.of(id)
    else -> {
        val got = if (id == null) "null" else "a value of the class ${id.javaClass.name}"
        throw configException("id", "invalid `id`: expected a Long, Int, BigInteger, String or RecordId, got $got")
    }
}
