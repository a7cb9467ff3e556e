package pl.egito

import pl.egito.internal.NativeEventListener
import pl.egito.json.JsonReader

/** Whether an attempt starts or has ended. */
public enum class EventKind {
    /** The attempt starts. Only with the setting `startEvents`. */
    START,

    /** The attempt has ended, with a response or an error. */
    END,
}

/** A report about one attempt. It contains no secrets, records or filters. */
public class EgitoEvent internal constructor(members: Map<*, *>) {
    /** Start or end of the attempt. */
    public val kind: EventKind = EventKind.valueOf((members["kind"] as String).uppercase())

    /** Number of the call, counted by the client. All attempts of a call have the same number, and so does a login that it needed. */
    public val call: Long = members["call"] as Long

    /** Action, such as `create` or `get`, or `login`. */
    public val action: String = members["action"] as String

    /** Entity of the call; `null` for a login. */
    public val entity: String? = members["entity"] as String?

    /** Id of the outbox entry that the call belongs to; `null` for other calls and for a login. */
    public val entry: Long? = members["entry"] as Long?

    /** HTTP method of the request. */
    public val method: String = members["method"] as String

    /** Host of the server, with its port unless it is the default one. */
    public val host: String = members["host"] as String

    /** Number of the attempt, from 1. */
    public val attempt: Int = (members["attempt"] as Long).toInt()

    /** HTTP status of the response, if there was one. */
    public val status: Int? = (members["status"] as Long?)?.toInt()

    /** Code of the error, such as `timeout`, if the attempt failed. */
    public val code: String? = members["code"] as String?

    /** Duration of the attempt in seconds; 0 at its start. */
    public val elapsed: Double = (members["elapsed"] as Number).toDouble()

    /** Size of the response body in bytes; 0 for a login and at a start. */
    public val bytes: Long = members["bytes"] as Long

    override fun toString(): String =
        "EgitoEvent(kind=$kind, call=$call, action=$action, entity=$entity, attempt=$attempt, status=$status, code=$code)"
}

/** Receives the events of a client. */
public fun interface EgitoEventListener {
    /**
     * Receives an event on a thread of the SDK, or on that of the call. It must return soon, and can make no call of the client: a call,
     * also one in the background, throws a [ConfigException], since waiting for it would never end. Pass the event to another thread.
     *
     * What it throws does not change the result of the call. It is passed to the uncaught exception handler of the thread, which by
     * default prints it with its stack trace on `System.err`.
     */
    public fun onEvent(event: EgitoEvent)
}

/** Passes the events of the core to a listener. */
internal class EventBridge(private val listener: EgitoEventListener) : NativeEventListener {
    override fun onEvent(json: ByteArray): Unit = Listeners.run { listener.onEvent(EgitoEvent(JsonReader.read(json) as Map<*, *>)) }
}
