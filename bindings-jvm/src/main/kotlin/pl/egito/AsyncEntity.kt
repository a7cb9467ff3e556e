package pl.egito

import java.util.concurrent.CompletableFuture

/** An entity for calls in the background: [Entity] with methods that return a `CompletableFuture`, see there. */
public class AsyncEntity internal constructor(private val handle: EntityHandle) {
    /** Name of the entity in the API. */
    @get:JvmName("name")
    public val name: String get() = handle.name

    /** Returns the entity with other settings for its calls. */
    public fun withOptions(settings: CallSettings): AsyncEntity = AsyncEntity(handle.with(settings))

    /** Returns the entity for calls that the token cancels. */
    public fun withCancellation(token: CancellationToken): AsyncEntity = AsyncEntity(handle.with(token))

    /** Returns the entity for calls that return a [Response]: the result with HTTP status, headers and attempts. */
    public fun withResponse(): AsyncEntityWithResponse = AsyncEntityWithResponse(handle)

    /** Creates a record, and returns its id, see [Entity.create]. */
    public fun create(record: Map<String, *>): CompletableFuture<RecordId> = start { Calls.create(record) }

    /** Finds the record with the key of `record`, or creates it, see [Entity.createOnce]. */
    public fun createOnce(record: Map<String, *>, key: RecordKey): CompletableFuture<FoundOrCreated> = start { Calls.createOnce(record, key) }

    /** Finds the record with this field of `record` as its key, or creates it, see [Entity.createOnce]. */
    public fun createOnce(record: Map<String, *>, key: String): CompletableFuture<FoundOrCreated> = createOnce(record, RecordKey.of(key))

    /** Finds the record with the key of `record`, and creates or updates it, see [Entity.upsert]. */
    public fun upsert(record: Map<String, *>, key: RecordKey): CompletableFuture<Upserted> = start { Calls.upsert(record, key) }

    /** Finds the record with this field of `record` as its key, and creates or updates it, see [Entity.upsert]. */
    public fun upsert(record: Map<String, *>, key: String): CompletableFuture<Upserted> = upsert(record, RecordKey.of(key))

    /** Returns a record, see [Entity.get]. */
    public fun get(id: RecordId): CompletableFuture<Record> = start { Calls.get(id) }

    /** Returns a record, see [Entity.get]. */
    public fun get(id: Long): CompletableFuture<Record> = get(RecordId.of(id))

    /** Returns a record, see [Entity.get]. */
    public fun get(id: Int): CompletableFuture<Record> = get(RecordId.of(id))

    /** Returns a record, see [Entity.get]. */
    public fun get(id: String): CompletableFuture<Record> = get(RecordId.of(id))

    /** Changes the given fields of a record, and returns its id. */
    public fun update(id: RecordId, fields: Map<String, *>): CompletableFuture<RecordId> = start { Calls.update(id, fields) }

    /** Changes the given fields of a record, and returns its id. */
    public fun update(id: Long, fields: Map<String, *>): CompletableFuture<RecordId> = update(RecordId.of(id), fields)

    /** Changes the given fields of a record, and returns its id. */
    public fun update(id: Int, fields: Map<String, *>): CompletableFuture<RecordId> = update(RecordId.of(id), fields)

    /** Changes the given fields of a record, and returns its id. */
    public fun update(id: String, fields: Map<String, *>): CompletableFuture<RecordId> = update(RecordId.of(id), fields)

    /** Deletes a record, and returns its id. */
    public fun delete(id: RecordId): CompletableFuture<RecordId> = start { Calls.delete(id) }

    /** Deletes a record, and returns its id. */
    public fun delete(id: Long): CompletableFuture<RecordId> = delete(RecordId.of(id))

    /** Deletes a record, and returns its id. */
    public fun delete(id: Int): CompletableFuture<RecordId> = delete(RecordId.of(id))

    /** Deletes a record, and returns its id. */
    public fun delete(id: String): CompletableFuture<RecordId> = delete(RecordId.of(id))

