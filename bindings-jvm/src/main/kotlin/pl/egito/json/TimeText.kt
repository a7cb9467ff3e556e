package pl.egito.json

import java.time.Instant
import java.time.LocalDate
import java.time.LocalTime
import java.time.OffsetDateTime
import java.time.ZoneOffset
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import java.time.temporal.ChronoUnit
import java.util.Date
import kotlin.time.toJavaInstant

/**
 * Returns a date or a time as Egito reads it, `null` for other values. A point in time is written in UTC with exactly three digits and
 * `Z`, since the server reads other forms as a time in its own time zone.
 */
internal fun timeText(value: Any): String? = when (value) {
    is Instant -> pointInTimeText(value)
    is kotlin.time.Instant -> pointInTimeText(value.toJavaInstant())
    is ZonedDateTime -> pointInTimeText(value.toInstant())
    is OffsetDateTime -> pointInTimeText(value.toInstant())
    is LocalDate -> dayText(value, value.year)
    is LocalTime -> value.toString()
    is Date -> when (value.javaClass.name) { // by name, since the module of these classes may be missing
        "java.sql.Date" -> dayText(value, yearOf(value))
        "java.sql.Time" -> value.toString()
        else -> pointInTimeText(Instant.ofEpochMilli(value.time))
    }
    else -> null
}

private fun dayText(day: Any, year: Int): String {
    if (year !in 1..9999) throw UnwritableValue("expected a day in a year from 1 to 9999, got one in the year $year")
    return day.toString()
}

/** Returns the year of a `java.sql.Date`, whose text has only the last four digits. */
@Suppress("DEPRECATION") // a LocalDate of it would need its module, which may be missing
private fun yearOf(day: Date): Int = day.year + 1900

private fun pointInTimeText(instant: Instant): String {
    if (instant !in FIRST..LAST) throw UnwritableValue("expected a time in a year from 0 to 9999, got $instant")
    return POINT_IN_TIME.format(instant.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC))
}

private val FIRST = Instant.parse("0000-01-01T00:00:00Z")
private val LAST = Instant.parse("9999-12-31T23:59:59.999999999Z")
private val POINT_IN_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
