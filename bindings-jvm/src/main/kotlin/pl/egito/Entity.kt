package pl.egito

import kotlin.time.Duration

/**
 * An entity, a kind of record in the CRM such as `Account`. Created by [Egito.entity].
 *
 * A record is a `Map` of its fields, or a [Record] that [Record.parse] or another call has returned.
 */
public class Entity internal constructor(private val handle: EntityHandle) {
    /** Name of the entity in the API. */
    @get:JvmName("name")
    public val name: String get() = handle.name

    /** Returns the entity with other settings for its calls. */
    public fun withOptions(settings: CallSettings): Entity = Entity(handle.with(settings))

    /** Returns the entity with other settings for its calls: `egito.accounts.withOptions { timeout = 5.seconds }`. */
    @JvmSynthetic
    public fun withOptions(configure: CallSettings.() -> Unit): Entity = withOptions(CallSettings().apply(configure))

    /** Returns the entity for calls that the token cancels. */
    public fun withCancellation(token: CancellationToken): Entity = Entity(handle.with(token))

    /** Returns the entity for calls that return a [Response]: the result with HTTP status, headers and attempts. */
    public fun withResponse(): EntityWithResponse = EntityWithResponse(handle)

    /**
     * Creates a record and returns its id. The call is retried only if the record was certainly not created.
     *
     * Throws a [ValidationException] (the field errors are in `errors`), or an [OutcomeUnknownException] if the record may have been
     * created (the response was lost, 5xx, …).
     */
    public fun create(record: Map<String, *>): RecordId = handle.run(Calls.create(record))

    /**
     * Finds the record with the key of `record`, or creates it. Call it again after any error: it creates no second record with this key.
     *
     * ```kotlin
     * val lead = egito.leads.createOnce(mapOf("formKey" to "2026-11-27-0017", "lastName" to "Ryś"), "formKey")
     * println(if (lead.isCreated) "created" else "found")
     * ```
     *
     * Calls with the same key wait for each other: those of one client, and with a `tokenStore` those of all processes that share it.
     * The whole call takes at most `timeout`.
     *
     * Throws a [ConfigException] if a field of the key is missing or empty (`setting` is `key`), or if the server ignores the filter
     * (`lookup`); an [OutcomeUnknownException] if the record may have been created, but was not found in time; and like [create].
     */
    public fun createOnce(record: Map<String, *>, key: RecordKey): FoundOrCreated = handle.run(Calls.createOnce(record, key))

    /** Finds the record with this field of `record` as its key, or creates it. */
    public fun createOnce(record: Map<String, *>, key: String): FoundOrCreated = createOnce(record, RecordKey.of(key))

    /**
     * Finds the record with the key of `record`. Creates it if there is none, or updates only the fields that differ. Call it again after
     * any error, as [createOnce].
     *
     * ```kotlin
     * val account = mapOf("nip" to "5250001009", "name" to "Żubr sp. z o.o.", "city" to "Kraków")
     * println(egito.accounts.upsert(account, "nip").change)
     * ```
     *
     * Values are compared as servers store them: `" Żubr "` is `"Żubr"`, `""` is `null`, `7` is `"7"`, and a time in another offset is the
     * same time. A date without a time always counts as different, since servers return it as a time in their zone.
     *
     * Throws like [createOnce] and [update].
     */
    public fun upsert(record: Map<String, *>, key: RecordKey): Upserted = handle.run(Calls.upsert(record, key))

    /** Finds the record with this field of `record` as its key, and creates or updates it. */
    public fun upsert(record: Map<String, *>, key: String): Upserted = upsert(record, RecordKey.of(key))

    /** Returns a record. Throws a [NotFoundException] if no record has this id. */
    public fun get(id: RecordId): Record = handle.run(Calls.get(id))

    /** Returns a record. */
    public fun get(id: Long): Record = get(RecordId.of(id))

    /** Returns a record. */
    public fun get(id: Int): Record = get(RecordId.of(id))

    /** Returns a record. */
    public fun get(id: String): Record = get(RecordId.of(id))

    /** Changes the given fields of a record and returns its id. */
    public fun update(id: RecordId, fields: Map<String, *>): RecordId = handle.run(Calls.update(id, fields))

    /** Changes the given fields of a record and returns its id. */
    public fun update(id: Long, fields: Map<String, *>): RecordId = update(RecordId.of(id), fields)

    /** Changes the given fields of a record and returns its id. */
    public fun update(id: Int, fields: Map<String, *>): RecordId = update(RecordId.of(id), fields)

    /** Changes the given fields of a record and returns its id. */
    public fun update(id: String, fields: Map<String, *>): RecordId = update(RecordId.of(id), fields)

    /** Deletes a record and returns its id. */
    public fun delete(id: RecordId): RecordId = handle.run(Calls.delete(id))

    /** Deletes a record and returns its id. */
    public fun delete(id: Long): RecordId = delete(RecordId.of(id))

    /** Deletes a record and returns its id. */
    public fun delete(id: Int): RecordId = delete(RecordId.of(id))

    /** Deletes a record and returns its id. */
    public fun delete(id: String): RecordId = delete(RecordId.of(id))

