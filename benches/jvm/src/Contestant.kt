/**
 * The contestants on the JVM: `ContestantKt CONTESTANT WORKLOAD COUNT`. See ../../README.md.
 *
 * The environment has the settings in BENCH_SETTINGS and the record to create in BENCH_RECORD, both as JSON.
 */

package pl.egito.bench

import com.fasterxml.jackson.module.kotlin.jacksonObjectMapper
import com.fasterxml.jackson.module.kotlin.readValue

/** A client of the accounts. */
interface Contestant : AutoCloseable {
    /** Reads an account as a map. */
    fun get(id: Long): Map<String, Any?>

    /** Creates an account, and returns its id. */
    fun create(record: Map<String, Any?>): Long

    /** Reads all accounts as maps. */
    fun list(): List<Map<String, Any?>>

    /** Reads all accounts as objects. */
    fun objects(): List<Account>
}

fun main(arguments: Array<String>) {
    val (name, workload, count) = arguments
    val mapper = jacksonObjectMapper()
    val settings = System.getenv("BENCH_SETTINGS")
    val total = when (name) {
        "egito" -> Ours(settings)
        "OkHttp + Jackson" -> OkHttpAndJackson(mapper.readValue(settings))
        else -> error("unknown contestant $name")
    }.use { play(it, workload, count.toInt(), mapper.readValue(System.getenv("BENCH_RECORD"))) }
    println("""{"count": ${total.count}, "sum": ${total.sum}}""")
}
