package pl.egito

/** Interrupts blocking calls on virtual threads, each after a line of input. Prints their errors, and whether the thread is still interrupted. */
fun main(arguments: Array<String>) = Egito.fromJson(arguments.single()).use { egito ->
    interrupt { egito.accounts.get(1) }
    interrupt { egito.accounts.create(mapOf("name" to "Żubr")) }
    lateinit var records: Iterator<Record>
    interrupt {
        records = egito.accounts.list().iterator()
        records.hasNext()
    }
    printFailure { records.hasNext() }
    val opened = egito.accounts.list().iterator() // on a platform thread
    interrupt { opened.hasNext() }
    printFailure { opened.hasNext() }
    startVirtualThread {
        Thread.currentThread().interrupt()
        printFailure { egito.accounts.create(mapOf("name" to "Ryś")) }
        egito.close()
        println("closed ${Thread.interrupted()}")
        printFailure { egito.accounts.get(1) }
    }.join()
}

private fun interrupt(call: () -> Unit) {
    val caller = startVirtualThread { printFailure(call) }
    readln()
    caller.interrupt()
    caller.join()
}

private fun printFailure(call: () -> Unit) {
    val failure = runCatching(call).exceptionOrNull() as EgitoException
    println("${failure.code} ${failure.outcome} ${Thread.currentThread().isInterrupted}: ${failure.message}")
}

private fun startVirtualThread(task: Runnable): Thread {
    // By reflection, since the tests are compiled for JDK 17.
    val start = Thread::class.java.getMethod("startVirtualThread", Runnable::class.java)
    return start.invoke(null, task) as Thread
}
