//! Reads dates and times in requests as Grails does by default [G].
//!
//! Only a time with an offset and a fraction is a point in time. The fraction is a number of milliseconds, so six digits are too many.
//! In every other form `Z` is an ordinary letter, and the time is read in the server's time zone.

use serde::{Deserialize, Serialize};

use crate::clock::iso_8601;

/// The time zone of the server.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) enum TimeZone {
    #[serde(rename = "Europe/Warsaw")]
    Warsaw,
    #[serde(rename = "UTC")]
    Utc,
}

/// Returns the date as the server stores and writes it, in UTC; `None` if the string is not a date.
pub(crate) fn read(text: &str, zone: TimeZone) -> Option<String> {
    let (date, rest) = text.split_at_checked(10)?;
    let (year, month, day) = (digits(date, 0..4)?, digits(date, 5..7)?, digits(date, 8..10)?);
    let is_date = date.as_bytes()[4] == b'-' && date.as_bytes()[7] == b'-';
    if !is_date || !(1..=12).contains(&month) || !(1..=days_of(year, month)).contains(&day) {
        return None;
    }
    let midnight = days_from_civil(year, month, day) * 86_400;
    if rest.is_empty() {
        return Some(iso_8601(zone.to_utc(midnight)));
    }
    let (time, rest) = rest.strip_prefix('T')?.split_at_checked(8)?;
    let (hour, minute, second) = (digits(time, 0..2)?, digits(time, 3..5)?, digits(time, 6..8)?);
    if time.as_bytes()[2] != b':' || time.as_bytes()[5] != b':' || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let local = midnight + hour * 3600 + minute * 60 + second;
    let (fraction, offset) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count()),
        None => ("", rest),
    };
    let offset = if offset.is_empty() { None } else { Some(seconds(offset)?) };
    let utc = match offset {
        Some(offset) if fraction.parse().is_ok_and(|milliseconds: u64| milliseconds < 1000) => local - offset,
        _ => zone.to_utc(local),
    };
    Some(iso_8601(utc))
}

/// Returns an offset such as `Z`, `+01:00` or `-0330` in seconds.
fn seconds(offset: &str) -> Option<i64> {
    if offset == "Z" {
        return Some(0);
    }
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let digits_only = offset.strip_prefix(['+', '-'])?.replacen(':', "", 1);
    let valid = digits_only.len() == 4;
    valid.then(|| Some(sign * (digits(&digits_only, 0..2)? * 3600 + digits(&digits_only, 2..4)? * 60)))?
}

fn digits(text: &str, range: std::ops::Range<usize>) -> Option<i64> {
    let part = text.get(range).filter(|part| part.bytes().all(|b| b.is_ascii_digit()))?;
    part.parse().ok()
}

impl TimeZone {
    /// Converts local time in this zone to UTC, both in seconds since 1970.
    fn to_utc(self, local: i64) -> i64 {
        match self {
            Self::Utc => local,
            Self::Warsaw if is_summer(local - 3600) => local - 7200,
            Self::Warsaw => local - 3600,
        }
    }
}

/// Returns whether Central Europe has summer time: from the last Sunday of March to that of October, at 1:00 UTC.
fn is_summer(utc: i64) -> bool {
    let year: i64 = iso_8601(utc)[..4].parse().unwrap_or_default();
    let change = |month| {
        let last = days_from_civil(year, month, 31);
        (last - (last + 4).rem_euclid(7)) * 86_400 + 3600
    };
    (change(3)..change(10)).contains(&utc)
}

fn days_of(year: i64, month: i64) -> i64 {
    let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days_from_civil(next.0, next.1, 1) - days_from_civil(year, month, 1)
}

/// Returns days since 1970, in eras of 400 years that begin in March, so that the leap day comes last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::{TimeZone, read};

    #[test]
    fn only_milliseconds_and_an_offset_are_a_point_in_time() {
        for (sent, stored) in [
            ("2024-02-29T10:11:12Z", "2024-02-29T09:11:12Z"),
            ("2024-02-29T10:11:12.345678Z", "2024-02-29T09:11:12Z"),
            ("2024-02-29T10:11:12+00:00", "2024-02-29T09:11:12Z"),
            ("2024-02-29T10:11:12", "2024-02-29T09:11:12Z"),
            ("2024-02-29T10:11:12.000Z", "2024-02-29T10:11:12Z"),
            ("2024-02-29T10:11:12.00Z", "2024-02-29T10:11:12Z"),
            ("2024-02-29T10:11:12.345+01:00", "2024-02-29T09:11:12Z"),
            ("2024-02-29T10:11:12.345+0000", "2024-02-29T10:11:12Z"),
            ("2024-07-01T10:11:12Z", "2024-07-01T08:11:12Z"),
            ("2024-02-29", "2024-02-28T23:00:00Z"),
            ("2024-07-01", "2024-06-30T22:00:00Z"),
            ("2024-03-31T01:59:59", "2024-03-31T00:59:59Z"),
            ("2024-03-31T03:00:00", "2024-03-31T01:00:00Z"),
            ("2024-12-31", "2024-12-30T23:00:00Z"),
        ] {
            assert_eq!(read(sent, TimeZone::Warsaw).as_deref(), Some(stored), "{sent}");
        }
        assert_eq!(read("2024-02-29", TimeZone::Utc).as_deref(), Some("2024-02-29T00:00:00Z"));
    }

    #[test]
    fn other_strings_are_not_dates() {
        for text in [
            "",
            "2024",
            "2024-02-30",
            "2023-02-29",
            "2024-13-01",
            "2024-02-29 10:11:12",
            "2024-02-29T10:11",
            "2024-02-29T24:00:00",
            "2024-02-29Tab:cd:ef",
            "2024-02-29T10:11:12X",
            "2024-02-29T10:11:12+1",
            "ŻŻŻŻŻŻ",
        ] {
            assert_eq!(read(text, TimeZone::Warsaw), None, "{text}");
        }
    }
}
