package pl.egito

import java.lang.invoke.MethodHandles
import java.lang.invoke.MethodType
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.future.future
import pl.egito.internal.InternalException as BorderPanic
import pl.egito.internal.NativeException

/** Calls the native library, and throws its errors as exceptions of the public API. */
internal inline fun <T> native(call: () -> T): T =
    try {
        call()
    } catch (failed: NativeException) {
        throw exceptionOf(failed)
    } catch (panic: BorderPanic) {
        throw exceptionOf(panic)
    }

/**
 * Makes a blocking call. A platform thread waits inside the native library. A virtual thread would block its carrier thread there, so it
 * waits for a call in the background instead.
 */
internal inline fun <T> blocking(
    call: () -> T,
    interruption: () -> Interruption = { Interruption() },
    noinline inBackground: suspend () -> T,
): T = if (isVirtualThread()) await(interruption(), inBackground) else onThread(call)

/** Like [blocking], for a call that closes something: an interrupt does not end its wait, and is kept for the caller. */
internal inline fun <T> closing(call: () -> T, noinline inBackground: suspend () -> T): T =
    if (isVirtualThread()) awaitEnd(inBackground) else onThread(call)

/** Makes a call that blocks this thread. Throws [ConfigException] in a listener: its thread must not wait for another call. */
internal inline fun <T> onThread(call: () -> T): T {
    Listeners.refuseCall()
    return native(call)
}

/** Makes a call in the background. Throws [ConfigException] in a listener, as [onThread]. */
internal inline fun <T> background(call: () -> T): T {
    Listeners.refuseCall()
    return native(call)
}

/** Starts a call in the background. Cancelling the future cancels the call. */
internal fun <T> future(call: suspend () -> T): CompletableFuture<T> = future(Threads.COMPLETING, call)

private fun <T> future(threads: CoroutineDispatcher, call: suspend () -> T): CompletableFuture<T> =
    scope.future(threads, CoroutineStart.UNDISPATCHED) { background { call() } }

/** Waits for a call in the background. An interrupt cancels it; an earlier one, before anything is sent. */
internal fun <T> await(interruption: Interruption = Interruption(), call: suspend () -> T): T {
    if (Thread.currentThread().isInterrupted) throw interruption.beforeStart()
    val future = future(Threads.WAITING, call)
    try {
        return future.get()
    } catch (failed: ExecutionException) {
        throw failed.cause ?: failed
    } catch (interrupt: InterruptedException) {
        future.cancel(true)
        Thread.currentThread().interrupt()
        throw interruption.inFlight(interrupt)
    }
}

/** Waits for a call in the background to its end. An interrupt is kept for the caller. */
internal fun <T> awaitEnd(call: suspend () -> T): T {
    val future = future(Threads.WAITING, call)
    var isInterrupted = false
    try {
        while (true) {
            try {
                return future.get()
            } catch (failed: ExecutionException) {
                throw failed.cause ?: failed
            } catch (_: InterruptedException) {
                isInterrupted = true
            }
        }
    } finally {
        if (isInterrupted) Thread.currentThread().interrupt()
    }
}

private val scope = CoroutineScope(SupervisorJob())

/**
 * The threads that receive the results of calls in the background, so that none blocks the threads of the native library. They are
 * daemons, started when all others are busy, and end when they are idle.
 */
internal object Threads {
    /** Complete the futures of a program, and run its continuations. These may block, and wait for other calls. */
    val COMPLETING: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(MAX_COUNT)

    /** Receive the results that a virtual thread waits for. They run no code of the program, so nothing of it can hold them up. */
    val WAITING: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(MAX_COUNT)

    /** Make blocking calls for virtual threads. */
    val CALLING: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(MAX_COUNT)

    private const val MAX_COUNT = 1_000
}

/** `Thread.isVirtual`, which JDK 17 does not have. */
private val IS_VIRTUAL = try {
    MethodHandles.publicLookup().findVirtual(Thread::class.java, "isVirtual", MethodType.methodType(Boolean::class.java))
} catch (_: NoSuchMethodException) {
    null
}

internal fun isVirtualThread(): Boolean = IS_VIRTUAL != null && IS_VIRTUAL.invokeExact(Thread.currentThread()) as Boolean
