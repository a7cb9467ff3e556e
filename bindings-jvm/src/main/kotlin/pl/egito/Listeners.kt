package pl.egito

/** Code of the program that the core calls: listeners of events, and loggers. */
internal object Listeners {
    private val isRunning = ThreadLocal<Boolean>()

    /** Runs a listener. What it throws goes to the uncaught exception handler of the thread. */
    inline fun run(listener: () -> Unit) {
        isRunning.set(true)
        try {
            listener()
        } catch (failure: Throwable) {
            val thread = Thread.currentThread()
            thread.uncaughtExceptionHandler.uncaughtException(thread, failure)
        } finally {
            isRunning.remove()
        }
    }

    /** Throws [ConfigException] if a listener runs on this thread. */
    fun refuseCall() {
        if (isRunning.get() == true) {
            throw configException("client", "cannot make a call in a listener of events or a logger; make it on another thread")
        }
    }
}
