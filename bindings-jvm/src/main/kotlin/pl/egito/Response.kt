package pl.egito

import pl.egito.json.JsonReader

/** The result of a call with its HTTP response. */
public class Response<out T> internal constructor(
    /** The result. */
    public val value: T,
    /** HTTP status. */
    public val status: Int,
    /** Headers by their names in lower case. A header that was sent several times has several values. */
    public val headers: Map<String, List<String>>,
    /** Number of requests of the call, without logins. */
    public val attempts: Int,
    /** Number of the call, as in its events. */
    public val callId: Long,
    /** Duration of the call in seconds. */
    public val elapsed: Double,
) {
    /** Returns the status and the value; headers may be long. */
    override fun toString(): String = "Response(status=$status, attempts=$attempts, callId=$callId, value=$value)"

    internal companion object {
        /** Reads a response of the native library: an array of the members. */
        fun <T> of(json: ByteArray, decode: (ByteArray) -> T): Response<T> {
            val members = ArrayList<ByteArray>()
            JsonReader(json, 0, json.size).elements { start, end -> members.add(json.copyOfRange(start, end)) }
            val (status, headers, attempts, callId, nanoseconds) = members.drop(1).map(JsonReader::read)
            return Response(
                decode(members[0]),
                (status as Long).toInt(),
                headersOf(headers as List<*>),
                (attempts as Long).toInt(),
                callId as Long,
                (nanoseconds as Long) / 1e9,
            )
        }

        private fun headersOf(pairs: List<*>): Map<String, List<String>> =
            pairs.filterIsInstance<List<*>>().groupBy({ it[0] as String }, { it[1] as String })
    }
}
