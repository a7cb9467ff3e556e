package pl.egito

import java.util.concurrent.Callable
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors

/** Number of calls that the program makes at once. */
const val VIRTUAL_CALLS = 64

/** Makes blocking calls, each on a virtual thread, and prints the sum of the ids that it read. */
fun main(arguments: Array<String>) = Egito.fromJson(arguments.single()).use { egito ->
    // By reflection, since the tests are compiled for JDK 17.
    val threads = Executors::class.java.getMethod("newVirtualThreadPerTaskExecutor").invoke(null) as ExecutorService
    val calls = List(VIRTUAL_CALLS) { Callable { egito.accounts.get(1).long("id")!! } }
    println(threads.invokeAll(calls).sumOf { it.get() })
    threads.shutdown()
}
