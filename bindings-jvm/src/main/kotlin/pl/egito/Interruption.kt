package pl.egito

import pl.egito.internal.EntityCall
import pl.egito.internal.outcomeUnknownAdvice
import pl.egito.json.JsonReader

/** The errors of a call whose virtual thread is interrupted. [details] are those of the call. */
internal class Interruption(private val effect: Effect = Effect.READ, private val details: Map<String, Any?> = emptyMap()) {
    /** What a call does on the server. */
    enum class Effect { READ, WRITE, CREATE }

    /** Returns the error of a call that was not started. */
    fun beforeStart(): EgitoException {
        val outcome = if (effect == Effect.READ) null else "not_sent"
        return error("cancelled", "the call was cancelled before it was sent: its thread was interrupted", outcome)
    }

    /** Returns the error of a call in flight. The result of its request is not waited for. */
    fun inFlight(cause: InterruptedException): EgitoException {
        val message = "the call was cancelled: its thread was interrupted"
        return when (effect) {
            Effect.READ -> error("cancelled", message, null, cause)
            Effect.WRITE -> error("cancelled", message, "unknown", cause)
            Effect.CREATE -> error("outcome_unknown", "$message; ${outcomeUnknownAdvice()}", "unknown", cause)
        }
    }

    private fun error(code: String, message: String, outcome: String?, cause: Throwable? = null): EgitoException {
        val call = listOfNotNull(details["action"], details["entity"], details["id"]).joinToString(" ")
        val text = if (call.isEmpty()) message else "$call: $message"
        return exceptionOf(details + mapOf("code" to code, "message" to text, "outcome" to outcome), cause)
    }

    companion object {
        /** Returns the errors of a read of a list. */
        fun ofList(entity: String): Interruption = Interruption(Effect.READ, mapOf("action" to "list", "entity" to entity))

        /** Returns the errors of a call of an entity. */
        fun of(call: EntityCall, entity: String): Interruption {
            fun of(effect: Effect, action: String, id: String? = null, record: ByteArray? = null): Interruption {
                val details = mapOf("action" to action, "entity" to entity, "id" to id?.let(::valueOf), "record" to record?.let(JsonReader::read))
                return Interruption(effect, details.filterValues { it != null })
            }
            return when (call) {
                is EntityCall.Get -> of(Effect.READ, "get", call.id)
                is EntityCall.Ids, is EntityCall.Deleted -> of(Effect.READ, "list")
                is EntityCall.Update -> of(Effect.WRITE, "update", call.id)
                is EntityCall.Delete -> of(Effect.WRITE, "delete", call.id)
                is EntityCall.Upsert -> of(Effect.WRITE, "upsert")
                is EntityCall.Create -> of(Effect.CREATE, "create", record = call.record)
                is EntityCall.CreateOnce -> of(Effect.CREATE, "create", record = call.record)
                is EntityCall.Call -> of(Effect.CREATE, call.action)
            }
        }

        private fun valueOf(id: String): Any? = JsonReader.read(id.encodeToByteArray())
    }
}
