package pl.egito

import java.io.Serializable
import pl.egito.internal.NativeException
import pl.egito.json.JsonReader
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

/** An error of the server about a record, usually about one of its fields. */
public class FieldError internal constructor(members: Map<*, *>) {
    /** The invalid field, if the server names it. */
    public val field: String? = members["field"] as String?

    /** The server's message, in its language. */
    public val message: String = members["message"] as String

    /** The value that was refused. */
    public val rejectedValue: Any? = members["rejected_value"]

    /** The server's name of the object's type. */
    public val objectName: String? = members["object"] as String?

    /** The error as the server sent it. */
    public val raw: Any? = members["raw"]

    override fun toString(): String = if (field == null) message else "$field: $message"
}

/** Returns the exception for the details of an error of the core. */
internal fun exceptionOf(details: Map<String, Any?>, cause: Throwable? = null): EgitoException =
    newException(details["code"] as String, ErrorDetails(details, cause))

/** Returns the exception for an error of the core as JSON. */
@Suppress("UNCHECKED_CAST")
internal fun exceptionOf(json: ByteArray): EgitoException = exceptionOf(JsonReader.read(json) as Map<String, Any?>)

/** Returns the exception for an argument that is invalid, so that nothing was sent. */
internal fun configException(setting: String, message: String, cause: Throwable? = null): ConfigException =
    exceptionOf(mapOf("code" to "config", "message" to message, "setting" to setting, "outcome" to "not_sent"), cause) as ConfigException

/** Returns the exception for a failure of the border. */
internal fun exceptionOf(failure: Exception): EgitoException = when (failure) {
    is NativeException.Failed -> exceptionOf(failure.json)
    else -> exceptionOf(
        mapOf("code" to "internal", "message" to "a bug in the Egito SDK: ${failure.message}; please report it", "cause" to failure.message),
        failure,
    )
}
