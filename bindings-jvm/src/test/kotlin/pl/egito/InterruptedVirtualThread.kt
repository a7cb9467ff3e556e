package pl.egito

/** Interrupts a blocking call on a virtual thread after a line of input, and prints its error, and whether the thread is still interrupted. */
fun main(arguments: Array<String>) = Egito.fromJson(arguments.single()).use { egito ->
    // By reflection, since the tests are compiled for JDK 17.
    val start = Thread::class.java.getMethod("startVirtualThread", Runnable::class.java)
    val caller = start.invoke(null, Runnable {
        val failure = runCatching { egito.accounts.get(1) }.exceptionOrNull() as EgitoException
        println("${failure.code} ${Thread.currentThread().isInterrupted}")
    }) as Thread
    readln()
    caller.interrupt()
    caller.join()
}
