/*
 * Keeps a copy of all accounts in a folder, one JSON file for each: `java -cp target/examples.jar SyncKt copy`.
 *
 * Run it every night. The first run copies everything, later ones what was changed or deleted. The file `mark` in the
 * folder says where the next run continues. It is written last, so after a failure the next run returns the same changes.
 */

import java.io.File
import java.nio.file.Files
import java.nio.file.StandardCopyOption.REPLACE_EXISTING
import kotlin.system.exitProcess
import pl.egito.Egito
import pl.egito.EgitoException
import pl.egito.RecordId

/** Returns the numbers of changed and of deleted accounts. */
private fun sync(egito: Egito, folder: File): Pair<Int, Int> {
    folder.mkdirs()
    val mark = File(folder, "mark")
    val changes = egito.accounts.changes(since = mark.takeIf { it.exists() }?.readText())
    var changed = 0
    for (account in changes) {
        File(folder, "${account.id}.json").writeText(account.json)
        changed++
    }
    val known = folder.listFiles { file -> file.extension == "json" }.orEmpty().map { RecordId.of(it.nameWithoutExtension) }
    val deleted = egito.accounts.deleted(known)
    deleted.forEach { File(folder, "$it.json").delete() }

    val part = File(folder, "mark.part")
    part.writeText(changes.mark)
    Files.move(part.toPath(), mark.toPath(), REPLACE_EXISTING)
    return changed to deleted.size
}

fun main(arguments: Array<String>) {
    if (arguments.size != 1) {
        System.err.println("usage: SyncKt FOLDER")
        exitProcess(2)
    }
    try {
        val (changed, deleted) = Egito.fromEnv().use { sync(it, File(arguments[0])) }
        println("$changed changed, $deleted deleted")
    } catch (error: EgitoException) {
        System.err.println("${error.code}: ${error.message}")
        exitProcess(if (error.isRetryable) 75 else 1) // 75: try again later
    }
}
