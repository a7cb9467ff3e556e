package pl.egito

import java.time.Duration
import java.util.concurrent.CompletableFuture
import kotlin.time.toKotlinDuration

/** An [Outbox] whose methods return futures. Cancelling a future does not undo what was stored. */
public class AsyncOutbox internal constructor(private val outbox: CoroutineOutbox) : AutoCloseable {
    /** Stores a record to be created, see [Outbox.put]. */
    public fun put(entity: String, record: Map<String, *>, key: RecordKey): CompletableFuture<Long> =
        future { outbox.put(entity, record, key) }

    /** Like [put], with one field as the key. */
    public fun put(entity: String, record: Map<String, *>, key: String): CompletableFuture<Long> =
        put(entity, record, RecordKey.of(key))

    /** Stores a record to be created or updated, see [Outbox.putUpsert]. */
    public fun putUpsert(entity: String, record: Map<String, *>, key: RecordKey): CompletableFuture<Long> =
        future { outbox.putUpsert(entity, record, key) }

    /** Like [putUpsert], with one field as the key. */
    public fun putUpsert(entity: String, record: Map<String, *>, key: String): CompletableFuture<Long> =
        putUpsert(entity, record, RecordKey.of(key))

    /** Stores fields of a record to be updated, see [Outbox.putUpdate]. */
    public fun putUpdate(entity: String, id: Any, fields: Map<String, *>): CompletableFuture<Long> =
        future { outbox.putUpdate(entity, id, fields) }

    /** Stores the id of a record to be deleted, see [Outbox.putDelete]. */
    public fun putDelete(entity: String, id: Any): CompletableFuture<Long> = future { outbox.putDelete(entity, id) }

    /** Sends the entries that are due, see [Outbox.deliver]. Cancelling the future takes no further entries. */
    @JvmOverloads
    public fun deliver(limit: Long? = null): CompletableFuture<Delivery> = future { outbox.deliver(limit) }

    /** Returns entries in the order of their ids, see [Outbox.entries]. */
    @JvmOverloads
    public fun entries(state: EntryState? = null, limit: Int? = null, after: Long? = null): CompletableFuture<List<OutboxEntry>> =
        future { outbox.entries(state, limit, after) }

    /** Returns an entry, see [Outbox.get]. */
    public fun get(id: Long): CompletableFuture<OutboxEntry> = future { outbox.get(id) }

    /** Returns the number of entries in each state. */
    public fun counts(): CompletableFuture<OutboxCounts> = future { outbox.counts() }

    /** Makes an entry due now, see [Outbox.retry]. */
    public fun retry(id: Long): CompletableFuture<Void?> = done { outbox.retry(id) }

    /** Replaces the record of an entry, see [Outbox.edit]. */
    public fun edit(id: Long, record: Map<String, *>): CompletableFuture<Void?> = done { outbox.edit(id, record) }

    /** Removes an entry, see [Outbox.discard]. */
    public fun discard(id: Long): CompletableFuture<Void?> = done { outbox.discard(id) }

    /** Delivers in the background with an interval, see [Outbox.start]. */
    public fun start(interval: Duration): Unit = outbox.start(interval.toKotlinDuration())

    /** Delivers in the background with the default interval of 5 seconds. */
    public fun start(): Unit = outbox.start()

    /** Stops what [start] has started, and completes when its calls in flight have ended, after some seconds at most. */
    public fun stop(): CompletableFuture<Void?> = done { outbox.stop() }

    /** Returns the result of the last delivery in the background, see [Outbox.lastDelivery]. */
    public fun lastDelivery(): Delivery? = outbox.lastDelivery()

    /** Stops, as [stop] does, and waits for it on this thread. */
    override fun close(): Unit = outbox.stopBlocking()

    private fun done(call: suspend () -> Unit): CompletableFuture<Void?> = future {
        call()
        null
    }
}
