@file:JvmName("KotlinxSerialization")

package pl.egito

import java.math.BigDecimal
import java.math.BigInteger
import java.time.Instant
import java.time.OffsetDateTime
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonDecoder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonEncoder
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.JsonUnquotedLiteral
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.modules.SerializersModule
import kotlinx.serialization.serializer
import pl.egito.json.ClassDecoder
import pl.egito.json.UnwritableValue
import pl.egito.json.timeText
import pl.egito.json.unreadableField
import pl.egito.json.unwritableField

/**
 * Converts a record to a `@Serializable` class. Fields that the class lacks are ignored, and a missing field is `null` if its property
 * can be. The module kotlinx-serialization-json must be present.
 *
 * `@Contextual` properties may be a `BigDecimal`, `BigInteger`, `java.time.Instant`, `kotlin.time.Instant` or [RecordId].
 *
 * ```kotlin
 * @Serializable
 * data class Account(val id: Long, val name: String, @Contextual val turnover: BigDecimal? = null)
 *
 * val accounts = egito.accounts.list().map { it.decode<Account>() }
 * ```
 */
public inline fun <reified T> Record.decode(): T = decode(serializer<T>())

/** Converts a record by a deserializer. */
public fun <T> Record.decode(deserializer: DeserializationStrategy<T>): T {
    if (ClassDecoder.isReadable(deserializer)) {
        try {
            return ClassDecoder.read(reader(), DECODING, deserializer)
        } catch (_: Exception) { // the other way says why, or is less strict
        }
    }
    return decodeByJson(deserializer)
}

private fun <T> Record.decodeByJson(deserializer: DeserializationStrategy<T>): T {
    try {
        return DECODING.decodeFromString(deserializer, json)
    } catch (failure: Exception) { // of kotlinx, of a serializer, or of the class itself, such as that of `require` in its `init`
        val field = unreadableField(DECODING, deserializer.descriptor, json)
        val reason = listOfNotNull(field?.let { "`$it`" }, firstLine(failure)).joinToString(": ")
        throw wrongType(listOfNotNull("record", field).joinToString("."), "the record cannot be converted to this type: $reason", failure)
    }
}

/** Creates a record from an object of a `@Serializable` class. Properties that have their default value are not sent. */
public inline fun <reified T> Record.Companion.from(value: T): Record = from(serializer<T>(), value)

/** Creates a record from an object by a serializer. */
public fun <T> Record.Companion.from(serializer: SerializationStrategy<T>, value: T): Record {
    checkTimes(serializer.descriptor)
    try {
        return parse(ENCODING.encodeToString(serializer, value))
    } catch (invalid: EgitoException) {
        throw invalid
    } catch (failure: Exception) {
        val path = "record" + unwritableField(ENCODING, serializer, value)
        val reason = (failure.cause as? UnwritableValue)?.reason ?: firstLine(failure) // kotlinx wraps it
        throw configException(path, "`$path` cannot be sent: $reason", failure)
    }
}

/** Returns the message without the excerpt of the JSON that follows it. */
private fun firstLine(failure: Exception): String = (failure.message ?: failure.toString()).lineSequence().first()

private val MODULE = SerializersModule {
    contextual(BigDecimal::class, NumberSerializer("java.math.BigDecimal", ::BigDecimal))
    contextual(BigInteger::class, NumberSerializer("java.math.BigInteger", ::BigInteger))
    contextual(RecordId::class, RecordIdSerializer)
    contextual(Instant::class, TimeSerializer("java.time.Instant") { OffsetDateTime.parse(it).toInstant() })
    contextual(kotlin.time.Instant::class, TimeSerializer("$INSTANT/egito") { kotlin.time.Instant.parse(it) })
}

@OptIn(ExperimentalSerializationApi::class)
private val DECODING = Json { serializersModule = MODULE; ignoreUnknownKeys = true; explicitNulls = false }

private val ENCODING = Json { serializersModule = MODULE }

/** Reads and writes numbers with all their digits. */
@OptIn(ExperimentalSerializationApi::class)
private class NumberSerializer<T : Number>(name: String, private val parse: (String) -> T) : KSerializer<T> {
    override val descriptor = PrimitiveSerialDescriptor(name, PrimitiveKind.STRING)

    override fun serialize(encoder: Encoder, value: T) =
        (encoder as JsonEncoder).encodeJsonElement(JsonUnquotedLiteral(value.toString()))

    override fun deserialize(decoder: Decoder): T = decoder.scalar("a number") { parse(it.content) }
}

@OptIn(ExperimentalSerializationApi::class)
private object RecordIdSerializer : KSerializer<RecordId> {
    override val descriptor = PrimitiveSerialDescriptor("pl.egito.RecordId", PrimitiveKind.STRING)

    override fun serialize(encoder: Encoder, value: RecordId) =
        (encoder as JsonEncoder).encodeJsonElement(JsonUnquotedLiteral(value.toJson()))

    override fun deserialize(decoder: Decoder): RecordId =
        decoder.scalar("a number or a string") { if (it.isString) RecordId.of(it.content) else RecordId.parse(it.content) }
}

/** Writes points in time as Egito reads them: in UTC with three digits. */
private class TimeSerializer<T : Any>(name: String, private val parse: (String) -> T) : KSerializer<T> {
    override val descriptor = PrimitiveSerialDescriptor(name, PrimitiveKind.STRING)

    override fun serialize(encoder: Encoder, value: T) = encoder.encodeString(checkNotNull(timeText(value)))

    override fun deserialize(decoder: Decoder): T =
        decoder.scalar("a point in time such as 2024-02-29T10:11:12Z") { parse(it.content) }
}

/** Reads a value that is neither an object nor an array. */
private inline fun <T> Decoder.scalar(expected: String, parse: (JsonPrimitive) -> T): T {
    val element = (this as JsonDecoder).decodeJsonElement()
    try {
        return parse(element.jsonPrimitive)
    } catch (failure: RuntimeException) {
        throw SerializationException("expected $expected, got ${typeName(element)}", failure)
    }
}

private fun typeName(element: JsonElement): String = when {
    element is JsonObject -> "an object"
    element is JsonArray -> "an array"
    element.jsonPrimitive.isString -> "the string $element"
    else -> element.toString()
}

private const val INSTANT = "kotlin.time.Instant"

/** Refuses types whose own serializers write times in a form that Egito reads as a time in its own time zone. */
@OptIn(ExperimentalSerializationApi::class)
private fun checkTimes(type: SerialDescriptor, seen: MutableSet<String> = mutableSetOf()) {
    val name = type.serialName.removeSuffix("?")
    if (name == INSTANT) {
        throw configException("record", "`record` cannot be sent: mark its properties of type $INSTANT as `@Contextual`")
    }
    if (seen.add(name) || name.startsWith("kotlin.collections.")) {
        for (index in 0 until type.elementsCount) checkTimes(type.getElementDescriptor(index), seen)
    }
}
