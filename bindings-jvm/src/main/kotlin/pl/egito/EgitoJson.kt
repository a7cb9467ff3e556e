package pl.egito

import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import pl.egito.json.JsonReader
import pl.egito.json.JsonSyntaxException
import pl.egito.json.jsonOf

/** JSON with every digit, without another library. */
public object EgitoJson {
    /**
     * Parses JSON. Objects become read-only maps, arrays read-only lists, and numbers `Long`, `BigInteger` or `BigDecimal` with all their
     * digits. Throws [ConfigException] for text that is not JSON.
     *
     * ```kotlin
     * EgitoJson.parse("""{"id": 9007199254740993, "price": 12.50}""") // {id=9007199254740993, price=12.50}
     * ```
     */
    @JvmStatic
    public fun parse(json: String): Any? = read(utf8(json, "json"))

    /** Parses JSON in UTF-8. */
    @JvmStatic
    public fun parse(json: ByteArray): Any? {
        requireUtf8(json, "json")
        return read(json)
    }

    /**
     * Writes a value as JSON, as records are sent: strings, numbers, booleans, `null`, maps, iterables, arrays, [Record]s, [RecordId]s,
     * enums, UUIDs, dates and times. A point in time is written in UTC with three digits and `Z`.
     *
     * Throws [ConfigException] with the path of a value that JSON cannot contain.
     */
    @JvmStatic
    public fun stringify(value: Any?): String = jsonOf(value, "value").decodeToString()

    private fun read(json: ByteArray): Any? {
        try {
            return JsonReader.read(json)
        } catch (failure: JsonSyntaxException) {
            throw configException("json", "invalid `json`: ${failure.message}", failure)
        }
    }
}

/** Throws [ConfigException] for bytes that are not UTF-8. */
internal fun requireUtf8(bytes: ByteArray, what: String) {
    try {
        Charsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes))
    } catch (failure: CharacterCodingException) {
        throw configException(what, "invalid `$what`: not valid UTF-8", failure)
    }
}

/** Returns a text as UTF-8. Throws [ConfigException] for text with half of a surrogate pair. */
internal fun utf8(text: String, what: String): ByteArray {
    try {
        return text.encodeToByteArray(throwOnInvalidSequence = true)
    } catch (failure: CharacterCodingException) {
        throw configException(what, "invalid `$what`: not valid text: it has half of a surrogate pair", failure)
    }
}
