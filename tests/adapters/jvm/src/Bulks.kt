package pl.egito.adapter

import pl.egito.BulkRow

/** The report of a bulk: its rows so far, and when the case interrupts it. */
class BulkReport(private val args: Arguments) {
    /** Progress of the calls: how many have finished, and how many of them failed. */
    val progress = mutableListOf<List<Long>>()

    /** Number of rows after which reading stops. */
    val stopAfter: Int? = args.number("stop_after")

    /** Whether the rows are read that the bulk has after it was stopped. */
    val wantsRest: Boolean = args.isTrue("rest")

    private val cancelAfter: Int? = args.number("cancel_after")
    private val closeAfter: Int? = args.number("close_after")
    private val rows = mutableListOf<Map<String, Any?>>()

    /** Whether the bulk is cancelled, or its client closed, after some rows. */
    val isInterrupted: Boolean = cancelAfter != null || closeAfter != null

    val mustCancel: Boolean get() = rows.size == cancelAfter
    val mustClose: Boolean get() = rows.size == closeAfter

    operator fun plusAssign(row: BulkRow<*>) {
        rows += rowOf(row, args)
    }

    /** Returns the report of a bulk that was read to its end. */
    fun complete(): Map<String, Any?> = mapOf("rows" to rows, "progress" to progress)

    /** Returns the report of a bulk that was stopped. */
    fun stopped(): Map<String, Any?> = mapOf("rows" to rows)

    /** Returns the report of a bulk that was interrupted, with the code of its last error. */
    fun ended(code: String?): Map<String, Any?> = mapOf("rows" to rows, "ended" to code)

    /** Returns the report of a plan that was applied. The input of a row is that of the plan. */
    fun applied(plan: List<BulkRow<*>>): Map<String, Any?> {
        val rows = rows.zip(plan) { row, planned -> row + ("input" to rowOf(planned, args)["input"]) }
        return mapOf("plan" to plan.map { rowOf(it, args) }, "rows" to rows, "progress" to progress)
    }
}
