package pl.egito.bench

private const val IDS = 1_000

/** The number of records, and the sum of their fields, which the runner checks. */
class Total {
    var count = 0L
    var sum = 0L

    fun add(id: Long, employees: Long) {
        count++
        sum += id + employees
    }
}

/** Makes the calls of a workload. With a count of 0 it sends nothing, so that the runner can subtract the start of a program. */
fun play(client: Contestant, workload: String, count: Int, record: Map<String, Any?>): Total {
    val total = Total()
    when (workload) {
        "get" -> repeat(count) { addFields(total, client.get(it % IDS + 1L)) }
        "create" -> repeat(count) { total.add(client.create(record + ("employees" to it)), 0) }
        "list" -> if (count > 0) client.list().forEach { addFields(total, it) }
        "objects" -> if (count > 0) client.objects().forEach { total.add(it.id, it.employees) }
        else -> error("unknown workload $workload")
    }
    return total
}

private fun addFields(total: Total, record: Map<String, Any?>) {
    total.add((record["id"] as Number).toLong(), (record["employees"] as Number).toLong())
}
