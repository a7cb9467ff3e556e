package pl.egito

import kotlin.reflect.KProperty
import kotlin.time.Duration
import kotlin.time.DurationUnit
import pl.egito.json.jsonOf

/** The values of settings, by their names. */
internal class SettingValues {
    private val values = LinkedHashMap<String, Any?>()

    @Suppress("UNCHECKED_CAST")
    operator fun <T> getValue(settings: Any, property: KProperty<*>): T? = values[property.name] as T?

    operator fun <T> setValue(settings: Any, property: KProperty<*>, value: T?) = set(property.name, value)

    operator fun set(name: String, value: Any?) {
        values[name] = value
    }

    /** Returns the names of the values. The values may be secrets. */
    override fun toString(): String = values.filterValues { it != null }.keys.joinToString(", ", "(", ")")

    /** Returns the values as the core reads them. */
    fun toJson(): ByteArray = jsonOf(values.mapValues { (_, value) -> inSeconds(value) }, "settings")
}

/** Returns a duration in seconds, and any other value unchanged. */
internal fun inSeconds(value: Any?): Any? = when (value) {
    // JSON has no infinity; the core refuses a number as large as this one.
    is Duration -> if (value.isInfinite()) value.inWholeSeconds else value.toDouble(DurationUnit.SECONDS)
    is java.time.Duration -> value.seconds.toBigDecimal() + value.nano.toBigDecimal().movePointLeft(9)
    else -> value
}
