package pl.egito

import pl.egito.internal.NativeCancellation

/**
 * Cancels calls from another thread: their requests are closed, and they throw a [CancelledException], or an [OutcomeUnknownException]
 * for a create that may have been done.
 *
 * ```kotlin
 * val token = CancellationToken()
 * val contacts = egito.contacts.withCancellation(token)
 * timer.schedule(1_000) { token.cancel() }
 * contacts.list().toList()
 * ```
 */
public class CancellationToken {
    init {
        NativeLibrary.load()
    }

    internal val handle: NativeCancellation = NativeCancellation()

    /** Whether [cancel] was called. */
    @Volatile
    public var isCancelled: Boolean = false
        private set

    /** Cancels the calls with this token that are in flight, and all later ones. */
    public fun cancel() {
        isCancelled = true
        handle.cancel()
    }
}
