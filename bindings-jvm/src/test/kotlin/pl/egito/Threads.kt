package pl.egito

import java.util.concurrent.CompletableFuture
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