    /** Runs a custom action of the API, see [Entity.call]. */
    @JvmOverloads
    public fun call(action: String, params: Map<String, *> = emptyMap<String, Any?>(), method: String = "POST"): CompletableFuture<Any?> =
        start { Calls.call(action, params, method) }

    /** Returns the records of the entity as a lazy list, see [Entity.list]. */
    @JvmOverloads
    public fun list(options: ListOptions = ListOptions()): AsyncRecordList = AsyncRecordList(handle.list(options.toMap()))

    /** Returns the records that were created or changed since an earlier list as a lazy list, see [Entity.changes]. */
    @JvmOverloads
    public fun changes(options: ChangesOptions = ChangesOptions()): AsyncChangeList = AsyncChangeList(handle.list(options.toMap()))

    /** Returns the ids of all records, see [Entity.ids]. */
    public fun ids(): CompletableFuture<List<RecordId>> = start { Calls.ids() }

    /** Returns those of the given ids whose records do not exist any more, see [Entity.deleted]. */
    public fun deleted(knownIds: Iterable<RecordId>): CompletableFuture<List<RecordId>> = start { Calls.deleted(knownIds) }

    /** Creates the records, see [Entity.createMany]. */
    @JvmOverloads
    public fun <R : Map<String, *>> createMany(records: Iterable<R>, options: BulkOptions = BulkOptions()): AsyncBulkRows<R> =
        AsyncBulkRows(CoroutineBulkRows.of(handle.bulk(BulkAction.CREATE, options), records))

    /** Reads the records with the ids, see [Entity.getMany]. */
    @JvmOverloads
    public fun <T : Any> getMany(ids: Iterable<T>, options: BulkOptions = BulkOptions()): AsyncBulkRows<T> =
        AsyncBulkRows(CoroutineBulkRows.of(handle.bulk(BulkAction.GET, options), ids))

    /** Makes the changes, see [Entity.updateMany]. */
    @JvmOverloads
    public fun updateMany(changes: Iterable<Change>, options: BulkOptions = BulkOptions()): AsyncBulkRows<Change> =
        AsyncBulkRows(CoroutineBulkRows.of(handle.bulk(BulkAction.UPDATE, options), changes))

    /** Deletes the records with the ids, see [Entity.deleteMany]. */
    @JvmOverloads
    public fun <T : Any> deleteMany(ids: Iterable<T>, options: BulkOptions = BulkOptions()): AsyncBulkRows<T> =
        AsyncBulkRows(CoroutineBulkRows.of(handle.bulk(BulkAction.DELETE, options), ids))

    /** Creates or updates the records, see [Entity.upsertMany]. */
    @JvmOverloads
    public fun <R : Map<String, *>> upsertMany(
        records: Iterable<R>,
        key: RecordKey,
        options: BulkOptions = BulkOptions(),
    ): AsyncBulkRows<R> =
        AsyncBulkRows(CoroutineBulkRows.of(handle.bulk(BulkAction.UPSERT, options, key), records))

    /** Creates or updates many records with this field as their key. */
    @JvmOverloads
    public fun <R : Map<String, *>> upsertMany(
        records: Iterable<R>,
        key: String,
        options: BulkOptions = BulkOptions(),
    ): AsyncBulkRows<R> =
        upsertMany(records, RecordKey.of(key), options)

    /** Plans to create or update the records, see [Entity.planUpsert]. */
    @JvmOverloads
    public fun <R : Map<String, *>> planUpsert(
        records: Iterable<R>,
        key: RecordKey,
        options: BulkOptions = BulkOptions(),
    ): AsyncBulkRows<R> =
        AsyncBulkRows(CoroutineBulkRows.of(handle.bulk(BulkAction.PLAN_UPSERT, options, key), records))

    /** Returns what [upsertMany] would do, with this field as the key. */
    @JvmOverloads
    public fun <R : Map<String, *>> planUpsert(
        records: Iterable<R>,
        key: String,
        options: BulkOptions = BulkOptions(),
    ): AsyncBulkRows<R> =
        planUpsert(records, RecordKey.of(key), options)

