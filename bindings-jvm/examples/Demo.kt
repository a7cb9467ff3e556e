/** Creates, reads, updates, lists and deletes records, and shows an error. It reads `EGITO_*` from the environment. */

package pl.egito.examples

import pl.egito.Egito
import pl.egito.ValidationException

fun main() {
    Egito.fromEnv().use { egito ->
        val account = egito.accounts.create(mapOf("name" to "Żółta Łódź sp. z o.o.", "city" to "Gdańsk"))
        val contact = egito.contacts.create(
            mapOf("firstName" to "Zażółć", "lastName" to "Gęślą-Jaźń", "account" to mapOf("id" to account)),
        )
        val opportunity = egito.opportunities.create(
            mapOf("name" to "Wdrożenie CRM 🚀", "value" to 12_500.5, "account" to mapOf("id" to account)),
        )
        println("created   account $account, contact $contact, opportunity $opportunity")

        println("read back ${egito.accounts.get(account).string("name")}")
        println("          ${egito.contacts.get(contact).string("lastName")}")
        println("          ${egito.opportunities.get(opportunity).string("name")}")

        egito.accounts.update(account, mapOf("phone" to "+48 12 446 66 66"))
        println("changed   ${egito.accounts.get(account).string("phone")}")

        val pages = egito.accounts.list(pageSize = 500).pages().map { it.size }
        println("listed    ${pages.sum()} accounts on ${pages.size} pages")
        println("industry  ${egito.dictionary("industry").toList().size} entries")

        egito.opportunities.delete(opportunity)
        println("deleted   opportunity $opportunity")

        try {
            egito.accounts.create(mapOf("city" to "Łomża"))
        } catch (error: ValidationException) {
            println("refused   ${error.code}: ${error.message}")
        }
    }
}
