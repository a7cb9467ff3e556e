package pl.egito.json

/** Why a value cannot be written. The path to the value grows while the exception is thrown through the values that contain it. */
internal class UnwritableValue(val reason: String, cause: Throwable? = null) : Exception(reason, cause, false, false) {
    var path: String = ""
        private set

    fun under(step: String): UnwritableValue = apply { path = step + path }
}
