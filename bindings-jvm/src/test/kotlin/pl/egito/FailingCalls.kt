package pl.egito

import java.io.File
import kotlinx.coroutines.runBlocking

/** Makes calls that fail, in each way, and prints the used memory in KiB before and after ten thousand of them. */
fun main(arguments: Array<String>) = Egito.fromJson(arguments.single()).use { egito ->
    repeat(1_000) { failInEachWay(egito) }
    println(usedMemory())
    repeat(2_500) { failInEachWay(egito) }
    println(usedMemory())
}

private fun failInEachWay(egito: Egito) {
    failure { egito.accounts.get(404_404) }
    failure { egito.accounts.get("") }
    failure { egito.async().accounts().get(404_404).join() }
    failure { runBlocking { egito.coroutines.accounts.get(404_404) } }
}

private fun failure(call: () -> Record) = check(runCatching(call).isFailure)

/** Returns the resident memory without files, and the used part of the heap, which is resident as a whole. A leak of either kind adds to it. */
private fun usedMemory(): Long {
    repeat(2) { System.gc() }
    val line = File("/proc/self/status").readLines().first { it.startsWith("RssAnon:") }
    return line.filter(Char::isDigit).toLong() + Runtime.getRuntime().run { totalMemory() - freeMemory() } / 1024
}
