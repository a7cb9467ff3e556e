package pl.egito

import java.io.Serializable
import pl.egito.json.jsonOf

/** The details of an error, by their names in the core. */
internal class ErrorDetails(private val members: Map<String, Any?>, val cause: Throwable? = null) : Serializable {
    val message: String get() = text("message").orEmpty()
    val json: String get() = jsonOf(members, "error").decodeToString()

    fun text(name: String): String? = members[name] as String?
    fun flag(name: String): Boolean = members[name] == true
    fun count(name: String): Int = integer(name) ?: 0
    fun integer(name: String): Int? = (members[name] as Number?)?.toInt()
    fun seconds(name: String): Double? = (members[name] as Number?)?.toDouble()
    fun recordId(name: String): RecordId? = RecordId.ofJson(members[name])
    fun record(name: String): Record? = members[name]?.let { Record(jsonOf(it, name)) }
    fun fieldErrors(name: String): List<FieldError> =
        (members[name] as List<*>?).orEmpty().filterIsInstance<Map<*, *>>().map(::FieldError)

    private companion object {
        const val serialVersionUID = 1L
    }
}
