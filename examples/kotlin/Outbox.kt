/*
 * Keeps leads in a file while the CRM is down: `java -cp target/examples.jar OutboxKt put < lead.json` stores one,
 * and `OutboxKt deliver` sends what is due, each lead once; run it from cron. `put` needs no connection.
 */

import kotlin.system.exitProcess
import pl.egito.Egito
import pl.egito.EgitoException
import pl.egito.EntryState
import pl.egito.Outbox
import pl.egito.Record

/** Stores the lead of standard input. The same form again is the same entry. */
private fun put(outbox: Outbox): Int {
    val lead = Record.parse(System.`in`.readAllBytes().decodeToString())
    println("stored as entry ${outbox.put("Lead", lead, key = "formKey")}")
    return 0
}

/** Sends what is due. Returns the exit code. */
private fun deliver(outbox: Outbox): Int {
    val delivery = outbox.deliver()
    val waiting = delivery.waiting + delivery.unclear
    val refused = outbox.entries(EntryState.REFUSED)
    println("${delivery.delivered} delivered, ${refused.size} refused, $waiting waiting")
    for (entry in refused) { // a person corrects them with `edit`, or removes them with `discard`
        System.err.println("entry ${entry.id} was refused: ${entry.error?.message}")
    }
    delivery.pausedBy?.let { System.err.println("paused until ${delivery.nextAttemptAt}: ${it.message}") }
    if (refused.isNotEmpty()) return 1
    return if (waiting > 0) 75 else 0 // 75: try again later
}

fun main(arguments: Array<String>) {
    val command = when (arguments.joinToString(" ")) {
        "put" -> ::put
        "deliver" -> ::deliver
        else -> {
            System.err.println("usage: OutboxKt put|deliver")
            exitProcess(2)
        }
    }
    val code = try {
        Egito.fromEnv().use { egito -> egito.outbox("egito-outbox.db").use(command) }
    } catch (error: EgitoException) {
        System.err.println("${error.code}: ${error.message}")
        1
    }
    exitProcess(code)
}
