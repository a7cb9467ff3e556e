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
    is LocalDate, is LocalTime -> value.toString()
    is Date -> if (value.javaClass.name in DATES_OF_SQL) value.toString() else pointInTimeText(Instant.ofEpochMilli(value.time))
    else -> null
}

private fun pointInTimeText(instant: Instant): String {
    if (instant !in FIRST..LAST) throw UnwritableValue("expected a time in a year from 0 to 9999, got $instant")
    return POINT_IN_TIME.format(instant.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC))
}

private val FIRST = Instant.parse("0000-01-01T00:00:00Z")
private val LAST = Instant.parse("9999-12-31T23:59:59.999999999Z")
private val POINT_IN_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")

/** Subclasses of `Date` that are dates or times without a zone. They are compared by name, since their module may be missing. */
private val DATES_OF_SQL = setOf("java.sql.Date", "java.sql.Time")
