package pl.egito

import pl.egito.internal.NativeClient
import pl.egito.internal.NativeOutbox
import pl.egito.json.jsonOf

/** A client of the native library: what the three views of a client share. */
internal class ClientHandle(val native: NativeClient, private val state: State = State()) {
    /** Whether the client was closed. */
    val isClosed: Boolean get() = state.isClosed

    fun with(settings: CallSettings): ClientHandle =
        ClientHandle(native { native.withOptions(settings.values.toJson()) }, state)

    fun entity(name: String): EntityHandle = EntityHandle(this, name, null)

    fun dictionary(type: String): ListHandle =
        ListHandle(this, null) { context -> native.dictionary(type, jsonOf(emptyMap<String, Any?>(), "options"), context) }

    fun outbox(path: String, concurrency: Int?, keepDays: Double?): NativeOutbox {
        val options = mapOf("concurrency" to concurrency, "keep_days" to keepDays).filterValues { it != null }
        return native { native.outbox(path, jsonOf(options, "options")) }
    }

    fun close() {
        state.isClosed = true
        blocking({ native.shutDown() }) { native.shutDownAsync() }
    }

    suspend fun closeSuspending() {
        state.isClosed = true
        native { native.shutDownAsync() }
    }

    /** The state of a client, which it shares with those that have other settings for their calls. */
    internal class State {
        @Volatile
        var isClosed: Boolean = false
    }
}
