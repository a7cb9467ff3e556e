/*
 * Writes the tax numbers of all accounts in one form, 525-000-10-09 as 5250001009:
 * `java -cp target/examples.jar NormalizeKt --write`.
 *
 * Without `--write` it shows what would be changed. Numbers in one form can be the key of an import.
 */

import kotlin.system.exitProcess
import pl.egito.BulkOptions
import pl.egito.Change
import pl.egito.Egito
import pl.egito.EgitoException
import pl.egito.Entity

/** Returns the updates, and how many numbers are invalid. */
private fun find(accounts: Entity): Pair<List<Change>, Int> {
    val updates = mutableListOf<Change>()
    var invalid = 0
    for (account in accounts.list()) {
        val nip = account.string("nip").orEmpty()
        val digits = nip.filter { it in '0'..'9' }
        if (nip.isNotEmpty() && digits.length != 10) {
            System.err.println("account ${account.id}: $nip is not a tax number")
            invalid++
        } else if (digits != nip) {
            println("account ${account.id}: $nip becomes $digits")
            updates += Change(account.id!!, mapOf("nip" to digits))
        }
    }
    return updates to invalid
}

/** Returns the exit code. */
private fun normalize(accounts: Entity, write: Boolean): Int {
    val (updates, invalid) = find(accounts)
    val rows = accounts.updateMany(if (write) updates else emptyList(), BulkOptions().concurrency(4)).toList()
    val failures = rows.mapNotNull { it.error } // one failed update does not stop the others
    failures.forEach { System.err.println("${it.code}: ${it.message}") }
    println("${rows.size - failures.size} of ${updates.size} changed, $invalid invalid")
    if (failures.any { it.isRetryable }) return 75 // try again later
    return if (failures.isNotEmpty() || invalid > 0) 1 else 0
}

fun main(arguments: Array<String>) {
    if (arguments.size > 1 || arguments.any { it != "--write" }) {
        System.err.println("usage: NormalizeKt [--write]")
        exitProcess(2)
    }
    val code = try {
        Egito.fromEnv().use { normalize(it.accounts, write = arguments.isNotEmpty()) }
    } catch (error: EgitoException) {
        System.err.println("${error.code}: ${error.message}")
        if (error.isRetryable) 75 else 1
    }
    exitProcess(code)
}
