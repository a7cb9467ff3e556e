package pl.egito

import pl.egito.internal.NativeException
import pl.egito.json.JsonReader

/** Returns the exception for the details of an error of the core. */
internal fun exceptionOf(details: Map<String, Any?>, cause: Throwable? = null): EgitoException =
    newException(details["code"] as String, ErrorDetails(details, cause))

/** Returns the exception for an error of the core as JSON. */
@Suppress("UNCHECKED_CAST")
internal fun exceptionOf(json: ByteArray): EgitoException = exceptionOf(JsonReader.read(json) as Map<String, Any?>)

/** Returns the exception for an argument that is invalid, so that nothing was sent. */
internal fun configException(setting: String, message: String, cause: Throwable? = null): ConfigException {
    val ofRecord = setting.split('.', '[').first() in setOf("record", "key")
    val details = mapOf("setting" to setting, "outcome" to "not_sent", "invalid_record" to ofRecord)
    return exceptionOf(mapOf("code" to "config", "message" to message) + details, cause) as ConfigException
}

/** Returns the exception for a value that was read and has another type. It has no outcome, since nothing was to be sent. */
internal fun wrongType(path: String, message: String, cause: Throwable? = null): ConfigException =
    exceptionOf(mapOf("code" to "config", "message" to message, "setting" to path), cause) as ConfigException

/** Returns the exception for a failure of the border. */
internal fun exceptionOf(failure: Exception): EgitoException = when (failure) {
    is NativeException.Failed -> exceptionOf(failure.json)
    else -> exceptionOf(
        mapOf("code" to "internal", "message" to "a bug in the Egito SDK: ${failure.message}; please report it", "cause" to failure.message),
        failure,
    )
}
