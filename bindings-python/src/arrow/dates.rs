//! Points in time: ISO 8601 strings in UTC → milliseconds since 1970.

use arrow_schema::{DataType, TimeUnit};
use std::sync::Arc;

const DAY_MS: i64 = 86_400_000;

/// Returns the type of columns of points in time.
pub(super) fn timestamp() -> DataType {
    DataType::Timestamp(TimeUnit::Millisecond, Some(Arc::from("UTC")))
}

/// Parses `2024-02-29T10:11:12.345Z`. The fraction is optional, digits after milliseconds must be zeros, and UTC may be written
/// `+00:00`. Other strings are not points in time: a date alone, a time without a zone, the 30th of February.
pub(super) fn parse(text: &[u8]) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let (time, rest) = rest.strip_prefix(b"T")?.split_at_checked(8)?;
    let rest = rest.strip_suffix(b"Z").or_else(|| rest.strip_suffix(b"+00:00"))?;
    let [year, month, day] = parts(date, b'-', [4, 2, 2])?;
    let [hour, minute, second] = parts(time, b':', [2, 2, 2])?;
    let is_valid = year > 0
        && (1..=12).contains(&month)
        && (1..=days_of_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let ms = milliseconds(rest)?;
    is_valid.then(|| days(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + ms)
}

/// Parses a fraction of a second, such as `.345` or an empty string, to milliseconds.
fn milliseconds(fraction: &[u8]) -> Option<i64> {
    if fraction.is_empty() {
        return Some(0);
    }
    let digits = fraction.strip_prefix(b".").filter(|digits| !digits.is_empty())?;
    let (ms, finer) = digits.split_at(digits.len().min(3));
    let scale = [1000, 100, 10, 1][ms.len()];
    finer.iter().all(|&digit| digit == b'0').then(|| number(ms))?.map(|ms| ms * scale)
}

/// Parses three numbers with these lengths and a separator between them.
fn parts(text: &[u8], separator: u8, lengths: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(|&byte| byte == separator);
    let mut next = |length| parts.next().filter(|part| part.len() == length).and_then(number);
    Some([next(lengths[0])?, next(lengths[1])?, next(lengths[2])?])
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
}

fn days_of_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the days since 1970-01-01 in the Gregorian calendar. Years start in March, so that the leap day is the last one.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469
}
