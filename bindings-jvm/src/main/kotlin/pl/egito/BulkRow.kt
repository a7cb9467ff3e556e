package pl.egito

import pl.egito.json.jsonOf

/** One input of `updateMany`: the id of a record, and its changed fields. */
public class Change(
    /** Id of the record. */
    public val id: RecordId,
    /** The changed fields. */
    public val fields: Map<String, *>,
) {
    /** Creates the change of the record with this number. */
    public constructor(id: Long, fields: Map<String, *>) : this(RecordId.of(id), fields)

    /** Creates the change of the record with this number. */
    public constructor(id: Int, fields: Map<String, *>) : this(RecordId.of(id), fields)

    /** Creates the change of the record with this text as its id. */
    public constructor(id: String, fields: Map<String, *>) : this(RecordId.of(id), fields)

    override fun toString(): String = "Change(id=$id, fields=$fields)"
}

/** The progress of a bulk. */
public class BulkProgress internal constructor(
    /** Number of calls that have finished, in any order. */
    public val done: Long,
    /** Number of these calls that failed. */
    public val failed: Long,
) {
    override fun toString(): String = "BulkProgress(done=$done, failed=$failed)"
}

/** The result of one input of a bulk. */
public class BulkRow<I> internal constructor(
    /** Index of the input, from 0. */
    public val index: Long,
    /** The input itself. */
    public val input: I,
    /** Why the call failed; `null` if it succeeded. */
    public val error: EgitoException?,
    /** Whether an earlier run has made the call, whose journal has this result. */
    public val isResumed: Boolean,
    result: BulkResult,
) {
    /** Whether the call succeeded. */
    public val isOk: Boolean get() = error == null

    /**
     * Id of the record that was created, read, changed, deleted or found; the oldest one if several records have the key. `null` if the
     * call failed, and in a plan if the record would be created.
     */
    public val id: RecordId? = result.id

    /** The record of a `getMany`. In a plan what would be written: the whole record, or the fields that differ. */
    public val record: Record? = result.record

    /** What an upsert did, or would do; also for a `createMany` with a key. */
    public val change: UpsertChange? = result.change

    /** Names of the fields that an upsert updated, or would update. */
    public val fields: List<String> = result.fields

    /** Ids of all records with the key if there are several, the oldest first. Otherwise empty. */
    public val duplicates: List<RecordId> = result.duplicates

    /** Entity and key of a plan, such as `Account(nip)`: `applyUpsert` applies it only to these. `null` for other rows. */
    public val plannedFor: String? = result.plannedFor

    /**
     * Returns a row of a plan as JSON, to be stored; [parse] reads it. Throws [ConfigException] with the path of a value of the input that
     * JSON cannot contain.
     */
    public fun toJson(): String {
        val members = mapOf(
            "index" to index,
            "input" to input as? Map<*, *>,
            "id" to id,
            "record" to record,
            "change" to change?.name?.lowercase(),
            "fields" to fields,
            "duplicates" to duplicates,
            "plannedFor" to plannedFor,
            "error" to error?.let { Record.parse(it.json) },
        )
        return jsonOf(members, "row").decodeToString()
    }

    override fun toString(): String {
        val result = listOfNotNull(
            id?.let { "id=$it" },
            change?.let { "change=$it" },
            fields.takeIf { it.isNotEmpty() }?.let { "fields=$it" },
            error?.let { "error=${it.message}" },
        )
        return (listOf("BulkRow(index=$index") + result).joinToString(postfix = ")")
    }

    /** Reads rows. */
    public companion object {
        /**
         * Reads a row of a plan that was stored as JSON, for [Entity.applyUpsert]: the result of [toJson], or the same members that another
         * language has written. Throws [ConfigException] for other JSON.
         *
         * ```kotlin
         * val stored = egito.accounts.planUpsert(accounts, "nip").filter { it.isOk }.map { it.toJson() }
         * egito.accounts.applyUpsert(stored.map { BulkRow.parse(it) }, "nip").toList()
         * ```
         */
        @JvmStatic
        public fun parse(json: String): BulkRow<Record?> {
            val row = Record.parse(json)
            val error = row.record("error")?.let(::errorOf)
            return BulkRow(row.long("index") ?: 0, row.record("input"), error, isResumed = false, upsertOf(row))
        }

        private fun errorOf(details: Record): EgitoException {
            details.string("code") ?: throw wrongType("error", "invalid `error`: expected the details of an error, which have a `code`")
            return exceptionOf(details.toMap())
        }
    }
}

/** The parts of a row that depend on the action. */
internal class BulkResult(
    val id: RecordId? = null,
    val record: Record? = null,
    val change: UpsertChange? = null,
    val fields: List<String> = emptyList(),
    val duplicates: List<RecordId> = emptyList(),
    val plannedFor: String? = null,
)