    /** Runs a custom action of the API, such as `print`, and returns its result: JSON as in [Record]. */
    @JvmOverloads
    public fun call(action: String, params: Map<String, *> = emptyMap<String, Any?>(), method: String = "POST"): Any? =
        handle.run(Calls.call(action, params, method))

    /**
     * Returns the records of the entity as a lazy list.
     *
     * ```kotlin
     * for (account in egito.accounts.list(filters = mapOf("city" to "Kraków"), sort = "name")) println(account["name"])
     * ```
     *
     * [filters] are sent to the server unchanged. An empty value (`null`, `""`, an empty list) is a [ConfigException], since a server may
     * ignore it and send every record. [sort] replaces the setting `defaultSort`, [order] is `asc` (default) or `desc`, and [pageSize]
     * replaces the setting `pageSize`. No more than [limit] records are requested from the server, after [start] records of its list.
     */
    @JvmSynthetic
    public fun list(
        filters: Map<String, Any?> = emptyMap(),
        sort: String? = null,
        order: String? = null,
        pageSize: Int? = null,
        limit: Long? = null,
        start: Long? = null,
    ): RecordList = RecordList(handle.list(listOptions(filters, sort, order, pageSize, limit, start)))

    /** Returns the records of the entity as a lazy list, for Java. */
    public fun list(options: ListOptions): RecordList = RecordList(handle.list(options.toMap()))

    /** Returns all records of the entity as a lazy list, for Java. */
    public fun list(): RecordList = list(ListOptions())

    /**
     * Returns the records that were created or changed since an earlier list, as a lazy list, the newest first. After it was read to its
     * end, its `mark` is the `since` of the next one. It does not show deleted records, see [deleted].
     *
     * ```kotlin
     * val changes = egito.accounts.changes(since = mark)
     * for (account in changes) println(account["name"])
     * mark = changes.mark
     * ```
     *
     * [by] is the field that the server sets to the time of each change, or to a growing number; default: `lastUpdated`. [lag] is for how
     * long the server may commit a change after its time, or the clocks of its parts may differ; default: 5 minutes. Records that are older
     * than the mark by up to [lag] are read again, and returned only if they have changed.
     *
     * Throws a [PaginationException] if the server does not send the newest records first.
     */
    @JvmSynthetic
    public fun changes(
        since: String? = null,
        by: String? = null,
        lag: Duration? = null,
        filters: Map<String, *> = emptyMap<String, Any?>(),
        pageSize: Int? = null,
    ): ChangeList = ChangeList(handle.list(ChangesOptions.of(since, by, lag, filters, pageSize).toMap()))

    /** Returns all records as a list of changes, whose mark begins the next one, for Java. */
    public fun changes(): ChangeList = changes(ChangesOptions())

    /** Returns the records that were created or changed since an earlier list, for Java. */
    public fun changes(options: ChangesOptions): ChangeList = ChangeList(handle.list(options.toMap()))

    /** Returns the ids of all records. The server sends whole records, of which nothing else is kept. */
    public fun ids(): List<RecordId> = handle.run(Calls.ids())

    /**
     * Returns those of the given ids whose records do not exist any more, each once, in the given order. It reads the whole list if there
     * are more than a few ids, and requests each record that the list lacks. `7` and `"7"` are the same id here.
     */
    public fun deleted(knownIds: Iterable<RecordId>): List<RecordId> = handle.run(Calls.deleted(knownIds))

    /**
     * Creates many records, one call each, and returns one row for each, in order. A failed call does not stop the others: its row has
     * the error.
     *
     * ```kotlin
     * for (row in egito.leads.createMany(leads)) if (!row.isOk) println("${row.index}: ${row.error?.message}")
     * ```
     */
    @JvmOverloads
    public fun <R : Map<String, *>> createMany(records: Iterable<R>, options: BulkOptions = BulkOptions()): BulkRows<R> =
        BulkRows(handle.bulk(BulkAction.CREATE, options), records)

    /** Reads many records by their ids, which are numbers, strings or [RecordId]s, and returns one row for each, see [createMany]. */
    @JvmOverloads
    public fun <T : Any> getMany(ids: Iterable<T>, options: BulkOptions = BulkOptions()): BulkRows<T> =
        BulkRows(handle.bulk(BulkAction.GET, options), ids)

    /** Changes many records, and returns one row for each, see [createMany]. */
    @JvmOverloads
    public fun updateMany(changes: Iterable<Change>, options: BulkOptions = BulkOptions()): BulkRows<Change> =
        BulkRows(handle.bulk(BulkAction.UPDATE, options), changes)

    /** Deletes many records by their ids, which are numbers, strings or [RecordId]s, and returns one row for each, see [createMany]. */
    @JvmOverloads
    public fun <T : Any> deleteMany(ids: Iterable<T>, options: BulkOptions = BulkOptions()): BulkRows<T> =
        BulkRows(handle.bulk(BulkAction.DELETE, options), ids)

