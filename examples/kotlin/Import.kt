/*
 * Imports accounts from a CSV file with the columns nip;name;city: `java -cp target/examples.jar ImportKt accounts.csv`.
 *
 * Accounts are found by their tax number, and created or updated. After a crash, run the same command again: the file
 * `accounts.csv.journal` knows what is done. Lines that were refused are in `accounts.csv.rejected.txt`: correct them,
 * and run it again.
 */

import java.io.File
import java.io.IOException
import kotlin.system.exitProcess
import pl.egito.BulkOptions
import pl.egito.Egito
import pl.egito.EgitoException
import pl.egito.UpsertChange

/** Returns the record of each line. The cells of this file have no quotes. */
private fun accounts(path: String, lines: Sequence<String>): Sequence<Map<String, String>> = lines.mapIndexed { index, line ->
    val cells = line.split(';')
    if (cells.size != 3) throw IOException("$path, line ${index + 1}: expected 3 cells, got ${cells.size}")
    mapOf("nip" to cells[0], "name" to cells[1], "city" to cells[2])
}.drop(1) // the first line has the names of the columns

/** Returns the exit code. */
private fun import(egito: Egito, path: String, lines: Sequence<String>): Int {
    val journal = "$path.journal"
    val counts = mutableMapOf<UpsertChange, Int>()
    val rejected = mutableListOf<String>()
    var runAgain = false
    val rows = egito.accounts.upsertMany(accounts(path, lines).asIterable(), key = "nip", BulkOptions().journal(journal))
    for (row in rows) {
        val (change, error) = row.change to row.error
        if (change != null && change != UpsertChange.AMBIGUOUS) {
            counts.merge(change, 1, Int::plus)
        } else {
            rejected += "line ${row.index + 2}: ${error?.message ?: "several accounts have this number: ${row.duplicates}"}\n"
            runAgain = runAgain || error != null && (error.isRetryable || error.outcome == "unknown")
        }
    }
    val done = listOf(UpsertChange.CREATED, UpsertChange.UPDATED, UpsertChange.UNCHANGED)
    println(done.joinToString { "${counts[it] ?: 0} ${it.name.lowercase()}" } + ", ${rejected.size} rejected")
    val report = File("$path.rejected.txt")
    report.writeText(rejected.joinToString(""))
    if (rejected.isNotEmpty()) return if (runAgain) 75 else 1 // 75: try again later
    report.delete()
    File(journal).delete() // the import is done: the next one begins from the start
    return 0
}

fun main(arguments: Array<String>) {
    if (arguments.size != 1) {
        System.err.println("usage: ImportKt FILE")
        exitProcess(2)
    }
    val code = try {
        Egito.fromEnv().use { egito -> File(arguments[0]).useLines { import(egito, arguments[0], it) } }
    } catch (error: EgitoException) {
        System.err.println("${error.code}: ${error.message}")
        if (error.isRetryable) 75 else 1
    } catch (error: IOException) {
        System.err.println(error.message)
        1
    }
    exitProcess(code)
}
