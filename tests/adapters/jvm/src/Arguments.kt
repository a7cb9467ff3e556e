package pl.egito.adapter

import pl.egito.BulkOptions
import pl.egito.Change
import pl.egito.ChangesOptions
import pl.egito.CloseableIterator
import pl.egito.EgitoJson
import pl.egito.EntryState
import pl.egito.Lookup
import pl.egito.Record
import pl.egito.RecordId
import pl.egito.RecordKey
import java.math.BigInteger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** Arguments of one call. It notes which are used: one that a player does not use is an error, see [requireAllUsed]. */
class Arguments(private val all: Map<String, Any?>) {
    private val used = mutableSetOf<String>()

    operator fun contains(name: String): Boolean = name in all

    fun value(name: String): Any? = all[name].also { used += name }

    fun text(name: String): String = value(name) as String

    fun textOrNull(name: String): String? = value(name) as String?

    fun number(name: String): Int? = (value(name) as Number?)?.toInt()

    fun isTrue(name: String): Boolean = value(name) == true

    fun milliseconds(name: String): Duration? = number(name)?.milliseconds

    fun seconds(name: String): Duration? = (value(name) as Number?)?.toDouble()?.seconds

    fun names(name: String): List<String> = when (val given = value(name)) {
        null -> listOf()
        is String -> listOf(given)
        else -> elementsOf(given).map { it as String }
    }

    fun list(name: String): List<Any?> = elementsOf(value(name))

    fun objectOrNull(name: String): Map<String, Any?>? = value(name)?.let(::objectOf)

    fun id(): RecordId = idOf(value("id"))

    fun ids(name: String): List<RecordId> = list(name).map(::idOf)

    fun record(): Map<String, Any?> = recordOf(value("record"))

    fun records(): List<Map<String, Any?>> = list("inputs").map(::recordOf)

    fun changes(): List<Change> =
        list("inputs").map(::elementsOf).map { (id, fields) -> Change(idOf(id), recordOf(fields)) }

    /** Returns the key, or `null` if the call has none. */
    fun keyOrNull(): RecordKey? {
        if ("key" !in this) return null
        var key = RecordKey.of(*names("key").toTypedArray())
        milliseconds("settle_ms")?.let { key = key.settle(it) }
        textOrNull("lookup")?.let { key = key.lookup(Lookup.valueOf(it.uppercase())) }
        return key
    }

    fun key(): RecordKey = checkNotNull(keyOrNull())

    /** Returns the options of a bulk that appends its progress to a list. */
    fun bulkOptions(progress: MutableList<List<Long>>) = BulkOptions().also { options ->
        number("concurrency")?.let { options.concurrency = it }
        number("max_failures")?.let { options.maxFailures = it.toLong() }
        options.outageTimeout = seconds("outage_timeout")
        options.cancelGrace = seconds("cancel_grace")
        options.journal = textOrNull("journal")
        options.onProgress { now -> progress += listOf(now.done, now.failed) }
    }

    fun filters(): Map<String, Any?> = objectOrNull("filters").orEmpty()

    fun sort(): String? = textOrNull("sort")

    fun order(): String? = textOrNull("order")

    fun pageSize(): Int? = number("page_size")

    fun limit(): Long? = number("limit")?.toLong()

    fun start(): Long? = number("start")?.toLong()

    fun params(): Map<String, Any?> = objectOrNull("params").orEmpty()

    fun changesOptions(): ChangesOptions {
        val options = ChangesOptions().since(textOrNull("since"))
        textOrNull("by")?.let(options::by)
        milliseconds("lag_ms")?.let { options.lag(it.toJavaDuration()) }
        filters().forEach(options::filter)
        pageSize()?.let(options::pageSize)
        return options
    }

    /** Returns the HTTP method of a custom action; it is POST unless the case has another one. */
    fun httpMethod(): String = textOrNull("method") ?: "POST"

    fun entryId(): Long = value("id") as Long

    fun entryState(): EntryState? = textOrNull("state")?.let { EntryState.valueOf(it.uppercase()) }

    /** Returns the first `take` elements of a list, or all of them, and closes it. */
    fun <T> first(elements: CloseableIterator<T>): List<T> = elements.use {
        val all = it.asSequence()
        (number("take")?.let(all::take) ?: all).toList()
    }

    fun requireAllUsed() {
        (all.keys - used).firstOrNull()?.let { throw Unknown("argument $it") }
    }
}

/** Reads a JSON object. */
fun readJson(json: String): Map<String, Any?> = objectOf(EgitoJson.parse(json))

@Suppress("UNCHECKED_CAST")
fun objectOf(value: Any?): Map<String, Any?> = value as Map<String, Any?>

@Suppress("UNCHECKED_CAST")
fun elementsOf(value: Any?): List<Any?> = value as List<Any?>

fun listOfObjects(value: Any?): List<Map<String, Any?>> = elementsOf(value).map(::objectOf)

fun idOf(value: Any?): RecordId = when (value) {
    is Long -> RecordId.of(value)
    is BigInteger -> RecordId.of(value)
    is String -> RecordId.of(value)
    else -> throw Skipped("the types of Kotlin forbid such an id")
}

/** Returns a record to be sent. Only an object is a `Map`; the library gets any other value as JSON, and refuses it. */
fun recordOf(value: Any?): Map<String, Any?> = if (value is Map<*, *>) objectOf(value) else Record.parse(jsonOf(value))
