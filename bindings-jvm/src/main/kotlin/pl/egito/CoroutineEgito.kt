package pl.egito

import kotlinx.coroutines.ExperimentalForInheritanceCoroutinesApi
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import pl.egito.internal.ListCall
import pl.egito.internal.NativePage

/**
 * A client for coroutines: [Egito] with `suspend` functions, see there. Cancelling a coroutine closes the request of its call.
 *
 * ```kotlin
 * coroutineScope {
 *     val account = async { egito.coroutines.accounts.get(1) }
 *     val contact = async { egito.coroutines.contacts.get(1) }
 *     println("${account.await()["name"]}: ${contact.await()["lastName"]}")
 * }
 * ```
 */
public class CoroutineEgito internal constructor(internal val handle: ClientHandle) {
    /** The entity `Account`. */
    public val accounts: CoroutineEntity by lazy { entity("Account") }

    /** The entity `Contact`. */
    public val contacts: CoroutineEntity by lazy { entity("Contact") }

    /** The entity `Opportunity`. */
    public val opportunities: CoroutineEntity by lazy { entity("Opportunity") }

    /** The entity `Lead`. */
    public val leads: CoroutineEntity by lazy { entity("Lead") }

    /** Returns an entity by its name, such as `Offer`. */
    public fun entity(name: String): CoroutineEntity = CoroutineEntity(handle.entity(name))

    /** Returns the entries of a dictionary, such as `industry`. */
    public fun dictionary(type: String): CoroutineRecordList = CoroutineRecordList(handle.dictionary(type))

    /** Runs a custom action of the API, see [Egito.call]. */
    public suspend fun call(entity: String, action: String, params: Map<String, *> = emptyMap<String, Any?>(), method: String = "POST"): Any? =
        entity(entity).call(action, params, method)

    /** Returns a client with other settings for its calls: `withOptions { timeout = 5.seconds }`. Closing either closes both. */
    public fun withOptions(configure: CallSettings.() -> Unit): CoroutineEgito =
        CoroutineEgito(handle.with(CallSettings().apply(configure)))

    /** Closes the client: waits for the calls in flight; later calls throw a [ConfigException]. */
    public suspend fun close(): Unit = handle.closeSuspending()
}

/** An entity for coroutines: [Entity] with `suspend` functions, see there. Created by [CoroutineEgito.entity]. */
public class CoroutineEntity internal constructor(private val handle: EntityHandle) {
    /** Name of the entity in the API. */
    public val name: String get() = handle.name

    /** Returns the entity with other settings for its calls: `withOptions { timeout = 5.seconds }`. */
    public fun withOptions(configure: CallSettings.() -> Unit): CoroutineEntity =
        CoroutineEntity(handle.with(CallSettings().apply(configure)))

    /** Returns the entity for calls that return a [Response]: the result with HTTP status, headers and attempts. */
    public fun withResponse(): CoroutineEntityWithResponse = CoroutineEntityWithResponse(handle)

    /** Creates a record and returns its id, see [Entity.create]. */
    public suspend fun create(record: Map<String, *>): RecordId = handle.runSuspending(Calls.create(record))

    /** Finds the record with the key of `record`, or creates it, see [Entity.createOnce]. */
    public suspend fun createOnce(record: Map<String, *>, key: RecordKey): FoundOrCreated =
        handle.runSuspending(Calls.createOnce(record, key))

    /** Finds the record with this field of `record` as its key, or creates it, see [Entity.createOnce]. */
    public suspend fun createOnce(record: Map<String, *>, key: String): FoundOrCreated = createOnce(record, RecordKey.of(key))

    /** Finds the record with the key of `record`, and creates or updates it, see [Entity.upsert]. */
    public suspend fun upsert(record: Map<String, *>, key: RecordKey): Upserted = handle.runSuspending(Calls.upsert(record, key))

    /** Finds the record with this field of `record` as its key, and creates or updates it, see [Entity.upsert]. */
    public suspend fun upsert(record: Map<String, *>, key: String): Upserted = upsert(record, RecordKey.of(key))

    /** Returns a record, see [Entity.get]. */
    public suspend fun get(id: RecordId): Record = handle.runSuspending(Calls.get(id))

    /** Returns a record, see [Entity.get]. */
    public suspend fun get(id: Long): Record = get(RecordId.of(id))

    /** Returns a record, see [Entity.get]. */
    public suspend fun get(id: String): Record = get(RecordId.of(id))

    /** Changes the given fields of a record and returns its id. */
    public suspend fun update(id: RecordId, fields: Map<String, *>): RecordId = handle.runSuspending(Calls.update(id, fields))

    /** Changes the given fields of a record and returns its id. */
    public suspend fun update(id: Long, fields: Map<String, *>): RecordId = update(RecordId.of(id), fields)

    /** Changes the given fields of a record and returns its id. */
    public suspend fun update(id: String, fields: Map<String, *>): RecordId = update(RecordId.of(id), fields)

