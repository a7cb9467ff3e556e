package pl.egito

import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicBoolean

/** The end of an iteration, which any thread may close at any time. Its use after that is the error `cancelled`. */
internal class Closing {
    private val isClosed = AtomicBoolean()

    /** Calls [end], once. */
    inline fun close(end: () -> Unit) {
        if (!isClosed.getAndSet(true)) end()
    }

    /** Throws [CancelledException] if it is closed. */
    fun check() {
        if (isClosed.get()) throw closed(null)
    }

    /** Makes a call, for which uniffi throws an `IllegalStateException` if its object was closed at the same moment. */
    inline fun <T> run(call: () -> T): T {
        check()
        try {
            return call()
        } catch (failure: IllegalStateException) {
            throw if (isClosed.get() && failure !is CancellationException) closed(failure) else failure
        }
    }

    private fun closed(cause: Throwable?): EgitoException =
        exceptionOf(mapOf("code" to "cancelled", "message" to "the iteration over the list was closed"), cause)
}