    /** Does what the rows of a plan say, see [Entity.applyUpsert]. */
    @JvmOverloads
    public fun <R> applyUpsert(
        plan: Iterable<BulkRow<R>>,
        key: RecordKey,
        options: BulkOptions = BulkOptions(),
    ): AsyncBulkRows<BulkRow<R>> =
        AsyncBulkRows(CoroutineBulkRows.of(handle.bulk(BulkAction.APPLY_UPSERT, options, key), plan))

    /** Does what the rows of [planUpsert] say, with this field as the key. */
    @JvmOverloads
    public fun <R> applyUpsert(
        plan: Iterable<BulkRow<R>>,
        key: String,
        options: BulkOptions = BulkOptions(),
    ): AsyncBulkRows<BulkRow<R>> =
        applyUpsert(plan, RecordKey.of(key), options)

    override fun toString(): String = "AsyncEntity($name)"

    /** Starts a call. An argument that cannot be sent fails the future, too. */
    private fun <T> start(call: () -> Call<T>): CompletableFuture<T> = future { handle.runSuspending(call()) }
}

/** An entity whose calls return a [Response], created by [AsyncEntity.withResponse]. */
public class AsyncEntityWithResponse internal constructor(private val handle: EntityHandle) {
    /** Creates a record, see [Entity.create]. */
    public fun create(record: Map<String, *>): CompletableFuture<Response<RecordId>> = start { Calls.create(record) }

    /** Returns a record, see [Entity.get]. */
    public fun get(id: RecordId): CompletableFuture<Response<Record>> = start { Calls.get(id) }

    /** Returns a record, see [Entity.get]. */
    public fun get(id: Long): CompletableFuture<Response<Record>> = get(RecordId.of(id))

    /** Returns a record, see [Entity.get]. */
    public fun get(id: Int): CompletableFuture<Response<Record>> = get(RecordId.of(id))

    /** Returns a record, see [Entity.get]. */
    public fun get(id: String): CompletableFuture<Response<Record>> = get(RecordId.of(id))

    /** Changes the given fields of a record, see [Entity.update]. */
    public fun update(id: RecordId, fields: Map<String, *>): CompletableFuture<Response<RecordId>> = start { Calls.update(id, fields) }

    /** Changes the given fields of a record, see [Entity.update]. */
    public fun update(id: Long, fields: Map<String, *>): CompletableFuture<Response<RecordId>> = update(RecordId.of(id), fields)

    /** Changes the given fields of a record, see [Entity.update]. */
    public fun update(id: Int, fields: Map<String, *>): CompletableFuture<Response<RecordId>> = update(RecordId.of(id), fields)

    /** Changes the given fields of a record, see [Entity.update]. */
    public fun update(id: String, fields: Map<String, *>): CompletableFuture<Response<RecordId>> = update(RecordId.of(id), fields)

    /** Deletes a record, see [EntityWithResponse.delete]. */
    public fun delete(id: RecordId): CompletableFuture<Response<RecordId>> = start { Calls.delete(id) }

    /** Deletes a record, see [EntityWithResponse.delete]. */
    public fun delete(id: Long): CompletableFuture<Response<RecordId>> = delete(RecordId.of(id))

    /** Deletes a record, see [EntityWithResponse.delete]. */
    public fun delete(id: Int): CompletableFuture<Response<RecordId>> = delete(RecordId.of(id))

    /** Deletes a record, see [EntityWithResponse.delete]. */
    public fun delete(id: String): CompletableFuture<Response<RecordId>> = delete(RecordId.of(id))

    /** Runs a custom action of the API, see [Entity.call]. */
    @JvmOverloads
    public fun call(action: String, params: Map<String, *> = emptyMap<String, Any?>(), method: String = "POST"): CompletableFuture<Response<Any?>> =
        start { Calls.call(action, params, method) }

    private fun <T> start(call: () -> Call<T>): CompletableFuture<Response<T>> = future { handle.runSuspendingWithResponse(call()) }
}
