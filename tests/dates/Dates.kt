/** Writes dates in Kotlin's own types, reads them back and prints them. Arguments: see `test_grails_dates.py`. */

package pl.egito.dates

import java.time.LocalDate
import java.time.ZoneId
import kotlin.time.Instant
import pl.egito.Egito

fun main(arguments: Array<String>) = Egito.fromEnv().use { egito ->
    val zone = ZoneId.of(arguments.first())
    val offers = egito.entity("Offer")
    for (wanted in arguments.drop(1)) {
        val (kind, text) = wanted.split(":")
        // Kotlin's own library has no type for a day without a time.
        val value: Any = if (kind == "day") LocalDate.parse(text) else Instant.fromEpochSeconds(text.toLong())
        val read = checkNotNull(offers.get(offers.create(mapOf("point" to value))).instant("point"))
        println(if (kind == "day") read.atZone(zone).toLocalDate() else read.epochSecond)
    }
}
