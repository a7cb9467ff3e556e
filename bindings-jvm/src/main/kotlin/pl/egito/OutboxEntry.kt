package pl.egito

import java.time.Instant
import pl.egito.json.jsonOf

/** What an entry of an outbox does. */
public enum class EntryAction {
    /** Creates a record once. */
    CREATE,

    /** Creates a record, or updates what differs. */
    UPSERT,

    /** Updates fields. */
    UPDATE,

    /** Deletes a record. */
    DELETE,
}

/** The state of an entry of an outbox. */
public enum class EntryState {
    /** It was not sent yet, or will be sent again. */
    WAITING,

    /** A delivery sends it now. */
    SENDING,

    /** The server refused it. It holds back later entries of its group. */
    REFUSED,

    /** It may have been done, and is looked for before it is sent again. */
    UNCLEAR,

    /** It is done. */
    DELIVERED,
}

/** An entry of an outbox: one write. Members that do not apply are `null`. */
public class OutboxEntry internal constructor(members: Map<*, *>) {
    /** Number of the entry in its outbox. */
    public val id: Long = members["id"] as Long

    /** Entity of the record. */
    public val entity: String = members["entity"] as String

    /** Action to be done. */
    public val action: EntryAction = EntryAction.valueOf((members["action"] as String).uppercase())

    /** State of the entry. */
    public val state: EntryState = EntryState.valueOf((members["state"] as String).uppercase())

    /** Names of the fields of the key; empty for an update and a delete. */
    public val key: List<String> = stringsOf(members["key"])

    /** Id of the record: that of an update or a delete, and that of a delivered create or upsert. */
    public val recordId: RecordId? = RecordId.ofJson(members["record_id"])

    /** Record or fields to be sent; `null` for a delete. */
    public val record: Record? = members["record"]?.let { Record(jsonOf(it, "record")) }

    /** How often it was sent, or may have been sent. */
    public val attempts: Int = (members["attempts"] as Long).toInt()

    /** Error of the last attempt. */
    public val error: EgitoException? = errorOf(members["error"])

    /** When it was put. */
    public val createdAt: Instant = Instant.parse(members["created_at"] as String)

    /** When it may be sent next, for an entry that is waiting or unclear and not held back by an earlier entry of its group. */
    public val nextAttemptAt: Instant? = instantOf(members["next_attempt_at"])

    /** When it was delivered. */
    public val deliveredAt: Instant? = instantOf(members["delivered_at"])

    override fun toString(): String = "OutboxEntry(id=$id, action=$action, entity=$entity, state=$state, attempts=$attempts)"
}

/** The number of entries of an outbox in each state. */
public class OutboxCounts internal constructor(members: Map<*, *>) {
    /** Number of entries that were not sent yet, or will be sent again. */
    public val waiting: Long = members["waiting"] as Long

    /** Number of entries that a delivery sends now. */
    public val sending: Long = members["sending"] as Long

    /** Number of entries that the server refused. */
    public val refused: Long = members["refused"] as Long

    /** Number of entries that may have been done. */
    public val unclear: Long = members["unclear"] as Long

    /** Number of entries that are done. */
    public val delivered: Long = members["delivered"] as Long

    override fun toString(): String =
        "OutboxCounts(waiting=$waiting, sending=$sending, refused=$refused, unclear=$unclear, delivered=$delivered)"
}

/** The result of a delivery. */
public class Delivery internal constructor(members: Map<*, *>) {
    /** Number of entries that this call has delivered. */
    public val delivered: Long = members["delivered"] as Long

    /** Number of entries that the server refused in this call. */
    public val refused: Long = members["refused"] as Long

    /** Number of entries of the outbox whose outcome is unclear. */
    public val unclear: Long = members["unclear"] as Long

    /** Number of entries of the outbox that are still waiting. */
    public val waiting: Long = members["waiting"] as Long

    /** When the next entry may be sent; `null` if none can be sent by itself. */
    public val nextAttemptAt: Instant? = instantOf(members["next_attempt_at"])

    /** Why the outbox is paused: the server is down, or refuses the login. */
    public val pausedBy: EgitoException? = errorOf(members["paused_by"])

    override fun toString(): String = "Delivery(delivered=$delivered, refused=$refused, unclear=$unclear, waiting=$waiting)"
}

private fun instantOf(text: Any?): Instant? = (text as String?)?.let(Instant::parse)

@Suppress("UNCHECKED_CAST")
private fun errorOf(details: Any?): EgitoException? = (details as Map<String, Any?>?)?.let(::exceptionOf)
