package pl.egito.json

import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.InternalSerializationApi
import kotlinx.serialization.SerializationException
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.StructureKind
import kotlinx.serialization.encoding.AbstractDecoder
import kotlinx.serialization.encoding.CompositeDecoder
import kotlinx.serialization.internal.GeneratedSerializer
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNames

/**
 * Reads objects of `@Serializable` classes from UTF-8, without a string of the whole JSON and without strings for the names.
 *
 * It calls the serializers that the plugin of Kotlin has generated for classes. Every other one (of a list, an enum, a `BigDecimal` …)
 * gets its part of the JSON from [json], whose rules are the same: other names are ignored, and a missing field is `null` if it can be.
 */
@OptIn(ExperimentalSerializationApi::class, InternalSerializationApi::class)
internal class ClassDecoder private constructor(
    private val reader: JsonReader,
    private val json: Json,
    private val fields: ClassFields? = null,
) : AbstractDecoder() {
    override val serializersModule get() = json.serializersModule
    private var isFirst = true
    private var unread = fields?.nullable ?: 0
    private var isMissing = false

    override fun beginStructure(descriptor: SerialDescriptor): CompositeDecoder {
        reader.beginObject()
        return ClassDecoder(reader, json, ClassFields.of(descriptor))
    }

    override fun decodeElementIndex(descriptor: SerialDescriptor): Int {
        val fields = checkNotNull(fields)
        while (!isMissing && reader.hasMember(isFirst)) {
            isFirst = false
            val index = reader.name(fields.names)
            if (index != NameTable.NONE) {
                unread = unread and (1L shl index).inv()
                return index
            }
            reader.skipMember()
        }
        return missingField()
    }

    /** Returns the next field that the object lacks, and that is `null` then. */
    private fun missingField(): Int {
        if (unread == 0L) return CompositeDecoder.DECODE_DONE
        isMissing = true
        return unread.countTrailingZeroBits().also { unread = unread and unread - 1 }
    }

    override fun decodeNotNullMark(): Boolean = !isMissing && !reader.takeNull()

    override fun <T> decodeSerializableValue(deserializer: DeserializationStrategy<T>): T = when {
        deserializer in BUILT_IN || isReadable(deserializer) -> deserializer.deserialize(this)
        isMissing -> json.decodeFromString(deserializer, "null")
        else -> json.decodeFromString(deserializer, reader.valueText())
    }

    override fun decodeString(): String = reader.stringValue()
    override fun decodeBoolean(): Boolean = reader.booleanValue()
    override fun decodeLong(): Long = reader.longValue()
    override fun decodeInt(): Int = decodeLong().let { if (it == it.toInt().toLong()) it.toInt() else refuse() }
    override fun decodeShort(): Short = decodeLong().let { if (it == it.toShort().toLong()) it.toShort() else refuse() }
    override fun decodeByte(): Byte = decodeLong().let { if (it == it.toByte().toLong()) it.toByte() else refuse() }
    override fun decodeChar(): Char = decodeString().singleOrNull() ?: refuse()
    override fun decodeDouble(): Double = reader.numberText().toDouble().also { if (!it.isFinite()) refuse() }
    override fun decodeFloat(): Float = reader.numberText().toFloat().also { if (!it.isFinite()) refuse() }

    private fun refuse(): Nothing = throw SerializationException("the value has another type")

    companion object {
        private val BUILT_IN = setOf<DeserializationStrategy<*>>(
            String.serializer(), Boolean.serializer(), Long.serializer(), Int.serializer(), Short.serializer(), Byte.serializer(),
            Char.serializer(), Double.serializer(), Float.serializer(),
        )

        /** Returns whether this class can read objects of the deserializer. */
        fun isReadable(deserializer: DeserializationStrategy<*>): Boolean =
            deserializer is GeneratedSerializer<*> && ClassFields.of(deserializer.descriptor).isPlain

        /** Reads the only value. Throws [JsonSyntaxException] or [SerializationException]; then [json] may read it nevertheless. */
        fun <T> read(reader: JsonReader, json: Json, deserializer: DeserializationStrategy<T>): T =
            deserializer.deserialize(ClassDecoder(reader, json)).also { reader.requireEnd() }
    }
}

/** The fields of a class. */
@OptIn(ExperimentalSerializationApi::class)
internal class ClassFields private constructor(descriptor: SerialDescriptor) {
    private val indices = 0 until descriptor.elementsCount
    val names = NameTable(indices.map(descriptor::getElementName))

    /** A bit for each field that is `null` if the object lacks it. */
    val nullable: Long = indices.filter { !descriptor.isElementOptional(it) && descriptor.getElementDescriptor(it).isNullable }
        .fold(0L) { bits, index -> bits or (1L shl index) }

    /** Whether it is a class without anything that [ClassDecoder] does not know. */
    val isPlain: Boolean = descriptor.kind == StructureKind.CLASS && !descriptor.isInline && indices.last < Long.SIZE_BITS &&
        indices.none { index -> descriptor.getElementAnnotations(index).any { it is JsonNames } }

    companion object {
        /** By identity: descriptors are equal if two classes have the same name, for instance of local classes, and other fields. */
        private val KNOWN = IdentityCache<SerialDescriptor, ClassFields>(::ClassFields)

        fun of(descriptor: SerialDescriptor): ClassFields = KNOWN[descriptor]
    }
}
