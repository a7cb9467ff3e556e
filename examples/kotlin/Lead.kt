/*
 * Registers the lead of a web form exactly once: `java -cp target/examples.jar LeadKt < form.json`.
 *
 * The form is JSON, such as {"formKey": "2026-11-27-0017", "lastName": "Nowak", "phone": "+48 12 446 66 66"}.
 * Its key is created together with the form, so the same form can be sent again after any failure, or twice by mistake.
 */

import kotlin.system.exitProcess
import pl.egito.Egito
import pl.egito.EgitoException
import pl.egito.Record
import pl.egito.ValidationException

fun main() {
    val form = Record.parse(System.`in`.readAllBytes().decodeToString())
    val lead = form.filterKeys { it in setOf("formKey", "lastName", "phone") } // a visitor must not set `owner` or `status`
    try {
        val registered = Egito.fromEnv().use { it.leads.createOnce(lead, key = "formKey") }
        println("${if (registered.isCreated) "created" else "found"} lead ${registered.id}")
    } catch (error: ValidationException) {
        error.errors.forEach { System.err.println("${it.field}: ${it.message}") }
        exitProcess(1)
    } catch (error: EgitoException) {
        System.err.println("${error.code}: ${error.message}")
        exitProcess(if (error.isRetryable || error.outcome == "unknown") 75 else 1) // 75: send the same form again
    }
}
