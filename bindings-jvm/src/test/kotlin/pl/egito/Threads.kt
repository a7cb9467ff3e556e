package pl.egito

import java.util.concurrent.CompletableFuture
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Future
import kotlin.concurrent.thread

/** Runs a call in a thread of its own, and returns its result, or the exception that it threw. */
fun <T> inThread(call: () -> T): Future<T> {
    val result = CompletableFuture<T>()
    thread(isDaemon = true) {
        runCatching(call).fold(result::complete, result::completeExceptionally)
    }
    return result
}

/** Runs code, and returns the exceptions that threads did not catch meanwhile. */
fun uncaughtDuring(code: () -> Unit): List<Throwable> {
    val uncaught = CopyOnWriteArrayList<Throwable>()
    val handler = Thread.getDefaultUncaughtExceptionHandler()
    Thread.setDefaultUncaughtExceptionHandler { _, failure -> uncaught += failure }
    try {
        code()
    } finally {
        Thread.setDefaultUncaughtExceptionHandler(handler)
    }
    return uncaught
}
