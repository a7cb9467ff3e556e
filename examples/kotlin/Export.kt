/*
 * Writes all accounts to a CSV file, in constant memory: `java -cp target/examples.jar ExportKt accounts.csv`.
 *
 * The file is complete, or it is not there: it gets its name only after the last account.
 */

import java.io.File
import java.nio.file.Files
import java.nio.file.StandardCopyOption.REPLACE_EXISTING
import kotlin.system.exitProcess
import pl.egito.Egito
import pl.egito.EgitoException

private val fields = listOf("id", "nip", "name", "city")

private fun quoted(value: Any?) = "\"${value?.toString().orEmpty().replace("\"", "\"\"")}\""

/** Writes the file, and returns the number of accounts. */
private fun export(egito: Egito, target: File): Int {
    val part = File("$target.part")
    var count = 0
    part.bufferedWriter().use { file ->
        file.write("\uFEFF${fields.joinToString(",")}\n") // Excel needs a byte order mark for Polish letters
        for (account in egito.accounts.list()) { // reads page after page
            file.write(fields.joinToString(",", postfix = "\n") { quoted(account[it]) })
            count++
        }
    }
    Files.move(part.toPath(), target.toPath(), REPLACE_EXISTING)
    return count
}

fun main(arguments: Array<String>) {
    if (arguments.size != 1) {
        System.err.println("usage: ExportKt FILE")
        exitProcess(2)
    }
    try {
        val count = Egito.fromEnv().use { export(it, File(arguments[0])) }
        println("$count accounts written to ${arguments[0]}")
    } catch (error: EgitoException) {
        System.err.println("${error.code}: ${error.message}")
        exitProcess(if (error.isRetryable) 75 else 1) // 75: try again later
    }
}
