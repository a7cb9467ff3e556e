package pl.egito

import java.util.function.Consumer
import kotlin.time.Duration
import kotlin.time.toKotlinDuration
import pl.egito.json.jsonOf

/**
 * Options of a bulk.
 *
 * ```kotlin
 * egito.leads.createMany(leads, BulkOptions { concurrency = 4; journal = "leads.journal" })
 * ```
 *
 * ```java
 * egito.leads().createMany(leads, new BulkOptions().concurrency(4).journal("leads.journal"));
 * ```
 */
public class BulkOptions {
    /** Maximum number of calls in flight. Default: 8; the settings `maxConcurrency` and `requestsPerSecond` limit it as well. */
    public var concurrency: Int? = null

    /**
     * Maximum time to wait for a server that does not respond. The bulk pauses and probes the server; after this time every further input
     * has a row with a [ConnectionException] and the outcome `not_sent`. Default: 5 minutes; zero disables the pause.
     */
    public var outageTimeout: Duration? = null

    /**
     * Maximum number of failed rows. After it nothing more is sent, and the other inputs have rows with a [CancelledException] and the
     * outcome `not_sent`. No limit by default.
     */
    public var maxFailures: Long? = null

    /** Maximum time for calls in flight to finish after the bulk was cancelled. Default: 5 seconds. */
    public var cancelGrace: Duration? = null

    /**
     * Path of a file that keeps what was done. The same call with the same journal continues after an interruption: rows that were done
     * are returned from the journal, as resumed, and not sent again. Not for `getMany` and `planUpsert`.
     */
    public var journal: String? = null

    /**
     * The fields that identify a record. In a `createMany`, a record is then looked for if the outcome of its create is unknown. It is not
     * looked for before it is created.
     */
    public var key: RecordKey? = null

    private var onProgress: Consumer<BulkProgress>? = null

    /** Calls [listener] after each call that finishes, also while its row waits for a slower one, on the thread that reads the rows. */
    public fun onProgress(listener: Consumer<BulkProgress>): BulkOptions = apply { onProgress = listener }

    /** Sets [concurrency]. */
    public fun concurrency(calls: Int): BulkOptions = apply { concurrency = calls }

    /** Sets [outageTimeout]. */
    public fun outageTimeout(timeout: java.time.Duration): BulkOptions = apply { outageTimeout = timeout.toKotlinDuration() }

    /** Sets [maxFailures]. */
    public fun maxFailures(rows: Long): BulkOptions = apply { maxFailures = rows }

    /** Sets [cancelGrace]. */
    public fun cancelGrace(time: java.time.Duration): BulkOptions = apply { cancelGrace = time.toKotlinDuration() }

    /** Sets [journal]. */
    public fun journal(path: String): BulkOptions = apply { journal = path }

    /** Sets [key] to one field. */
    public fun key(field: String): BulkOptions = key(RecordKey.of(field))

    /** Sets [key]. */
    public fun key(key: RecordKey): BulkOptions = apply { this.key = key }

    internal val progressListener: Consumer<BulkProgress>? get() = onProgress

    /** Returns the options as JSON for the core, with a key that replaces their own. */
    internal fun toJson(key: RecordKey?): ByteArray {
        val members = mapOf(
            "concurrency" to concurrency,
            "outage_timeout" to outageTimeout?.let(::inSeconds),
            "max_failures" to maxFailures,
            "cancel_grace" to cancelGrace?.let(::inSeconds),
            "journal" to journal,
        )
        return jsonOf(members.filterValues { it != null } + (key ?: this.key)?.toMap().orEmpty(), "options")
    }

    /** Creates options. */
    public companion object {
        /** Creates options: `BulkOptions { concurrency = 4 }`. */
        @JvmSynthetic
        public operator fun invoke(configure: BulkOptions.() -> Unit): BulkOptions = BulkOptions().apply(configure)
    }
}
