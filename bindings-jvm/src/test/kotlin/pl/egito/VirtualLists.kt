package pl.egito

import java.util.concurrent.Callable
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors

/** Opens lists on this thread, reads each on a virtual thread, and prints how many had exactly their records. */
fun main(arguments: Array<String>) = Egito.fromJson(arguments.single()).use { egito ->
    // By reflection, since the tests are compiled for JDK 17.
    val threads = Executors::class.java.getMethod("newVirtualThreadPerTaskExecutor").invoke(null) as ExecutorService
    val reads = List(VIRTUAL_CALLS) { index ->
        val start = 10L * index
        val records = egito.accounts.list(start = start, limit = 100, pageSize = 10).iterator()
        Callable { records.asSequence().map { it.long("id") }.toList() == (start + 1..start + 100).toList() }
    }
    println(threads.invokeAll(reads).count { it.get() })
    threads.shutdown()
}
