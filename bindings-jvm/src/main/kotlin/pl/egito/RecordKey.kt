package pl.egito

import kotlin.time.Duration

/** How a record with a key is found. */
public enum class Lookup {
    /** By a list that is filtered by the key. */
    FILTER,

    /** By reading the whole list. */
    SCAN,

    /** By a filtered list for some records, and by the whole list for many. */
    AUTO,
}

/**
 * The key of a record: the fields that identify it.
 *
 * ```kotlin
 * egito.leads.createOnce(mapOf("formKey" to "2026-11-27-0017", "lastName" to "Ryś"), RecordKey.of("formKey").settle(30.seconds))
 * ```
 */
public class RecordKey private constructor(private val options: Map<String, Any?>) {
    /** Returns the same key with another time for which a record is looked for after a create with an unknown outcome. */
    public fun settle(settle: Duration): RecordKey = with("settle", inSeconds(settle))

    /** Returns the same key with another time for which a record is looked for after a create with an unknown outcome. */
    public fun settle(settle: java.time.Duration): RecordKey = with("settle", inSeconds(settle))

    /** Returns the same key with another way to find a record. */
    public fun lookup(lookup: Lookup): RecordKey = with("lookup", lookup.name.lowercase())

    /** The key and its options, as the core reads them. */
    internal fun toMap(): Map<String, Any?> = options

    private fun with(name: String, value: Any?) = RecordKey(options + (name to value))

    /** Creates keys. */
    public companion object {
        /** Returns the key with these fields, such as `nip`, or `account.id` for a field of a field. */
        @JvmStatic
        public fun of(vararg fields: String): RecordKey = RecordKey(mapOf("key" to fields.toList()))
    }
}
