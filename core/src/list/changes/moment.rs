//! The value of the field that changes are sorted by: a time or a number.

use serde::{Deserialize, Serialize};
use std::time::Duration;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// Numbers from here on are milliseconds since 1970, as some servers write times. Smaller ones are seconds, or counters.
const FIRST_MILLISECONDS: i128 = 100_000_000_000;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A time or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Nanoseconds since 1970, or the number.
    ticks: i128,
    kind: Kind,
}

/// The form of a moment, which says how exact it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// A point in time.
    Instant,
    /// A time without an offset.
    LocalTime,
    Date,
    Number,
}

impl Moment {
    /// Reads a value from JSON. Returns `None` if it is neither a time nor an integer.
    pub(super) fn from_json(json: &str) -> Option<Self> {
        if json.starts_with('"') {
            let text: String = serde_json::from_str(json).ok()?;
            return time_of(text.trim());
        }
        Some(Self { ticks: json.parse::<i64>().ok()?.into(), kind: Kind::Number })
    }

    /// Creates the moment of a mark.
    pub(super) fn new(ticks: i128, kind: Kind) -> Self {
        Self { ticks, kind }
    }

    /// Reads the date in a header of HTTP.
    pub(super) fn from_http_date(text: &str) -> Option<Self> {
        let since_1970 = httpdate::parse_http_date(text).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some(Self { ticks: i128::try_from(since_1970.as_nanos()).ok()?, kind: Kind::Instant })
    }

    /// Returns nanoseconds since 1970, or the number.
    pub(super) fn ticks(self) -> i128 {
        self.ticks
    }

    pub(super) fn kind(self) -> Kind {
        self.kind
    }

    /// Returns whether both are times or both are numbers. Others cannot be compared.
    pub(super) fn is_comparable(self, other: Self) -> bool {
        (self.kind == Kind::Number) == (other.kind == Kind::Number)
    }

    /// Returns the ticks of the moment that is earlier by `lag`.
    ///
    /// The lag is longer where the server's values do not order what happened: a time without an offset comes twice when summer time
    /// ends, and a date alone is that of the whole day.
    pub(super) fn before(self, lag: Duration) -> i128 {
        let nanoseconds = |lag: Duration| i128::try_from(lag.as_nanos()).unwrap_or(i128::MAX / 4);
        let ticks = match self.kind {
            Kind::Instant => nanoseconds(lag),
            Kind::LocalTime => nanoseconds(lag.saturating_add(HOUR)),
            Kind::Date => nanoseconds(lag.saturating_add(DAY).saturating_add(HOUR)),
            Kind::Number if self.ticks >= FIRST_MILLISECONDS => {
                i128::try_from(lag.as_millis()).unwrap_or(i128::MAX / 4)
            }
            Kind::Number => i128::from(lag.as_secs()) + i128::from(lag.subsec_nanos() > 0),
        };
        self.ticks.saturating_sub(ticks)
    }

    /// Returns this moment, but not after `limit`.
    pub(super) fn at_most(self, limit: Option<Self>) -> Self {
        match limit {
            Some(limit) if limit.is_comparable(self) => Self { ticks: self.ticks.min(limit.ticks), ..self },
            _ => self,
        }
    }
}

/// Reads a time such as `2026-11-27T09:30:00.250Z`, also with an offset, a space, or without any offset, seconds or time of day.
fn time_of(text: &str) -> Option<Moment> {
    let (date, rest) = text.split_at_checked(10)?;
    let (year, month, day) = (number(date.get(0..4)?)?, number(date.get(5..7)?)?, number(date.get(8..10)?)?);
    let has_dashes = date.as_bytes()[4] == b'-' && date.as_bytes()[7] == b'-';
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok().filter(|_| has_dashes)?;
    let moment = |time, offset_seconds: i64, kind| {
        let utc: OffsetDateTime = PrimitiveDateTime::new(date, time).assume_utc();
        Moment { ticks: utc.unix_timestamp_nanos() - i128::from(offset_seconds) * 1_000_000_000, kind }
    };
    if rest.is_empty() {
        return Some(moment(Time::MIDNIGHT, 0, Kind::Date));
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let end = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let time = time_of_day(&rest[..end])?;
    match offset(rest[end..].trim_start())? {
        Some(seconds) => Some(moment(time, seconds, Kind::Instant)),
        None => Some(moment(time, 0, Kind::LocalTime)),
    }
}

/// Reads `09:30`, with or without seconds and a fraction.
fn time_of_day(text: &str) -> Option<Time> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let mut parts = whole.split(':');
    let mut part = || parts.next().map(|part| number(part).filter(|_| part.len() == 2));
    let (hour, minute, second) = (part()??, part()??, part().unwrap_or(Some(0))?);
    let is_fraction = fraction.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !is_fraction {
        return None;
    }
    let nanoseconds = format!("{fraction:0<9.9}").parse().ok()?;
    let second = second.min(59); // a leap second
    Time::from_hms_nano(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, u8::try_from(second).ok()?, nanoseconds)
        .ok()
}

