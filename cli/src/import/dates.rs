//! Dates of an input, and how they are sent.
//!
//! The server reads a time as UTC only with exactly three digits of a fraction and `Z`. Every other time is one of its own zone.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

/// The order of the parts of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DateOrder {
    /// 2026-12-31
    #[serde(rename = "YMD")]
    Ymd,
    /// 31.12.2026
    #[serde(rename = "DMY")]
    Dmy,
    /// 12/31/2026
    #[serde(rename = "MDY")]
    Mdy,
}

impl DateOrder {
    pub(crate) const ALL: [Self; 3] = [Self::Ymd, Self::Dmy, Self::Mdy];

    /// Returns the name in a mapping file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ymd => "YMD",
            Self::Dmy => "DMY",
            Self::Mdy => "MDY",
        }
    }
}

/// Returns the time as the server needs it; `None` if the text is not a date of this order.
///
/// A time without an offset is one of `zone`, or of the server's zone if none is given.
pub(crate) fn to_server(text: &str, order: DateOrder, zone: Option<&TimeZone>) -> Option<String> {
    let text = text.trim();
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(utc(time));
    }
    let (date, time) = parse(text, order)?;
    let local = DateTime::from_parts(date, time.unwrap_or_else(Time::midnight));
    match zone {
        Some(zone) => local.to_zoned(zone.clone()).ok().map(|zoned: Zoned| utc(zoned.timestamp())),
        None if time.is_none() => Some(date.to_string()),
        None => Some(local.strftime("%Y-%m-%dT%H:%M:%S").to_string()),
    }
}

/// Returns whether the text is a date of this order, with or without a time.
pub(crate) fn is_date(text: &str, order: DateOrder) -> bool {
    let text = text.trim();
    parse(text, order).is_some() || (order == DateOrder::Ymd && text.parse::<Timestamp>().is_ok())
}

fn utc(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

fn parse(text: &str, order: DateOrder) -> Option<(Date, Option<Time>)> {
    match text.split_once([' ', 'T']) {
        Some((date, time)) => Some((parse_date(date, order)?, Some(parse_time(time.trim())?))),
        None => Some((parse_date(text, order)?, None)),
    }
}

fn parse_date(text: &str, order: DateOrder) -> Option<Date> {
    let separator = text.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = text.split(separator).collect();
    let &[first, second, third] = parts.as_slice() else { return None };
    let (year, month, day) = match order {
        DateOrder::Ymd if matches!(separator, '-' | '.' | '/') => (first, second, third),
        DateOrder::Dmy if matches!(separator, '-' | '.' | '/') => (third, second, first),
        DateOrder::Mdy if separator == '/' => (third, first, second),
        _ => return None,
    };
    let is_short = |text: &str| (1..=2).contains(&text.len());
    if year.len() != 4 || !is_short(month) || !is_short(day) {
        return None;
    }
    Date::new(number(year)?, number(month)?.try_into().ok()?, number(day)?.try_into().ok()?).ok()
}

fn parse_time(text: &str) -> Option<Time> {
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let parts: Vec<i8> = text.split(':').map(|part| number(part)?.try_into().ok()).collect::<Option<_>>()?;
    match *parts.as_slice() {
        [hour, minute] => Time::new(hour, minute, 0, 0).ok(),
        [hour, minute, second] => Time::new(hour, minute, second, 0).ok(),
        _ => None,
    }
}

fn number(text: &str) -> Option<i16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_sent_as_the_server_reads_them() {
        let warsaw = TimeZone::get("Europe/Warsaw").unwrap();
        let sent = |text, order, zone| to_server(text, order, zone).unwrap();
        assert_eq!(sent("31.12.2026", DateOrder::Dmy, None), "2026-12-31");
        assert_eq!(sent("31.12.2026", DateOrder::Dmy, Some(&warsaw)), "2026-12-30T23:00:00.000Z");
        assert_eq!(sent("1.7.2026 14:30", DateOrder::Dmy, None), "2026-07-01T14:30:00");
        assert_eq!(sent("1.7.2026 14:30", DateOrder::Dmy, Some(&warsaw)), "2026-07-01T12:30:00.000Z");
        assert_eq!(sent("2026-07-01T14:30:00+02:00", DateOrder::Ymd, None), "2026-07-01T12:30:00.000Z");
    }

    #[test]
    fn only_dates_are_dates() {
        for text in ["31.02.2026", "2026", "1.2.26", "12-446-6666", "31.12.2026 25:00", "", "1.2.2026 x"] {
            assert!(DateOrder::ALL.iter().all(|order| !is_date(text, *order)), "{text}");
        }
    }
}
