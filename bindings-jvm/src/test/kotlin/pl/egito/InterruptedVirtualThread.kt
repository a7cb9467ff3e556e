package pl.egito

/** Interrupts blocking calls on virtual threads, each after a line of input. Prints their errors, and whether the thread is still interrupted. */
fun main(arguments: Array<String>) = Egito.fromJson(arguments.single()).use { egito ->
    interrupt { egito.accounts.get(1) }
    interrupt { egito.accounts.create(mapOf("name" to "Żubr")) }
}

private fun interrupt(call: () -> Unit) {
    // By reflection, since the tests are compiled for JDK 17.
    val start = Thread::class.java.getMethod("startVirtualThread", Runnable::class.java)
    val caller = start.invoke(null, Runnable {
        val failure = runCatching(call).exceptionOrNull() as EgitoException
        println("${failure.code} ${failure.outcome} ${Thread.currentThread().isInterrupted}")
    }) as Thread
    readln()
    caller.interrupt()
    caller.join()
}
