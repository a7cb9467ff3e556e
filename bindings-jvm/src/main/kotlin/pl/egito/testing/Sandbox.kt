package pl.egito.testing

import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse.BodyHandlers
import java.time.Duration
import java.util.concurrent.TimeUnit
import pl.egito.EgitoJson

/**
 * A local Egito CRM for tests: it has the same API, can be made to fail, and shows what was really sent.
 *
 * ```kotlin
 * Sandbox.start().use { sandbox ->
 *     Egito.fromJson(sandbox.settings).use { egito ->
 *         sandbox.fault(mapOf("on" to mapOf("action" to "create"), "cut" to "after"))
 *         assertThrows<OutcomeUnknownException> { egito.leads.create(mapOf("lastName" to "Nowak")) }
 *         assertEquals(1, sandbox.journal(action = "create").size)
 *     }
 * }
 * ```
 *
 * It runs the program `egito-sandbox`, whose README describes faults, the configuration and the journal.
 */
public class Sandbox private constructor(private val process: Process, started: Map<*, *>) : AutoCloseable {
    /** Address of the server. */
    public val address: String = started["address"] as String

    /** Address and credentials as JSON, for `Egito.fromJson`. */
    public val settings: String = EgitoJson.stringify(started["settings"])

    private val http = HttpClient.newHttpClient()

    /** Makes requests fail or slow: `{"on": {"action": "get"}, "delay_ms": 500}`. */
    public fun fault(fault: Map<String, Any?>) {
        send("POST", "faults", fault)
    }

    /** Removes all faults. */
    public fun clearFaults() {
        send("DELETE", "faults")
    }

    /** Lets the requests continue that a fault with this `hold` keeps. */
    public fun release(name: String) {
        send("POST", "release", mapOf("name" to name))
    }

    /** Changes the behavior of the server: `{"page_cap": 100}`. */
    public fun config(config: Map<String, Any?>) {
        send("POST", "config", config)
    }

    /** Advances the clock of the server, so that tokens expire. */
    public fun advance(duration: Duration) {
        send("POST", "clock", mapOf("advance" to duration.toMillis() / 1000.0))
    }

    /** Removes records, tokens, faults and the journal, and begins again: `{"seed": "empty", "records": {"Account": 250}}`. */
    @JvmOverloads
    public fun reset(state: Map<String, Any?> = mapOf()) {
        send("POST", "reset", state)
    }

    /** Returns the requests so far, the oldest first: only those of an action or whose client has disconnected, if wanted. */
    @JvmOverloads
    public fun journal(action: String? = null, clientGone: Boolean = false): List<Map<String, Any?>> =
        requests(action, clientGone, wait = null)

    /** Waits until there are so many requests, and returns them. Fails after five seconds. */
    @JvmOverloads
    public fun await(count: Int, action: String? = null, clientGone: Boolean = false): List<Map<String, Any?>> =
        requests(action, clientGone, count)

    /** Returns all stored records of an entity. */
    @Suppress("UNCHECKED_CAST")
    public fun records(entity: String): List<Map<String, Any?>> = send("GET", "records/$entity") as List<Map<String, Any?>>

    /** Ends the sandbox. */
    override fun close() {
        process.destroy()
        process.waitFor(5, TimeUnit.SECONDS)
    }

    @Suppress("UNCHECKED_CAST")
    private fun requests(action: String?, clientGone: Boolean, wait: Int?): List<Map<String, Any?>> {
        val query = listOfNotNull(
            action?.let { "action=$it" },
            "client_gone=true".takeIf { clientGone },
            wait?.let { "wait=$it&timeout_ms=5000" },
        ).joinToString("&")
        return send("GET", "journal?$query") as List<Map<String, Any?>>
    }

    private fun send(method: String, path: String, body: Any? = null): Any? {
        val content = if (body == null) BodyPublishers.noBody() else BodyPublishers.ofString(EgitoJson.stringify(body))
        val request = HttpRequest.newBuilder(URI("$address/_sandbox/$path")).method(method, content).build()
        val response = http.send(request, BodyHandlers.ofString())
        check(response.statusCode() < 300) { "the sandbox refused $method $path: ${response.body()}" }
        return response.body().takeIf { it.isNotEmpty() }?.let { EgitoJson.parse(it) }
    }

    /** Starts sandboxes. */
    public companion object {
        /**
         * Starts a sandbox on a free port. It ends with this process at the latest. By default it runs the program in the environment
         * variable `EGITO_SANDBOX`, or else `egito-sandbox` on the PATH.
         */
        @JvmStatic
        @JvmOverloads
        public fun start(program: String = System.getenv("EGITO_SANDBOX") ?: "egito-sandbox"): Sandbox {
            val command = listOf(program, "--port", "0", "--exit-with-parent=${ProcessHandle.current().pid()}")
            val process = ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
            val line = process.inputStream.bufferedReader().readLine()
            checkNotNull(line) { "the sandbox did not start: its output is above" }
            return Sandbox(process, EgitoJson.parse(line) as Map<*, *>)
        }
    }
}
