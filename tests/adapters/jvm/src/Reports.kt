package pl.egito.adapter

import pl.egito.BulkRow
import pl.egito.Change
import pl.egito.Delivery
import pl.egito.EgitoEvent
import pl.egito.EgitoException
import pl.egito.EgitoJson
import pl.egito.FoundOrCreated
import pl.egito.OutboxCounts
import pl.egito.OutboxEntry
import pl.egito.Record
import pl.egito.Response
import pl.egito.Stats
import pl.egito.Upserted

/** Returns one line of JSON with the value as the judge reads it. */
fun jsonOf(value: Any?): String = EgitoJson.stringify(plainOf(value))

/** Converts the results of the library to values that have a JSON type, with the names that all languages share. */
private fun plainOf(value: Any?): Any? = when (value) {
    is Response<*> -> mapOf(
        "value" to plainOf(value.value), "status" to value.status, "headers" to value.headers,
        "attempts" to value.attempts, "call_id" to value.callId, "elapsed" to value.elapsed,
    )
    is FoundOrCreated -> mapOf("id" to value.id, "created" to value.isCreated, "duplicates" to value.duplicates)
    is Upserted -> mapOf(
        "id" to value.id, "change" to nameOf(value.change), "fields" to value.fields, "duplicates" to value.duplicates,
    )
    is Stats -> mapOf(
        "calls" to value.calls, "attempts" to value.attempts, "retries" to value.retries, "logins" to value.logins,
        "bytes_sent" to value.bytesSent, "bytes_received" to value.bytesReceived,
    )
    is EgitoEvent -> mapOf(
        "kind" to nameOf(value.kind), "call" to value.call, "action" to value.action, "entity" to value.entity, "entry" to value.entry,
        "method" to value.method, "host" to value.host, "attempt" to value.attempt, "status" to value.status,
        "code" to value.code, "elapsed" to value.elapsed, "bytes" to value.bytes,
    )
    is OutboxEntry -> mapOf(
        "id" to value.id, "entity" to value.entity, "action" to nameOf(value.action), "state" to nameOf(value.state),
        "key" to value.key, "record_id" to value.recordId, "record" to value.record, "attempts" to value.attempts,
        "error" to plainOf(value.error), "created_at" to text(value.createdAt),
        "next_attempt_at" to text(value.nextAttemptAt), "delivered_at" to text(value.deliveredAt),
    ).filterValues { it != null }
    is OutboxCounts -> mapOf(
        "waiting" to value.waiting, "sending" to value.sending, "refused" to value.refused,
        "unclear" to value.unclear, "delivered" to value.delivered,
    )
    is Delivery -> mapOf(
        "delivered" to value.delivered, "refused" to value.refused, "unclear" to value.unclear, "waiting" to value.waiting,
        "next_attempt_at" to text(value.nextAttemptAt), "paused_by" to plainOf(value.pausedBy),
    ).filterValues { it != null }
    is EgitoException -> detailsOf(value)
    is Map<*, *> -> if (value is Record) value else value.mapValues { (_, member) -> plainOf(member) }
    is List<*> -> value.map(::plainOf)
    else -> value
}

/** Returns the row of a bulk. Rows have more members if the bulk has a key or a journal. */
fun rowOf(row: BulkRow<*>, args: Arguments): Map<String, Any?> = buildMap {
    put("index", row.index)
    put("input", inputOf(row.input))
    put("id", row.id)
    put("record", row.record)
    if ("key" in args) {
        put("change", row.change?.let(::nameOf))
        put("fields", row.fields)
        put("duplicates", row.duplicates)
    }
    if ("journal" in args) put("resumed", row.isResumed)
    putAll(row.error?.let(::failureOf) ?: mapOf("error" to null))
}

/** Returns the input of a row as the case has it. A record may be invalid JSON for a record, such as a list. */
private fun inputOf(input: Any?): Any? = when (input) {
    is Change -> listOf(input.id, inputOf(input.fields))
    is Record -> EgitoJson.parse(input.json)
    else -> input
}

/** Returns every detail of an error, and its class. */
fun detailsOf(error: EgitoException): Map<String, Any?> = mapOf(
    "class" to error.javaClass.simpleName, "code" to error.code, "message" to withSharedNames(error.message.orEmpty()),
    "outcome" to error.outcome, "retryable" to error.isRetryable, "invalid_record" to error.isInvalidRecord, "status" to error.status,
    "entity" to error.entity, "action" to error.action, "id" to error.id, "attempts" to error.attempts,
    "elapsed" to error.elapsed, "category" to error.category, "setting" to error.setting?.let(::sharedName),
    "retry_after" to error.retryAfter, "oauth_error" to error.oauthError,
    "oauth_description" to error.oauthDescription, "content_type" to error.contentType, "body_start" to error.bodyStart,
    "record" to error.record, "limit" to error.limit, "reason" to error.reason, "cause" to error.causeText, "os_error" to error.osError,
    "errors" to error.errors.map {
        mapOf(
            "field" to it.field, "message" to it.message, "rejected_value" to it.rejectedValue,
            "object" to it.objectName, "raw" to it.raw,
        )
    },
)

/** Returns a message with the names of settings that all languages share. */
private fun withSharedNames(message: String): String = Regex("`(\\w+)`").replace(message) { "`${sharedName(it.groupValues[1])}`" }

private fun sharedName(setting: String): String = Regex("[A-Z]").replace(setting) { "_${it.value.lowercase()}" }

private fun nameOf(value: Enum<*>): String = value.name.lowercase()

private fun text(moment: Any?): String? = moment?.toString()
