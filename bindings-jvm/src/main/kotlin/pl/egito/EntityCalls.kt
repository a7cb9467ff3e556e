package pl.egito

import pl.egito.internal.EntityCall
import pl.egito.json.JsonReader
import pl.egito.json.jsonOf

/** A call of an entity, and how its result is read. */
internal class Call<out T>(val call: EntityCall, val decode: (ByteArray) -> T)

/** The calls of an entity for single records. The three views of an entity make them. */
internal object Calls {
    fun create(record: Map<String, *>): Call<RecordId> = Call(EntityCall.Create(jsonOf(record, "record")), ::idOf)

    fun createOnce(record: Map<String, *>, key: RecordKey): Call<FoundOrCreated> =
        Call(EntityCall.CreateOnce(jsonOf(record, "record"), optionsOf(key))) { FoundOrCreated.of(membersOf(it)) }

    fun upsert(record: Map<String, *>, key: RecordKey): Call<Upserted> =
        Call(EntityCall.Upsert(jsonOf(record, "record"), optionsOf(key))) { Upserted.of(membersOf(it)) }

    fun get(id: RecordId): Call<Record> = Call(EntityCall.Get(id.toJson()), ::Record)

    fun update(id: RecordId, fields: Map<String, *>): Call<RecordId> =
        Call(EntityCall.Update(id.toJson(), jsonOf(fields, "record")), ::idOf)

    fun delete(id: RecordId): Call<RecordId> = Call(EntityCall.Delete(id.toJson()), ::idOf)

    fun call(action: String, params: Map<String, *>, method: String): Call<Any?> =
        Call(EntityCall.Call(action, jsonOf(params, "params"), method), JsonReader::read)

    fun ids(): Call<List<RecordId>> = Call(EntityCall.Ids, ::idsOf)

    fun deleted(knownIds: Iterable<RecordId>): Call<List<RecordId>> =
        Call(EntityCall.Deleted(jsonOf(knownIds, "ids")), ::idsOf)

    private fun optionsOf(key: RecordKey): ByteArray = jsonOf(key.toMap(), "options")
}

/** Returns the ids of an array. */
internal fun idsOf(json: ByteArray): List<RecordId> = RecordId.listOfJson(JsonReader.read(json))

private fun idOf(json: ByteArray): RecordId = RecordId.parse(json.decodeToString())

@Suppress("UNCHECKED_CAST")
private fun membersOf(json: ByteArray): Map<String, Any?> = JsonReader.read(json) as Map<String, Any?>
