package pl.egito

import kotlin.time.Duration

/**
 * The records that were created or changed since an earlier list, the newest first, created by [Entity.changes].
 *
 * ```kotlin
 * val changes = egito.accounts.changes(since = store.read())
 * for (account in changes) save(account)
 * store.write(changes.mark)
 * ```
 */
public class ChangeList internal constructor(private val changes: ListHandle) : RecordList(changes) {
    /**
     * The mark to pass as `since` to the next list of changes. Store it after all records of this one were processed.
     *
     * Throws [ConfigException] if the last read of the list, in any way, has not reached the end.
     */
    public val mark: String get() = changes.requireMark()
}

/** A list of changes for coroutines, see [ChangeList]. Created by [CoroutineEntity.changes]. */
public class CoroutineChangeList internal constructor(private val changes: ListHandle) : CoroutineRecordList(changes) {
    /** The mark to pass as `since` to the next list of changes, see [ChangeList.mark]. */
    public val mark: String get() = changes.requireMark()
}

/** A list of changes that is read in the background, see [ChangeList]. Created by [AsyncEntity.changes]. */
public class AsyncChangeList internal constructor(private val changes: ListHandle) : AsyncRecordList(changes) {
    /** The mark to pass as `since` to the next list of changes, see [ChangeList.mark]. */
    @get:JvmName("mark")
    public val mark: String get() = changes.requireMark()
}

/**
 * Options of a list of changes, for Java.
 *
 * ```java
 * ChangeList changes = egito.accounts().changes(new ChangesOptions().since(mark));
 * ```
 */
public class ChangesOptions {
    private val filters = LinkedHashMap<String, Any?>()
    private val options = LinkedHashMap<String, Any?>()
    private val changes = LinkedHashMap<String, Any?>()

    /** Sets the mark of the list before, to continue after it. Without one, or with `null`, all records are returned. */
    public fun since(mark: String?): ChangesOptions = apply { changes["since"] = mark }

    /** Sets the field that the server sets to the time of each change, or to a growing number. Default: `lastUpdated`. */
    public fun by(field: String): ChangesOptions = apply { changes["by"] = field }

    /** Sets for how long the server may commit a change after its time, see [Entity.changes]. Default: 5 minutes. */
    public fun lag(lag: java.time.Duration): ChangesOptions = apply { changes["lag"] = inSeconds(lag) }

    /** Adds a filter: the value that a field must have, or a list of values of which one must match. */
    public fun filter(field: String, value: Any?): ChangesOptions = apply { filters[field] = value }

    /** Sets the number of records that are requested per page, instead of the setting `pageSize`. */
    public fun pageSize(records: Int): ChangesOptions = apply { options["page_size"] = records }

    /** The options, as the core reads them. */
    internal fun toMap(): Map<String, Any?> = options + mapOf("filters" to filters, "changes" to changes)

    internal companion object {
        fun of(since: String?, by: String?, lag: Duration?, filters: Map<String, *>, pageSize: Int?): ChangesOptions =
            ChangesOptions().since(since).apply {
                by?.let(::by)
                lag?.let { changes["lag"] = inSeconds(it) }
                pageSize?.let(::pageSize)
                this.filters.putAll(filters)
            }
    }
}