/// Reads an offset in seconds: `Z`, `+01:00`, `+0100` or `+01`. `Some(None)` means that there is none.
#[expect(clippy::option_option, reason = "an invalid offset is not a missing one")]
fn offset(text: &str) -> Option<Option<i64>> {
    if text.is_empty() {
        return Some(None);
    }
    if matches!(text, "Z" | "z") {
        return Some(Some(0));
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.strip_prefix(['+', '-'])?;
    let minutes = digits.get(2..).filter(|rest| !rest.is_empty()).map_or(Some(0), |rest| {
        let rest = rest.strip_prefix(':').unwrap_or(rest);
        number(rest).filter(|_| rest.len() == 2)
    })?;
    Some(Some(sign * (i64::from(number(digits.get(..2)?)?) * 3600 + i64::from(minutes) * 60)))
}

fn number(digits: &str) -> Option<u16> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(json: &str) -> i128 {
        Moment::from_json(json).unwrap_or_else(|| panic!("{json}")).ticks()
    }

    #[test]
    fn times_in_every_form_are_compared_as_points_in_time() {
        let expected = ticks(r#""2026-11-27T09:30:00Z""#);
        assert_eq!(expected, 1_795_771_800_000_000_000);
        for same in [
            "2026-11-27T09:30:00.000Z",
            "2026-11-27T10:30:00+01:00",
            "2026-11-27T10:30:00,0+0100",
            "2026-11-27 04:30:00 -05",
            "2026-11-27T09:30",
            " 2026-11-27t09:30:00z ",
        ] {
            assert_eq!(ticks(&format!("{same:?}")), expected, "{same}");
        }
        assert_eq!(ticks(r#""2026-11-27T09:30:00.123456789Z""#) - expected, 123_456_789);
        assert_eq!(ticks(r#""2026-11-27T09:30:00.25Z""#) - expected, 250_000_000);
        assert_eq!(expected - ticks(r#""2026-11-27""#), 34_200_000_000_000);
    }

    #[test]
    fn other_values_are_not_moments() {
        for json in [
            "null",
            "true",
            "1.5",
            "{}",
            r#""""#,
            r#""7""#,
            r#""yesterday""#,
            r#""27.11.2026 09:30""#,
            r#""2026-13-01""#,
            r#""2026-02-30T00:00:00Z""#,
            r#""2026-11-27T9:30:00Z""#,
            r#""2026-11-27T09:30:00.1.2Z""#,
            r#""2026-11-27T09:30:00+1""#,
            r#""2026-11-27T09:30:00Europe""#,
            r#""2026-11-27Tżółć""#,
        ] {
            assert_eq!(Moment::from_json(json), None, "{json}");
        }
    }

    #[test]
    fn the_lag_covers_what_a_form_does_not_say() {
        let lag = |json: &str, seconds| {
            let moment = Moment::from_json(json).unwrap();
            moment.ticks() - moment.before(Duration::from_secs(seconds))
        };
        assert_eq!(lag(r#""2026-11-27T09:30:00Z""#, 300), 300_000_000_000);
        assert_eq!(lag(r#""2026-11-27T09:30:00""#, 300), 3_900_000_000_000);
        assert_eq!(lag(r#""2026-11-27""#, 300), 90_300_000_000_000);
        assert_eq!(lag("1795771800000", 300), 300_000);
        assert_eq!(lag("5000", 300), 300);
    }

    #[test]
    fn a_moment_is_not_after_the_date_of_the_response() {
        let date = Moment::from_http_date("Fri, 27 Nov 2026 09:30:00 GMT");
        let future = Moment::from_json(r#""2099-01-01T00:00:00Z""#).unwrap();
        assert_eq!(future.at_most(date).ticks(), ticks(r#""2026-11-27T09:30:00Z""#));
        assert_eq!(future.at_most(None), future);
        let number = Moment::from_json("7").unwrap();
        assert_eq!(number.at_most(date), number);
    }
}
