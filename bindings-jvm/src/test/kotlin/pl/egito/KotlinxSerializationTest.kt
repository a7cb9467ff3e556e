package pl.egito

import java.math.BigDecimal
import java.math.BigInteger
import java.time.Instant
import java.util.UUID
import kotlinx.serialization.Contextual
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.encoding.Encoder
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

class KotlinxSerializationTest {
    @Serializable
    data class Account(
        @Contextual val id: RecordId? = null,
        val name: String,
        val city: String?,
        @Contextual val turnover: BigDecimal? = null,
        @Contextual val number: BigInteger? = null,
        @Contextual val since: Instant? = null,
        @Contextual val until: kotlin.time.Instant? = null,
    )

    @Serializable
    data class Visit(val at: List<kotlin.time.Instant?>)

    @Serializable
    @SerialName("Account")
    data class NameAndCity(val name: String, val city: String)

    @Serializable
    @SerialName("Account")
    data class CityAndName(val city: String, val name: String)

    @Serializable
    data class Postcode(val code: String) {
        init {
            require(code.length == 6) { "expected 6 characters" }
        }
    }

    @Serializable
    data class Contact(@Contextual val birth: Instant? = null, val visits: List<@Contextual Instant> = emptyList(), val former: Contact? = null)

    @Serializable
    data class Document(@Contextual val key: UUID? = null)

    private object Failing : SerializationStrategy<String> {
        override val descriptor = PrimitiveSerialDescriptor("pl.egito.Failing", PrimitiveKind.STRING)
        override fun serialize(encoder: Encoder, value: String) = throw IllegalStateException("no postcode")
    }

    @Test
    fun `records become data classes with exact numbers`() {
        val json = """{"id":"A-7","name":"Żubr","turnover":12345678901234567890.10,"number":18446744073709551616,"since":"2024-02-29T10:11:12Z","other":[1]}"""
        val account = Record.parse(json).decode<Account>()
        val expected = Account(
            RecordId.of("A-7"), "Żubr", null, BigDecimal("12345678901234567890.10"), BigInteger("18446744073709551616"),
            Instant.parse("2024-02-29T10:11:12Z"),
        )
        assertEquals(expected, account)
    }

    @Test
    fun `data classes become records without their defaults`() {
        val account = Account(RecordId.of(7), "Żubr", null, BigDecimal("12.50"), until = kotlin.time.Instant.parse("2024-02-29T10:11:12Z"))
        val json = """{"id":7,"name":"Żubr","city":null,"turnover":12.50,"until":"2024-02-29T10:11:12.000Z"}"""
        assertEquals(json, Record.from(account).json)
    }

    @Test
    fun `classes of the same name have their own fields`() {
        val record = Record.parse("""{"name":"Żubr","city":"Opole"}""")
        assertEquals(NameAndCity("Żubr", "Opole"), record.decode<NameAndCity>())
        assertEquals(CityAndName("Opole", "Żubr"), record.decode<CityAndName>())
    }

    @Test
    fun `an exception of the class is the cause of an error`() {
        val decoding = assertThrows<ConfigException> { Record.parse("""{"code":"30-00"}""").decode<Postcode>() }
        val message = decoding.message.orEmpty()
        assertTrue(message.startsWith("the record cannot be converted to this type: ") && "expected 6 characters" in message, message)
        assertNull(decoding.outcome)
        assertInstanceOf(IllegalArgumentException::class.java, decoding.cause)
        val refused = assertThrows<ConfigException> { Record.from(Failing, "30-001") }.message.orEmpty()
        assertTrue(refused.startsWith("`record` cannot be sent: ") && "no postcode" in refused, refused)
    }

    @Test
    fun `errors say what does not fit`() {
        val error = assertThrows<ConfigException> { Record.parse("""{"id":7}""").decode<Account>() }
        assertNull(error.outcome)
        val message = error.message.orEmpty()
        assertTrue(message.startsWith("the record cannot be converted to this type: Field 'name' is required"), message)
        val times = message { Record.from(Visit(listOf(null))) }
        assertEquals("`record` cannot be sent: mark its properties of type kotlin.time.Instant as `@Contextual`", times)
    }

    @Test
    fun `errors name the contextual field`() {
        val text = "\"yesterday\""
        val time = "expected a point in time such as 2024-02-29T10:11:12Z"
        val cases = mapOf(
            """{"birth":$text}""" to "`birth`: $time, got the string $text",
            """{"birth":7}""" to "`birth`: $time, got 7",
            """{"visits":["2024-02-29T10:11:12Z",{}]}""" to "`visits[1]`: $time, got an object",
            """{"former":{"former":{"visits":[[]]}}}""" to "`former.former.visits[0]`: $time, got an array",
        )
        for ((json, reason) in cases) {
            val error = assertThrows<ConfigException> { Record.parse(json).decode<Contact>() }
            assertEquals("the record cannot be converted to this type: $reason", error.message)
            assertEquals("record.${reason.substringBefore("`: ").drop(1)}", error.setting)
        }
        fun reason(json: String) = message { Record.parse(json).decode<Account>() }?.substringAfter("type: ")
        assertEquals("`turnover`: expected a number, got the string \"12,50\"", reason("""{"name":"Żubr","turnover":"12,50"}"""))
        assertEquals("`number`: expected a number, got an object", reason("""{"name":"Żubr","turnover":1,"number":{}}"""))
        assertEquals("`id`: expected a number or a string, got true", reason("""{"name":"Żubr","id":true}"""))
        val unknown = message { Record.parse("""{"key":"3f2a"}""").decode<Document>() }.orEmpty()
        assertTrue(unknown.startsWith("the record cannot be converted to this type: `key`: Serializer for class 'UUID' is not found"), unknown)
    }

    @Test
    fun `errors name the field that cannot be sent`() {
        val far = Instant.parse("+10000-01-01T00:00:00Z")
        val reason = "expected a time in a year from 0 to 9999, got $far"
        val cases = mapOf(
            Contact(birth = far) to "record.birth",
            Contact(visits = listOf(Instant.EPOCH, far)) to "record.visits[1]",
            Contact(former = Contact(former = Contact(birth = far))) to "record.former.former.birth",
        )
        for ((contact, path) in cases) {
            val error = assertThrows<ConfigException> { Record.from(contact) }
            assertEquals("`$path` cannot be sent: $reason", error.message)
            assertEquals(listOf(path, "not_sent", true), listOf(error.setting, error.outcome, error.isInvalidRecord))
        }
        val unknown = message { Record.from(Document(UUID(1, 2))) }.orEmpty()
        assertTrue(unknown.startsWith("`record.key` cannot be sent: Serializer for class 'UUID' is not found"), unknown)
    }
}
