package pl.egito

import pl.egito.json.JsonReader

/** Counters of a client, since it was created. */
public class Stats internal constructor(members: Map<*, *>) {
    /** Number of calls that were started. Each page of a list is a call. */
    public val calls: Long = members["calls"] as Long

    /** Number of requests of these calls, retries included, logins not. */
    public val attempts: Long = members["attempts"] as Long

    /** Number of retries: attempts after a delay, because the one before failed. */
    public val retries: Long = members["retries"] as Long

    /** Number of token requests. */
    public val logins: Long = members["logins"] as Long

    /** Total size of request bodies in bytes. */
    public val bytesSent: Long = members["bytes_sent"] as Long

    /** Total size of response bodies in bytes, after decompression. */
    public val bytesReceived: Long = members["bytes_received"] as Long

    internal constructor(json: ByteArray) : this(JsonReader.read(json) as Map<*, *>)

    override fun toString(): String =
        "Stats(calls=$calls, attempts=$attempts, retries=$retries, logins=$logins, bytesSent=$bytesSent, bytesReceived=$bytesReceived)"
}
