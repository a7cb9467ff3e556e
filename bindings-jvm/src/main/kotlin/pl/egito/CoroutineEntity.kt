package pl.egito

import kotlin.time.Duration
import kotlinx.coroutines.flow.Flow

/**
 * An entity for coroutines: [Entity] with `suspend` functions, see there. Created by [CoroutineEgito.entity].
 *
 * It has no `withCancellation`: cancelling the coroutine of a call, for instance by `withTimeout`, closes its request.
 */
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
    public suspend fun get(id: Int): Record = get(RecordId.of(id))

    /** Returns a record, see [Entity.get]. */
    public suspend fun get(id: String): Record = get(RecordId.of(id))

    /** Changes the given fields of a record and returns its id. */
    public suspend fun update(id: RecordId, fields: Map<String, *>): RecordId = handle.runSuspending(Calls.update(id, fields))

    /** Changes the given fields of a record and returns its id. */
    public suspend fun update(id: Long, fields: Map<String, *>): RecordId = update(RecordId.of(id), fields)

    /** Changes the given fields of a record and returns its id. */
    public suspend fun update(id: Int, fields: Map<String, *>): RecordId = update(RecordId.of(id), fields)

    /** Changes the given fields of a record and returns its id. */
    public suspend fun update(id: String, fields: Map<String, *>): RecordId = update(RecordId.of(id), fields)

    /** Deletes a record and returns its id. */
    public suspend fun delete(id: RecordId): RecordId = handle.runSuspending(Calls.delete(id))

    /** Deletes a record and returns its id. */
    public suspend fun delete(id: Long): RecordId = delete(RecordId.of(id))

    /** Deletes a record and returns its id. */
    public suspend fun delete(id: Int): RecordId = delete(RecordId.of(id))

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

    /** Returns the records that were created or changed since an earlier list as a flow, see [Entity.changes]. */
    public fun changes(
        since: String? = null,
        by: String? = null,
        lag: Duration? = null,
        filters: Map<String, *> = emptyMap<String, Any?>(),
        pageSize: Int? = null,
    ): CoroutineChangeList = CoroutineChangeList(handle.list(ChangesOptions.of(since, by, lag, filters, pageSize).toMap()))

    /** Returns the ids of all records, see [Entity.ids]. */
    public suspend fun ids(): List<RecordId> = handle.runSuspending(Calls.ids())

    /** Returns those of the given ids whose records do not exist any more, see [Entity.deleted]. */
    public suspend fun deleted(knownIds: Iterable<RecordId>): List<RecordId> = handle.runSuspending(Calls.deleted(knownIds))

    /** Creates the records, see [Entity.createMany]. */
    public fun <R : Map<String, *>> createMany(records: Iterable<R>, options: BulkOptions = BulkOptions()): CoroutineBulkRows<R> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.CREATE, options), records)

    /** Reads the records with the ids, see [Entity.getMany]. */
    public fun <T : Any> getMany(ids: Iterable<T>, options: BulkOptions = BulkOptions()): CoroutineBulkRows<T> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.GET, options), ids)

    /** Makes the changes, see [Entity.updateMany]. */
    public fun updateMany(changes: Iterable<Change>, options: BulkOptions = BulkOptions()): CoroutineBulkRows<Change> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.UPDATE, options), changes)

    /** Deletes the records with the ids, see [Entity.deleteMany]. */
    public fun <T : Any> deleteMany(ids: Iterable<T>, options: BulkOptions = BulkOptions()): CoroutineBulkRows<T> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.DELETE, options), ids)

    /** Creates or updates the records, see [Entity.upsertMany]. */
    public fun <R : Map<String, *>> upsertMany(
        records: Iterable<R>,
        key: RecordKey,
        options: BulkOptions = BulkOptions(),
    ): CoroutineBulkRows<R> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.UPSERT, options, key), records)

    /** Creates or updates many records with this field as their key. */
    public fun <R : Map<String, *>> upsertMany(
        records: Iterable<R>,
        key: String,
        options: BulkOptions = BulkOptions(),
    ): CoroutineBulkRows<R> =
        upsertMany(records, RecordKey.of(key), options)

    /** Plans to create or update the records, see [Entity.planUpsert]. */
    public fun <R : Map<String, *>> planUpsert(
        records: Iterable<R>,
        key: RecordKey,
        options: BulkOptions = BulkOptions(),
    ): CoroutineBulkRows<R> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.PLAN_UPSERT, options, key), records)

    /** Returns what [upsertMany] would do, with this field as the key. */
    public fun <R : Map<String, *>> planUpsert(
        records: Iterable<R>,
        key: String,
        options: BulkOptions = BulkOptions(),
    ): CoroutineBulkRows<R> =
        planUpsert(records, RecordKey.of(key), options)

    /** Does what the rows of a plan say, see [Entity.applyUpsert]. */
    public fun <R> applyUpsert(
        plan: Iterable<BulkRow<R>>,
        key: RecordKey,
        options: BulkOptions = BulkOptions(),
    ): CoroutineBulkRows<BulkRow<R>> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.APPLY_UPSERT, options, key), plan)

    /** Does what the rows of [planUpsert] say, with this field as the key. */
    public fun <R> applyUpsert(
        plan: Iterable<BulkRow<R>>,
        key: String,
        options: BulkOptions = BulkOptions(),
    ): CoroutineBulkRows<BulkRow<R>> =
        applyUpsert(plan, RecordKey.of(key), options)

    /** Creates the records of a flow, see [Entity.createMany]. Rows do not wait for the next input. */
    public fun <R : Map<String, *>> createMany(records: Flow<R>, options: BulkOptions = BulkOptions()): CoroutineBulkRows<R> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.CREATE, options), records)

    /** Reads the records with the ids of a flow, see [Entity.getMany]. Rows do not wait for the next input. */
    public fun <T : Any> getMany(ids: Flow<T>, options: BulkOptions = BulkOptions()): CoroutineBulkRows<T> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.GET, options), ids)

    /** Makes the changes of a flow, see [Entity.updateMany]. Rows do not wait for the next input. */
    public fun updateMany(changes: Flow<Change>, options: BulkOptions = BulkOptions()): CoroutineBulkRows<Change> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.UPDATE, options), changes)

    /** Deletes the records with the ids of a flow, see [Entity.deleteMany]. Rows do not wait for the next input. */
    public fun <T : Any> deleteMany(ids: Flow<T>, options: BulkOptions = BulkOptions()): CoroutineBulkRows<T> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.DELETE, options), ids)

    /** Creates or updates the records of a flow, see [Entity.upsertMany]. Rows do not wait for the next input. */
    public fun <R : Map<String, *>> upsertMany(
        records: Flow<R>,
        key: RecordKey,
        options: BulkOptions = BulkOptions(),
    ): CoroutineBulkRows<R> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.UPSERT, options, key), records)

    /** Plans to create or update the records of a flow, see [Entity.planUpsert]. Rows do not wait for the next input. */
    public fun <R : Map<String, *>> planUpsert(
        records: Flow<R>,
        key: RecordKey,
        options: BulkOptions = BulkOptions(),
    ): CoroutineBulkRows<R> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.PLAN_UPSERT, options, key), records)

    /** Does what the rows of a plan say of a flow, see [Entity.applyUpsert]. Rows do not wait for the next input. */
    public fun <R> applyUpsert(
        plan: Flow<BulkRow<R>>,
        key: RecordKey,
        options: BulkOptions = BulkOptions(),
    ): CoroutineBulkRows<BulkRow<R>> =
        CoroutineBulkRows.of(handle.bulk(BulkAction.APPLY_UPSERT, options, key), plan)

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

    /** Returns a record, see [Entity.get]. */
    public suspend fun get(id: Int): Response<Record> = get(RecordId.of(id))

    /** Returns a record, see [Entity.get]. */
    public suspend fun get(id: String): Response<Record> = get(RecordId.of(id))

    /** Changes the given fields of a record, see [Entity.update]. */
    public suspend fun update(id: RecordId, fields: Map<String, *>): Response<RecordId> =
        handle.runSuspendingWithResponse(Calls.update(id, fields))

    /** Changes the given fields of a record, see [Entity.update]. */
    public suspend fun update(id: Long, fields: Map<String, *>): Response<RecordId> = update(RecordId.of(id), fields)

    /** Changes the given fields of a record, see [Entity.update]. */
    public suspend fun update(id: Int, fields: Map<String, *>): Response<RecordId> = update(RecordId.of(id), fields)

    /** Changes the given fields of a record, see [Entity.update]. */
    public suspend fun update(id: String, fields: Map<String, *>): Response<RecordId> = update(RecordId.of(id), fields)

    /** Deletes a record, see [EntityWithResponse.delete]. */
    public suspend fun delete(id: RecordId): Response<RecordId> = handle.runSuspendingWithResponse(Calls.delete(id))

    /** Deletes a record, see [EntityWithResponse.delete]. */
    public suspend fun delete(id: Long): Response<RecordId> = delete(RecordId.of(id))

    /** Deletes a record, see [EntityWithResponse.delete]. */
    public suspend fun delete(id: Int): Response<RecordId> = delete(RecordId.of(id))

    /** Deletes a record, see [EntityWithResponse.delete]. */
    public suspend fun delete(id: String): Response<RecordId> = delete(RecordId.of(id))

    /** Runs a custom action of the API, see [Entity.call]. */
    public suspend fun call(action: String, params: Map<String, *> = emptyMap<String, Any?>(), method: String = "POST"): Response<Any?> =
        handle.runSuspendingWithResponse(Calls.call(action, params, method))
}
