package pl.egito

import pl.egito.internal.OutboxCall
import pl.egito.json.JsonReader
import pl.egito.json.jsonOf

/** A call of an outbox, and how its result is read. The three views of an outbox share it. */
internal class OutboxRequest<out T>(val call: OutboxCall, private val decode: (Any?) -> T) {
    fun decode(json: ByteArray): T = decode(JsonReader.read(json))

    companion object {
        fun put(entity: String, record: Map<String, *>, key: RecordKey) =
            OutboxRequest(OutboxCall.Put(entity, jsonOf(record, "record"), jsonOf(key.toMap(), "key")), ::entryId)

        fun putUpsert(entity: String, record: Map<String, *>, key: RecordKey) =
            OutboxRequest(OutboxCall.PutUpsert(entity, jsonOf(record, "record"), jsonOf(key.toMap(), "key")), ::entryId)

        fun putUpdate(entity: String, id: Any, fields: Map<String, *>) =
            OutboxRequest(OutboxCall.PutUpdate(entity, recordIdOf(id).toJson(), jsonOf(fields, "record")), ::entryId)

        fun putDelete(entity: String, id: Any) = OutboxRequest(OutboxCall.PutDelete(entity, recordIdOf(id).toJson()), ::entryId)

        fun deliver(limit: Long?) = OutboxRequest(OutboxCall.Deliver(limit?.let { requireCount(it, "limit") })) { deliveryOf(it) }

        fun entries(state: EntryState?, limit: Int?, after: Long?): OutboxRequest<List<OutboxEntry>> {
            val query = mapOf("state" to state?.name?.lowercase(), "limit" to limit, "after" to after).filterValues { it != null }
            return OutboxRequest(OutboxCall.Entries(jsonOf(query, "query"))) { (it as List<*>).map(::entryOf) }
        }

        fun get(id: Long) = OutboxRequest(OutboxCall.Get(id), ::entryOf)

        fun counts() = OutboxRequest(OutboxCall.Counts) { OutboxCounts(it as Map<*, *>) }

        fun retry(id: Long) = OutboxRequest(OutboxCall.Retry(id)) { }

        fun edit(id: Long, record: Map<String, *>) = OutboxRequest(OutboxCall.Edit(id, jsonOf(record, "record"))) { }

        fun discard(id: Long) = OutboxRequest(OutboxCall.Discard(id)) { }

        fun stop() = OutboxRequest(OutboxCall.Stop) { }
    }
}

/** Returns a delivery that was read from JSON. */
internal fun deliveryOf(members: Any?): Delivery = Delivery(members as Map<*, *>)

private fun entryOf(members: Any?) = OutboxEntry(members as Map<*, *>)

private fun entryId(id: Any?) = id as Long

private fun requireCount(value: Long, what: String): Long =
    if (value >= 0) value else throw configException(what, "invalid `$what`: expected an integer from 0, got $value")