    /** Deletes a record and returns its id. */
    public suspend fun delete(id: RecordId): RecordId = handle.runSuspending(Calls.delete(id))

    /** Deletes a record and returns its id. */
    public suspend fun delete(id: Long): RecordId = delete(RecordId.of(id))

    /** Deletes a record and returns its id. */
    public suspend fun delete(id: String): RecordId = delete(RecordId.of(id))

    /** Runs a custom action of the API, see [Entity.call]. */
    public suspend fun call(action: String, params: Map<String, *> = emptyMap<String, Any?>(), method: String = "POST"): Any? =
        handle.runSuspending(Calls.call(action, params, method))

    /** Returns the records of the entity as a flow, see [Entity.list]. */
    public fun list(
        filters: Map<String, Any?> = emptyMap(),
        sort: String? = null,
        order: String? = null,
        pageSize: Int? = null,
        limit: Long? = null,
        start: Long? = null,
    ): CoroutineRecordList = CoroutineRecordList(handle.list(listOptions(filters, sort, order, pageSize, limit, start)))

    /** Returns the ids of all records, see [Entity.ids]. */
    public suspend fun ids(): List<RecordId> = handle.runSuspending(Calls.ids())

    /** Returns those of the given ids whose records do not exist any more, see [Entity.deleted]. */
    public suspend fun deleted(knownIds: Iterable<RecordId>): List<RecordId> = handle.runSuspending(Calls.deleted(knownIds))

    override fun toString(): String = "CoroutineEntity($name)"
}

/** An entity whose calls return a [Response], created by [CoroutineEntity.withResponse]. */
public class CoroutineEntityWithResponse internal constructor(private val handle: EntityHandle) {
    /** Creates a record, see [Entity.create]. */
    public suspend fun create(record: Map<String, *>): Response<RecordId> = handle.runSuspendingWithResponse(Calls.create(record))

    /** Returns a record, see [Entity.get]. */
    public suspend fun get(id: RecordId): Response<Record> = handle.runSuspendingWithResponse(Calls.get(id))

    /** Returns a record, see [Entity.get]. */
    public suspend fun get(id: Long): Response<Record> = get(RecordId.of(id))

    /** Changes the given fields of a record, see [Entity.update]. */
    public suspend fun update(id: RecordId, fields: Map<String, *>): Response<RecordId> =
        handle.runSuspendingWithResponse(Calls.update(id, fields))

    /** Changes the given fields of a record, see [Entity.update]. */
    public suspend fun update(id: Long, fields: Map<String, *>): Response<RecordId> = update(RecordId.of(id), fields)

    /** Deletes a record, see [EntityWithResponse.delete]. */
    public suspend fun delete(id: RecordId): Response<RecordId> = handle.runSuspendingWithResponse(Calls.delete(id))

    /** Deletes a record, see [EntityWithResponse.delete]. */
    public suspend fun delete(id: Long): Response<RecordId> = delete(RecordId.of(id))

    /** Runs a custom action of the API, see [Entity.call]. */
    public suspend fun call(action: String, params: Map<String, *> = emptyMap<String, Any?>(), method: String = "POST"): Response<Any?> =
        handle.runSuspendingWithResponse(Calls.call(action, params, method))
}

/** A flow of records, see [RecordList]. Every collection reads the list again; leaving it early closes its request. */
@OptIn(ExperimentalForInheritanceCoroutinesApi::class)
public class CoroutineRecordList internal constructor(private val handle: ListHandle) : Flow<Record> by recordsOf(handle) {
    /** Returns the pages: the records of each as a list. */
    public fun pages(): Flow<List<Record>> = pagesOf(handle, NativePage::records)

    /** Returns the pages with their HTTP responses. */
    public fun withResponse(): Flow<Response<List<Record>>> = pagesOf(handle.withResponse(), NativePage::withResponse)

    /** Returns the first record, `null` for an empty list. Requests only this record. */
    public suspend fun first(): Record? = handle.firstSuspending()

    /** Returns whether there is any record. Requests at most one. */
    public suspend fun exists(): Boolean = handle.runSuspending(ListCall.EXISTS) as Boolean

    /** Returns the server's number of all records, `null` if it sends none. */
    public suspend fun total(): Long? = handle.runSuspending(ListCall.TOTAL) as Long?

    /** Returns the number of records of the list: that of the server, or counted by reading the list. */
    public suspend fun count(): Long = handle.runSuspending(ListCall.COUNT) as Long
}

private fun recordsOf(list: ListHandle): Flow<Record> = flow {
    list.asyncPages().use { pages ->
        while (true) {
            val page = native { pages.next() } ?: break
            for (record in page.records()) {
                list.checkRunning { pages.checkRunning() }
                emit(record)
            }
        }
    }
}

private fun <T> pagesOf(list: ListHandle, convert: (NativePage) -> T): Flow<T> = flow {
    list.asyncPages().use { pages ->
        while (true) emit(convert(native { pages.next() } ?: break))
    }
}
