package pl.egito.json

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerialName
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNames
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import pl.egito.ConfigException
import pl.egito.Record
import pl.egito.decode

/** Classes are read straight from UTF-8, with the same result as by kotlinx's own reader. */
@OptIn(ExperimentalSerializationApi::class)
class ClassDecoderTest {
    @Serializable
    enum class Status { NEW, @SerialName("in progress") IN_PROGRESS }

    @Serializable
    data class Address(val city: String, val code: String?)

    @Serializable
    data class Lead(
        val id: Long,
        val name: String?,
        val count: Int = 7,
        val small: Short = 1,
        val ratio: Double? = null,
        val share: Float = 0f,
        val letter: Char = 'a',
        val active: Boolean = false,
        val address: Address? = null,
        val status: Status = Status.NEW,
        val tags: List<String> = emptyList(),
        val others: Map<String, Address> = emptyMap(),
        val anything: JsonElement? = null,
        @SerialName("zażółć") val renamed: String? = null,
    )

    @Serializable
    data class Wrapped(val lead: Lead)

    @Serializable
    data class Renamed(@JsonNames("nazwa") val name: String)

    private val texts = listOf(
        """{"id":1}""",
        """ { "id" : -7 , "name" : null , "count" : 3 } """,
        """{"x":[{"a":"}"},1.5,{}],"id":1,"y":{"a":{"b":"\"}"}},"name":"Żubr \"i\" \u0141oś\n","z":true}""",
        """{"id":9223372036854775807,"ratio":-1.5e3,"share":0.25,"letter":"ż","active":true,"small":-32768}""",
        """{"id":1,"address":{"x":1,"city":"Kraków"},"tags":["a","ż"],"others":{"b":{"city":"Łódź","code":"90"}}}""",
        """{"id":1,"status":"in progress","anything":{"a":[1,2.50,"x"]},"za\u017c\u00f3\u0142\u0107":"ć"}""",
        """{"id":1,"id":2,"name":"a","name":"b","address":null}""",
    )

    private val json = Json { ignoreUnknownKeys = true; explicitNulls = false }

    @Test
    fun `objects are the same as those of kotlinx`() {
        assertTrue(ClassDecoder.isReadable(Lead.serializer()))
        for (text in texts) {
            assertEquals(json.decodeFromString<Lead>(text), read(text, Lead.serializer()), text)
            val wrapped = """{"lead":$text}"""
            assertEquals(json.decodeFromString<Wrapped>(wrapped), read(wrapped, Wrapped.serializer()), text)
        }
    }

    @Test
    fun `other names of a property are read`() {
        assertEquals(Renamed("Żubr"), Record.parse("""{"nazwa":"Żubr"}""").decode<Renamed>())
    }

    @Test
    fun `values that are not strict are read as by kotlinx`() {
        val text = """{"id":"12","active":"true","x":1.5}"""
        assertEquals(json.decodeFromString<Lead>(text), Record.parse(text).decode<Lead>())
    }

    @Test
    fun `wrong values have the error of kotlinx`() {
        val texts = listOf(
            """{"name":"a"}""", """{"id":null}""", """{"id":1.5}""", """{"id":1,"count":3000000000}""", """{"id":1,"ratio":1e999}""",
            """{"id":1,"name":7}""", """{"id":1,"letter":"ab"}""", """{"id":1} x""", """{"id":1,""", """{"id":1,"status":"OLD"}""", "[]",
        )
        for (text in texts) assertThrows<ConfigException>(text) { Record.parse(text).decode<Lead>() }
    }

    private fun <T> read(text: String, deserializer: KSerializer<T>): T {
        val bytes = text.encodeToByteArray()
        return ClassDecoder.read(JsonReader(bytes, 0, bytes.size), json, deserializer)
    }
}
