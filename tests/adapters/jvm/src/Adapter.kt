/** Runs the suite's commands in Kotlin or Java: reads JSON lines, writes replies. It knows no expectations. */

package pl.egito.adapter

import pl.egito.Egito
import pl.egito.EgitoException
import pl.egito.exceptionClasses
import pl.egito.internal.version
import java.io.PrintStream
import java.util.Collections

/** The argument is the name of the adapter. */
fun main(arguments: Array<String>) {
    val player = when (val name = arguments.singleOrNull()) {
        "kotlin" -> KotlinPlayer()
        "kotlin-async" -> CoroutinesPlayer()
        "java" -> JavaPlayer()
        else -> error("expected kotlin, kotlin-async or java, got $name")
    }
    Adapter(player).serve()
}

/** Makes the calls of the suite in one style of the library. */
interface Player {
    /** Name of the adapter. */
    val name: String

    /** Makes one call. Results are values that [jsonOf] can write. */
    fun play(call: Call): Any?

    /** Makes several calls at the same time, and returns the reply to each. */
    fun playTogether(calls: List<Call>): List<Map<String, Any?>>
}

/** One call of the suite. */
data class Call(val egito: Egito, val method: String, val args: Arguments)

/** A method, step or argument that this adapter does not know. */
class Unknown(what: String) : RuntimeException(what)

/** A command that the types of Kotlin refuse before the library sees it. */
class Skipped(reason: String) : RuntimeException(reason)

private class Adapter(private val player: Player) {
    private val clients = mutableMapOf<String, OpenClient>()
    private val output = PrintStream(System.out, true, Charsets.UTF_8)

    fun serve() {
        output.println(jsonOf(mapOf("hello" to hello())))
        for (line in System.`in`.bufferedReader().lineSequence()) {
            val command = readJson(line)
            output.println(jsonOf(mapOf("seq" to command["seq"]) + replyTo(command)))
        }
    }

    private fun hello() = mapOf(
        "adapter" to player.name,
        "language" to "Kotlin ${KotlinVersion.CURRENT}, Java ${System.getProperty("java.version")}",
        "version" to version(),
        "protocol" to 1,
        "codes" to errorClasses(),
    )

    private fun replyTo(command: Map<String, Any?>): Map<String, Any?> = when (val verb = command["do"]) {
        "open" -> reply { open(command) }
        "close" -> reply { client(command).egito.close() }
        "call" -> if (command["method"] == "events") reply { client(command).eventsSoFar() } else reply { player.play(callOf(command)) }
        "parallel" -> mapOf("results" to player.playTogether(listOfObjects(command["calls"]).map(::callOf)))
        else -> mapOf("unknown" to "do $verb")
    }

    private fun open(command: Map<String, Any?>) {
        clients[command["client"] as String] = OpenClient(jsonOf(command["settings"]), command["events"] == true)
    }

    private fun client(command: Map<String, Any?>): OpenClient = clients.getValue(command["client"] as String)

    private fun callOf(command: Map<String, Any?>) =
        Call(client(command).egito, command["method"] as String, Arguments(objectOf(command["args"])))
}

/** A client, and its events since it was opened. */
private class OpenClient(settings: String, wantsEvents: Boolean) {
    val egito = Egito.fromJson(settings)
    private val events = Collections.synchronizedList(mutableListOf<Any>())

    init {
        if (wantsEvents) egito.onEvent(events::add)
    }

    fun eventsSoFar(): List<Any> = synchronized(events) { events.toList() }
}

/** Runs a call, and returns its reply: a `result`, or what went wrong. */
inline fun reply(call: () -> Any?): Map<String, Any?> =
    try {
        mapOf("result" to call().takeUnless { it == Unit })
    } catch (error: Throwable) {
        failureOf(error)
    }

/** Returns the reply for an error. */
fun failureOf(error: Throwable): Map<String, Any?> = when (error) {
    is EgitoException -> mapOf("error" to detailsOf(error))
    is Unknown -> mapOf("unknown" to error.message)
    is Skipped -> mapOf("skipped" to error.message)
    else -> mapOf("crashed" to error.stackTraceToString())
}

/** Returns the class of each code. */
private fun errorClasses(): Map<String, String?> =
    exceptionClasses.mapValues { (_, type) -> type.simpleName }
