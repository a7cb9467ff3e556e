package pl.egito

import pl.egito.internal.NativeInput
import pl.egito.json.JsonReader
import pl.egito.json.jsonOf

/** An action of bulks: how its inputs are written, and what its rows contain. */
internal class BulkAction<in I>(
    val name: String,
    /** Returns the JSON of an input. Throws [EgitoException] if it cannot be sent. */
    val write: (I) -> NativeInput,
    /** Returns the parts of the row of a call that succeeded. */
    val read: (ByteArray) -> BulkResult,
) {
    companion object {
        val CREATE = BulkAction<Map<String, *>?>("create", ::inputOfRecord, ::readCreated)
        val GET = BulkAction<Any?>("get", ::inputOfId, ::readRecord)
        val UPDATE = BulkAction<Change?>("update", ::inputOfChange, ::readId)
        val DELETE = BulkAction<Any?>("delete", ::inputOfId, ::readId)
        val UPSERT = BulkAction<Map<String, *>?>("upsert", ::inputOfRecord, ::readUpserted)
        val PLAN_UPSERT = BulkAction<Map<String, *>?>("plan_upsert", ::inputOfRecord, ::readUpserted)
        val APPLY_UPSERT = BulkAction<BulkRow<*>?>("apply_upsert", ::inputOfRow, ::readUpserted)
    }
}

// Java can pass `null`, which is an error of its row.

private fun inputOfRecord(record: Map<String, *>?) = inputOf(null, record ?: throw missing("record"))

private fun inputOfChange(change: Change?) = (change ?: throw missing("change")).let { inputOf(it.id, it.fields) }

private fun inputOfRow(row: BulkRow<*>?) = (row ?: throw missing("row")).let { inputOf(it.id, it.record, it.change, it.plannedFor) }

private fun missing(input: String) = configException(input, "invalid `$input`: expected a $input, got null")

private fun inputOfId(id: Any?) = inputOf(recordIdOf(id), null)

private fun inputOf(id: RecordId?, record: Map<String, *>?, change: UpsertChange? = null, plannedFor: String? = null) =
    NativeInput(id?.toJson(), record?.let { jsonOf(it, "record") }, change?.name?.lowercase(), plannedFor, false)

private fun readId(json: ByteArray) = BulkResult(id = RecordId.ofJson(JsonReader.read(json)))

private fun readRecord(json: ByteArray) = Record(json).let { BulkResult(id = it.id, record = it) }

/** Reads the result of a create. With a key it is that of an upsert. */
private fun readCreated(json: ByteArray) = if (json.first() == '{'.code.toByte()) readUpserted(json) else readId(json)

private fun readUpserted(json: ByteArray) = upsertOf(Record(json))

/** Returns the members of the row of an upsert or a plan. Throws [ConfigException] if one has another type. */
internal fun upsertOf(row: Record) = BulkResult(
    row.id,
    row.record("record"),
    row.string("change")?.let(UpsertChange::of),
    stringsOf(row["fields"]),
    RecordId.listOfJson(row["duplicates"]),
    row.string("plannedFor"),
)