    /**
     * Creates or updates many records like [upsert], and returns one row for each, see [createMany]. A row has the `change`, the updated
     * `fields` and the `duplicates`.
     *
     * With the default lookup, [Lookup.AUTO], it requests a list that is filtered by the key for each of the first records, and reads the
     * whole list once if there are many. Two records with the same key are not raced: the row of the second one has a [ConfigException].
     */
    @JvmOverloads
    public fun <R : Map<String, *>> upsertMany(
        records: Iterable<R>,
        key: RecordKey,
        options: BulkOptions = BulkOptions(),
    ): BulkRows<R> =
        BulkRows(handle.bulk(BulkAction.UPSERT, options, key), records)

    /** Creates or updates many records with this field as their key. */
    @JvmOverloads
    public fun <R : Map<String, *>> upsertMany(
        records: Iterable<R>,
        key: String,
        options: BulkOptions = BulkOptions(),
    ): BulkRows<R> =
        upsertMany(records, RecordKey.of(key), options)

    /**
     * Returns what [upsertMany] would do, and writes nothing: a row has the `change`, and as `record` what would be written. Pass the rows,
     * or some of them, to [applyUpsert].
     */
    @JvmOverloads
    public fun <R : Map<String, *>> planUpsert(
        records: Iterable<R>,
        key: RecordKey,
        options: BulkOptions = BulkOptions(),
    ): BulkRows<R> =
        BulkRows(handle.bulk(BulkAction.PLAN_UPSERT, options, key), records)

    /** Returns what [upsertMany] would do, with this field as the key. */
    @JvmOverloads
    public fun <R : Map<String, *>> planUpsert(
        records: Iterable<R>,
        key: String,
        options: BulkOptions = BulkOptions(),
    ): BulkRows<R> =
        planUpsert(records, RecordKey.of(key), options)

    /**
     * Does what the rows of [planUpsert] say, and returns one row for each. A record that was created in the meantime is not created again.
     * The row of an input that failed in the plan has a [ConfigException].
     */
    @JvmOverloads
    public fun <R> applyUpsert(
        plan: Iterable<BulkRow<R>>,
        key: RecordKey,
        options: BulkOptions = BulkOptions(),
    ): BulkRows<BulkRow<R>> =
        BulkRows(handle.bulk(BulkAction.APPLY_UPSERT, options, key), plan)

    /** Does what the rows of [planUpsert] say, with this field as the key. */
    @JvmOverloads
    public fun <R> applyUpsert(
        plan: Iterable<BulkRow<R>>,
        key: String,
        options: BulkOptions = BulkOptions(),
    ): BulkRows<BulkRow<R>> =
        applyUpsert(plan, RecordKey.of(key), options)

    override fun toString(): String = "Entity($name)"
}

/** An entity whose calls return a [Response], created by [Entity.withResponse]. They throw like those of [Entity]. */
public class EntityWithResponse internal constructor(private val handle: EntityHandle) {
    /** Creates a record, see [Entity.create]. */
    public fun create(record: Map<String, *>): Response<RecordId> = handle.runWithResponse(Calls.create(record))

    /** Returns a record, see [Entity.get]. */
    public fun get(id: RecordId): Response<Record> = handle.runWithResponse(Calls.get(id))

    /** Returns a record, see [Entity.get]. */
    public fun get(id: Long): Response<Record> = get(RecordId.of(id))

    /** Returns a record, see [Entity.get]. */
    public fun get(id: Int): Response<Record> = get(RecordId.of(id))

    /** Returns a record, see [Entity.get]. */
    public fun get(id: String): Response<Record> = get(RecordId.of(id))

    /** Changes the given fields of a record, see [Entity.update]. */
    public fun update(id: RecordId, fields: Map<String, *>): Response<RecordId> = handle.runWithResponse(Calls.update(id, fields))

    /** Changes the given fields of a record, see [Entity.update]. */
    public fun update(id: Long, fields: Map<String, *>): Response<RecordId> = update(RecordId.of(id), fields)

    /** Changes the given fields of a record, see [Entity.update]. */
    public fun update(id: Int, fields: Map<String, *>): Response<RecordId> = update(RecordId.of(id), fields)

    /** Changes the given fields of a record, see [Entity.update]. */
    public fun update(id: String, fields: Map<String, *>): Response<RecordId> = update(RecordId.of(id), fields)

    /** Deletes a record, see [Entity.delete]. If an earlier attempt has deleted it, the response is that of the retry, with status 404. */
    public fun delete(id: RecordId): Response<RecordId> = handle.runWithResponse(Calls.delete(id))

    /** Deletes a record, see [Entity.delete]. */
    public fun delete(id: Long): Response<RecordId> = delete(RecordId.of(id))

    /** Deletes a record, see [Entity.delete]. */
    public fun delete(id: Int): Response<RecordId> = delete(RecordId.of(id))

    /** Deletes a record, see [EntityWithResponse.delete]. */
    public fun delete(id: String): Response<RecordId> = delete(RecordId.of(id))

    /** Runs a custom action of the API, see [Entity.call]. */
    @JvmOverloads
    public fun call(action: String, params: Map<String, *> = emptyMap<String, Any?>(), method: String = "POST"): Response<Any?> =
        handle.runWithResponse(Calls.call(action, params, method))
}
