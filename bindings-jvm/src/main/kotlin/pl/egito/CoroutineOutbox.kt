package pl.egito

import kotlin.time.Duration
import kotlin.time.DurationUnit
import pl.egito.internal.NativeContext
import pl.egito.internal.NativeOutbox
import pl.egito.json.JsonReader

/** An [Outbox] for coroutines. Cancelling a coroutine does not undo what was stored. */
public class CoroutineOutbox internal constructor(private val handle: NativeOutbox, private val context: NativeContext? = null) {
    /** Stores a record to be created, see [Outbox.put]. */
    public suspend fun put(entity: String, record: Map<String, *>, key: RecordKey): Long = run(OutboxRequest.put(entity, record, key))

    /** Like [put], with one field as the key. */
    public suspend fun put(entity: String, record: Map<String, *>, key: String): Long = put(entity, record, RecordKey.of(key))

    /** Stores a record to be created or updated, see [Outbox.putUpsert]. */
    public suspend fun putUpsert(entity: String, record: Map<String, *>, key: RecordKey): Long =
        run(OutboxRequest.putUpsert(entity, record, key))

    /** Like [putUpsert], with one field as the key. */
    public suspend fun putUpsert(entity: String, record: Map<String, *>, key: String): Long =
        putUpsert(entity, record, RecordKey.of(key))

    /** Stores fields of a record to be updated, see [Outbox.putUpdate]. */
    public suspend fun putUpdate(entity: String, id: Any, fields: Map<String, *>): Long = run(OutboxRequest.putUpdate(entity, id, fields))

    /** Stores the id of a record to be deleted, see [Outbox.putDelete]. */
    public suspend fun putDelete(entity: String, id: Any): Long = run(OutboxRequest.putDelete(entity, id))

    /** Sends the entries that are due, see [Outbox.deliver]. */
    public suspend fun deliver(limit: Long? = null): Delivery = run(OutboxRequest.deliver(limit))

    /** Returns entries in the order of their ids, see [Outbox.entries]. */
    public suspend fun entries(state: EntryState? = null, limit: Int? = null, after: Long? = null): List<OutboxEntry> =
        run(OutboxRequest.entries(state, limit, after))

    /** Returns an entry, see [Outbox.get]. */
    public suspend fun get(id: Long): OutboxEntry = run(OutboxRequest.get(id))

    /** Returns the number of entries in each state. */
    public suspend fun counts(): OutboxCounts = run(OutboxRequest.counts())

    /** Makes an entry due now, see [Outbox.retry]. */
    public suspend fun retry(id: Long): Unit = run(OutboxRequest.retry(id))

    /** Replaces the record of an entry, see [Outbox.edit]. */
    public suspend fun edit(id: Long, record: Map<String, *>): Unit = run(OutboxRequest.edit(id, record))

    /** Removes an entry, see [Outbox.discard]. */
    public suspend fun discard(id: Long): Unit = run(OutboxRequest.discard(id))

    /** Delivers in the background, see [Outbox.start]. */
    public fun start(interval: Duration = DEFAULT_INTERVAL): Unit =
        native { handle.start(interval.toDouble(DurationUnit.SECONDS), context) }

    /** Stops what [start] has started, and waits for the calls in flight, some seconds at most. */
    public suspend fun stop(): Unit = run(OutboxRequest.stop())

    /** Returns the result of the last delivery in the background, see [Outbox.lastDelivery]. */
    public fun lastDelivery(): Delivery? = native { handle.lastDelivery() }?.let { deliveryOf(JsonReader.read(it)) }

    /** Stops, and waits for it on this thread. */
    internal fun stopBlocking() = awaitEnd { stop() }

    private suspend fun <T> run(request: OutboxRequest<T>): T = request.decode(background { handle.runAsync(request.call, context) })
}
