package pl.egito

/**
 * Options of a list, for Java.
 *
 * ```java
 * egito.accounts().list(new ListOptions().filter("city", "Kraków").sort("name").limit(10));
 * ```
 */
public class ListOptions {
    private val filters = LinkedHashMap<String, Any?>()
    private val options = LinkedHashMap<String, Any?>()

    /** Adds a filter: the value that a field must have, or a list of values of which one must match. */
    public fun filter(field: String, value: Any?): ListOptions = apply { filters[field] = value }

    /** Sets the field to sort by, instead of the setting `defaultSort`. */
    public fun sort(field: String): ListOptions = apply { options["sort"] = field }

    /** Sets the sort order: `asc` (default) or `desc`. */
    public fun order(order: String): ListOptions = apply { options["order"] = order }

    /** Sets the number of records that are requested per page, instead of the setting `pageSize`. */
    public fun pageSize(records: Int): ListOptions = apply { options["page_size"] = records }

    /** Sets the maximum number of records. No more are requested from the server. */
    public fun limit(records: Long): ListOptions = apply { options["limit"] = records }

    /** Sets the number of records of the server's list to skip. */
    public fun start(records: Long): ListOptions = apply { options["start"] = records }

    /** The options, as the core reads them. */
    internal fun toMap(): Map<String, Any?> = options + ("filters" to filters)
}

/** Returns the options of a list, as the core reads them. */
internal fun listOptions(
    filters: Map<String, Any?>,
    sort: String?,
    order: String?,
    pageSize: Int?,
    limit: Long?,
    start: Long?,
): Map<String, Any?> {
    val options = mapOf("sort" to sort, "order" to order, "page_size" to pageSize, "limit" to limit, "start" to start)
    return options.filterValues { it != null } + ("filters" to filters)
}
