package pl.egito

/** The result of `createOnce`. */
public class FoundOrCreated internal constructor(
    /** Id of the record; the oldest one if several records have the key. */
    public val id: RecordId,
    /** Whether this call created the record. */
    @get:JvmName("isCreated") public val isCreated: Boolean,
    /** Ids of all records with the key if there are several, the oldest first. Otherwise empty. */
    public val duplicates: List<RecordId>,
) {
    override fun toString(): String = "FoundOrCreated(id=$id, isCreated=$isCreated, duplicates=$duplicates)"

    internal companion object {
        fun of(members: Map<String, Any?>): FoundOrCreated =
            FoundOrCreated(idOf(members), members["created"] == true, RecordId.listOfJson(members["duplicates"]))
    }
}

/** What an upsert did, or would do. */
public enum class UpsertChange {
    /** No record had the key. */
    CREATED,

    /** Some fields of the record with the key differed. */
    UPDATED,

    /** No field differed, and nothing was written. */
    UNCHANGED,

    /** Several records have the key, and nothing was written. */
    AMBIGUOUS;

    internal companion object {
        /** Returns the change with this name in the core. */
        fun of(name: String): UpsertChange = entries.find { it.name.lowercase() == name }
            ?: throw wrongType("change", "invalid `change`: expected created, updated, unchanged or ambiguous, got \"$name\"")
    }
}

/** The result of `upsert`. */
public class Upserted internal constructor(
    /** Id of the record; the oldest one if several records have the key. */
    public val id: RecordId,
    /** How the stored record changed. */
    public val change: UpsertChange,
    /** Names of the updated fields. */
    public val fields: List<String>,
    /** Ids of all records with the key if there are several, the oldest first. Otherwise empty. */
    public val duplicates: List<RecordId>,
) {
    override fun toString(): String = "Upserted(id=$id, change=$change, fields=$fields, duplicates=$duplicates)"

    internal companion object {
        fun of(members: Map<String, Any?>): Upserted = Upserted(
            idOf(members),
            UpsertChange.of(members["change"] as String),
            stringsOf(members["fields"]),
            RecordId.listOfJson(members["duplicates"]),
        )
    }
}

private fun idOf(members: Map<String, Any?>): RecordId = checkNotNull(RecordId.ofJson(members["id"]))

/** Returns the strings of an array that was read from JSON. */
internal fun stringsOf(values: Any?): List<String> = (values as? List<*>).orEmpty().filterIsInstance<String>()
