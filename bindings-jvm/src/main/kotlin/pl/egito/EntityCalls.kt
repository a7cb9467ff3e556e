package pl.egito

import pl.egito.internal.EntityCall
import pl.egito.internal.NativeContext
import pl.egito.internal.NativeEntity
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

/** An entity of a client, and the token that cancels its calls: what the three views of an entity share. */
internal class EntityHandle private constructor(
    val client: ClientHandle,
    val name: String,
    val token: CancellationToken?,
    val native: NativeEntity,
) {
    private val direct by lazy { DirectCalls(native, token) }
    val context: NativeContext? by lazy { token?.let { native { NativeContext(it.handle, false) } } }
    private val contextWithResponse by lazy { native { NativeContext(token?.handle, true) } }

    constructor(client: ClientHandle, name: String, token: CancellationToken?) :
        this(client, name, token, native { client.native.entity(name) })

    fun with(settings: CallSettings): EntityHandle = EntityHandle(client.with(settings), name, token)

    fun with(token: CancellationToken): EntityHandle = EntityHandle(client, name, token, native)

    fun list(options: Map<String, Any?>): ListHandle =
        ListHandle(client, token) { context -> native.list(jsonOf(options, "options"), context) }

    fun <T> run(call: Call<T>): T =
        call.decode(blocking({ direct.run(call.call, withResponse = false) }) { native.runAsync(call.call, context) })

    suspend fun <T> runSuspending(call: Call<T>): T = call.decode(native { native.runAsync(call.call, context) })

    fun <T> runWithResponse(call: Call<T>): Response<T> {
        val json = blocking({ direct.run(call.call, withResponse = true) }) { native.runAsync(call.call, contextWithResponse) }
        return Response.of(json, call.decode)
    }

    suspend fun <T> runSuspendingWithResponse(call: Call<T>): Response<T> =
        Response.of(native { native.runAsync(call.call, contextWithResponse) }, call.decode)
}
