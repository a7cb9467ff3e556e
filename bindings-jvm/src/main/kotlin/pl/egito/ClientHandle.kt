package pl.egito

import pl.egito.internal.NativeClient
import pl.egito.internal.NativeOutbox
import pl.egito.json.jsonOf

/** A client of the native library: what the three views of a client share. */
internal class ClientHandle(val native: NativeClient, val state: ClientState = ClientState()) {
    fun with(settings: CallSettings): ClientHandle =
        ClientHandle(native { native.withOptions(settings.values.toJson()) }, state)

    fun dictionary(type: String): ListHandle =
        ListHandle(state, "SelectDictionary", null) { context -> native.dictionary(type, jsonOf(emptyMap<String, Any?>(), "options"), context) }

    fun outbox(path: String, concurrency: Int?, keepDays: Double?, lookup: Lookup?): NativeOutbox {
        if (keepDays?.isFinite() == false) {
            throw configException("keepDays", "invalid `keepDays`: it must be a finite number, got $keepDays")
        }
        val name = lookup?.name?.lowercase()
        val options = mapOf("concurrency" to concurrency, "keep_days" to keepDays, "lookup" to name).filterValues { it != null }
        return native { native.outbox(path, jsonOf(options, "options")) }
    }

    fun probe(options: ProbeOptions): ProbeReport {
        val json = options.toJson()
        return ProbeReport.of(blocking({ native.probe(json) }) { native.probeAsync(json) })
    }

    suspend fun probeSuspending(options: ProbeOptions): ProbeReport =
        options.toJson().let { json -> ProbeReport.of(background { native.probeAsync(json) }) }

    fun close() {
        state.isClosed = true
        closing({ native.shutDown() }) { native.shutDownAsync() }
    }

    suspend fun closeSuspending() {
        state.isClosed = true
        background { native.shutDownAsync() }
    }
}
