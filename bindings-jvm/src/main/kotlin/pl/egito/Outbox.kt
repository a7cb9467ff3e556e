package pl.egito

import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.DurationUnit
import kotlin.time.toKotlinDuration
import pl.egito.internal.NativeContext
import pl.egito.internal.NativeOutbox
import pl.egito.json.JsonReader

/**
 * Writes that are stored in a file first, and sent to the server later: once, and in order. Created by [Egito.outbox]. Any number of
 * threads and processes of one machine can use the same file at the same time.
 *
 * ```kotlin
 * val outbox = egito.outbox("egito-outbox.db")
 * outbox.put("Lead", mapOf("formKey" to "2026-11-27-0017", "lastName" to "Ryś"), key = "formKey") // on the disk; the server may be down
 * val delivery = outbox.deliver() // in this process or another one, now or later
 * ```
 *
 * Entries whose key or id is the same form a group: they are sent one after the other, in the order in which they were put. An entry that
 * the server refused holds back the later ones of its group.
 *
 * Every method throws [ConfigException] (setting `outbox`) if the file cannot be read or written: it is read-only, damaged, locked for
 * long, or the disk is full.
 */
public class Outbox internal constructor(private val handle: NativeOutbox, private val context: NativeContext? = null) : AutoCloseable {
    /**
     * Stores a record to be created, and returns the id of its entry. The entry is on the disk then: it is delivered even if the program or
     * the machine fails now. Putting the same key again returns the id of the entry that is there, whatever its state.
     */
    public fun put(entity: String, record: Map<String, *>, key: RecordKey): Long = run(OutboxRequest.put(entity, record, key))

    /** Like [put], with one field as the key. */
    public fun put(entity: String, record: Map<String, *>, key: String): Long = put(entity, record, RecordKey.of(key))

    /**
     * Stores a record to be created or, if one with this key exists by then, to be updated, see [Entity.upsert]. Every call stores an entry
     * of its own, and returns its id.
     */
    public fun putUpsert(entity: String, record: Map<String, *>, key: RecordKey): Long =
        run(OutboxRequest.putUpsert(entity, record, key))

    /** Like [putUpsert], with one field as the key. */
    public fun putUpsert(entity: String, record: Map<String, *>, key: String): Long = putUpsert(entity, record, RecordKey.of(key))

    /** Stores fields of the record with the id, a number, a string or a [RecordId], to be updated, and returns the id of the entry. */
    public fun putUpdate(entity: String, id: Any, fields: Map<String, *>): Long = run(OutboxRequest.putUpdate(entity, id, fields))

    /** Stores the id of a record to be deleted, a number, a string or a [RecordId], and returns the id of the entry. */
    public fun putDelete(entity: String, id: Any): Long = run(OutboxRequest.putDelete(entity, id))

    /**
     * Sends the entries that are due, and returns when none is due any more. Several deliveries can run at the same time, also in several
     * processes. [limit] is the maximum number of entries. Errors of entries are in the entries.
     *
     * An entry that may have been sent before is looked for by its key before it is sent again. While the server is down or refuses the
     * login, the outbox is paused: this returns at once, and the entries keep waiting.
     */
    @JvmOverloads
    public fun deliver(limit: Long? = null): Delivery = run(OutboxRequest.deliver(limit))

    /**
     * Returns entries in the order of their ids: those in one state, at most [limit] (default: 100), with an id larger than [after] to read
     * more than that.
     */
    @JvmOverloads
    public fun entries(state: EntryState? = null, limit: Int? = null, after: Long? = null): List<OutboxEntry> =
        run(OutboxRequest.entries(state, limit, after))

    /** Returns an entry. Throws [NotFoundException] if the outbox has no entry with this id. */
    public fun get(id: Long): OutboxEntry = run(OutboxRequest.get(id))

    /** Returns the number of entries in each state. */
    public fun counts(): OutboxCounts = run(OutboxRequest.counts())

    /**
     * Makes an entry due now, also one that the server refused, and ends a pause of the outbox. Throws [NotFoundException], or
     * [ConfigException] (setting `id`) if the entry is delivered or is sent just now.
     */
    public fun retry(id: Long): Unit = run(OutboxRequest.retry(id))

    /**
     * Replaces the record of an entry that is waiting or refused, and makes it due now. Its key must stay the same. Throws
     * [NotFoundException], or [ConfigException]: setting `id` if the entry may be done or is a delete, `record` if the key differs.
     */
    public fun edit(id: Long, record: Map<String, *>): Unit = run(OutboxRequest.edit(id, record))

    /** Removes an entry that is not delivered. Nothing is sent; an entry that is unclear may have been done. Throws like [retry]. */
    public fun discard(id: Long): Unit = run(OutboxRequest.discard(id))

    /**
     * Delivers in the background whenever this process puts an entry, and otherwise after each [interval], for entries of other processes.
     * Does nothing if it runs already. It ends with [stop], or when the client is closed.
     *
     * It does not keep the process alive. Call [stop] before the process ends, so that no entry is left unclear.
     */
    public fun start(interval: Duration): Unit =
        native { handle.start(interval.toDouble(DurationUnit.SECONDS), context) }

    /** Starts with the default interval of 5 seconds. */
    public fun start(): Unit = start(DEFAULT_INTERVAL)

    /** Starts with an interval. */
    public fun start(interval: java.time.Duration): Unit = start(interval.toKotlinDuration())

    /** Stops what [start] has started, and waits for the calls in flight, some seconds at most, even if the thread is interrupted. */
    public fun stop() {
        val request = OutboxRequest.stop()
        closing({ handle.run(request.call, context) }) { handle.runAsync(request.call, context) }
    }

    /** Returns the result of the last delivery in the background, `null` if none has ended. Throws its error if it failed. */
    public fun lastDelivery(): Delivery? = native { handle.lastDelivery() }?.let { deliveryOf(JsonReader.read(it)) }

    /** Stops, as [stop] does. */
    override fun close(): Unit = stop()

    private fun <T> run(request: OutboxRequest<T>): T =
        request.decode(blocking({ handle.run(request.call, context) }) { handle.runAsync(request.call, context) })
}

/** How long an outbox that was started waits between two deliveries. */
internal val DEFAULT_INTERVAL: Duration = 5.seconds
