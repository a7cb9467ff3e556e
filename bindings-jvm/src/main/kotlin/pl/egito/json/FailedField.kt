package pl.egito.json

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.InternalSerializationApi
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.SerialKind
import kotlinx.serialization.descriptors.StructureKind
import kotlinx.serialization.descriptors.capturedKClass
import kotlinx.serialization.encoding.AbstractEncoder
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.serializerOrNull

/*
 * Finds the field for which a conversion has failed. kotlinx names it in its own errors, but not in those of a serializer, such as that of a
 * `@Contextual` property.
 */

/** Returns the path of the first value whose serializer for `@Contextual` cannot read it, such as `turnover` or `visits[1].at`. */
internal fun unreadableField(json: Json, type: SerialDescriptor, record: String): String? =
    runCatching { json.parseToJsonElement(record) }.getOrNull()?.let { ContextualValues(json).unreadable(type, it) }?.removePrefix(".")

@OptIn(ExperimentalSerializationApi::class, InternalSerializationApi::class)
private class ContextualValues(private val json: Json) {
    fun unreadable(type: SerialDescriptor, value: JsonElement?): String? = when {
        value == null || value is JsonNull -> null
        type.kind == SerialKind.CONTEXTUAL -> if (isReadable(type, value)) null else ""
        type.kind == StructureKind.CLASS && value is JsonObject -> (0 until type.elementsCount).firstNotNullOfOrNull { index ->
            val name = type.getElementName(index)
            unreadable(type.getElementDescriptor(index), value[name])?.let { ".$name$it" }
        }
        type.kind == StructureKind.LIST && value is JsonArray -> value.indices.firstNotNullOfOrNull { index ->
            unreadable(type.getElementDescriptor(0), value[index])?.let { "[$index]$it" }
        }
        type.kind == StructureKind.MAP && value is JsonObject -> value.entries.firstNotNullOfOrNull { (name, member) ->
            unreadable(type.getElementDescriptor(1), member)?.let { ".$name$it" }
        }
        else -> null
    }

    private fun isReadable(type: SerialDescriptor, value: JsonElement): Boolean {
        val kotlinClass = type.capturedKClass ?: return true
        val serializer = json.serializersModule.getContextual(kotlinClass) ?: kotlinClass.serializerOrNull() ?: return false
        return runCatching { json.decodeFromJsonElement(serializer, value) }.isSuccess
    }
}

/** Returns the path of the first value whose serializer throws, such as `.since`; empty if it is not that of a field. */
internal fun <T> unwritableField(json: Json, serializer: SerializationStrategy<T>, value: T): String {
    try {
        UnwritableFieldFinder(json).encodeSerializableValue(serializer, value)
    } catch (unwritable: UnwritableValue) {
        return unwritable.path
    }
    return ""
}

/** Writes nothing, and throws an [UnwritableValue] for a field whose serializer throws. */
@OptIn(ExperimentalSerializationApi::class)
private class UnwritableFieldFinder(private val json: Json) : AbstractEncoder() {
    override val serializersModule get() = json.serializersModule
    private var step = ""

    override fun encodeElement(descriptor: SerialDescriptor, index: Int): Boolean {
        step = if (descriptor.kind == StructureKind.LIST) "[$index]" else ".${descriptor.getElementName(index)}"
        return true
    }

    override fun shouldEncodeElementDefault(descriptor: SerialDescriptor, index: Int): Boolean = false

    override fun <T> encodeSerializableValue(serializer: SerializationStrategy<T>, value: T) {
        val kind = serializer.descriptor.kind
        try {
            if (kind == StructureKind.CLASS || kind == StructureKind.LIST) {
                serializer.serialize(UnwritableFieldFinder(json), value)
            } else {
                json.encodeToString(serializer, value)
            }
        } catch (unwritable: UnwritableValue) {
            throw unwritable.under(step)
        } catch (failure: Exception) {
            throw UnwritableValue(failure.toString(), failure).under(step)
        }
    }

    override fun encodeValue(value: Any) = Unit

    override fun encodeNull() = Unit

    override fun encodeEnum(enumDescriptor: SerialDescriptor, index: Int) = Unit
}
