//! Finds the time zone of the server: dates come back as midnights of it, and times without an offset are in it.

use super::prober::Prober;
use super::text::text;
use crate::json::Members;
use crate::record::Record;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// Fields that the server sets to the time of a write.
const TIMES: [&str; 2] = ["dateCreated", "lastUpdated"];

/// Offsets are whole quarters of an hour; the clocks may differ by less.
const QUARTER: i64 = 900;
const MAX_SKEW: i64 = 300;

/// Reports the time zone.
pub(super) fn check(prober: &mut Prober) {
    match prober.zone.clone() {
        Some(zone) => {
            prober.fact("time_zone", zone.as_str());
            prober.ok("time_zone", text!("dates without a time are in the zone {}", zone));
        }
        None => {
            prober.unknown("time_zone", "no record shows it").advise("Set `write`, and a `record` with a date in a field for dates: the response shows in which zone the server reads it.");
        }
    }
}

/// Returns the zone whose midnights a field of these records has, as a field for dates does.
pub(super) fn of_dates(records: &[Record]) -> Option<String> {
    let mut fields: BTreeMap<String, Option<BTreeSet<OffsetDateTime>>> = BTreeMap::new();
    for record in records {
        for (name, value) in members(record) {
            if value.get() == "null" || TIMES.contains(&name.as_str()) {
                continue;
            }
            let times = fields.entry(name).or_insert_with(|| Some(BTreeSet::new()));
            match (times.as_mut(), utc(value)) {
                (Some(known), Some(time)) => drop(known.insert(time)),
                _ => *times = None,
            }
        }
    }
    let mut several = fields.into_values().flatten().filter(|times| times.len() > 1);
    several.find_map(|times| zone_of_midnights(&times))
}

fn zone_of_midnights(times: &BTreeSet<OffsetDateTime>) -> Option<String> {
    let hours: BTreeSet<u8> = times.iter().map(|time| time.hour()).collect();
    if times.iter().any(|time| (time.minute(), time.second(), time.nanosecond()) != (0, 0, 0)) {
        return None;
    }
    let is_polish = |time: &OffsetDateTime| match u8::from(time.month()) {
        11 | 12 | 1 | 2 => time.hour() == 23,
        4..=9 => time.hour() == 22,
        _ => matches!(time.hour(), 22 | 23), // summer time begins and ends in March and October
    };
    match hours.iter().copied().collect::<Vec<_>>()[..] {
        [0] => Some("UTC".into()),
        [22, 23] if times.iter().all(is_polish) => Some("Europe/Warsaw".into()),
        [22] => Some("+02:00".into()),
        [23] => Some("+01:00".into()),
        _ => None,
    }
}

/// Returns the zone in which the server has read a date of the record, or writes the time of the create.
pub(super) fn of_new_record(sent: &Record, stored: &Record, now: SystemTime) -> Option<String> {
    let stored = members(stored);
    let find = |name: &str| stored.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let of_date = members(sent).iter().find_map(|(name, value)| offset_of_date(value, find(name)?));
    of_date.or_else(|| TIMES.iter().find_map(|name| offset_of_local_time(find(name)?, now)))
}

/// Returns the offset of the zone in which a date alone was read, from the time that it has become.
fn offset_of_date(sent: &RawValue, stored: &RawValue) -> Option<String> {
    let text: String = serde_json::from_str(sent.get()).ok()?;
    let midnight = Date::parse(&text, &Iso8601::DATE).ok().filter(|_| text.len() == 10)?.midnight().assume_utc();
    let seconds = (midnight - utc(stored)?).whole_seconds();
    (seconds.abs() <= 14 * 3600 && seconds % QUARTER == 0).then(|| offset(seconds))?
}

/// Returns the offset of the zone of a time without an offset, which is about now.
fn offset_of_local_time(time: &RawValue, now: SystemTime) -> Option<String> {
    let text: String = serde_json::from_str(time.get()).ok()?;
    let has_offset = text.get(10..)?.contains(['Z', '+', '-']);
    if has_offset {
        return None;
    }
    let local = PrimitiveDateTime::parse(&text.replacen(' ', "T", 1), &Iso8601::DATE_TIME).ok()?.assume_utc();
    let seconds = (local - OffsetDateTime::from(now)).whole_seconds();
    let nearest = (seconds + QUARTER / 2).div_euclid(QUARTER) * QUARTER;
    ((seconds - nearest).abs() <= MAX_SKEW && nearest.abs() <= 14 * 3600).then(|| offset(nearest))?
}

fn offset(seconds: i64) -> Option<String> {
    if seconds == 0 {
        return Some("UTC".into());
    }
    let (hours, minutes, _) = UtcOffset::from_whole_seconds(i32::try_from(seconds).ok()?).ok()?.as_hms();
    let sign = if seconds < 0 { '-' } else { '+' };
    Some(format!("{sign}{:02}:{:02}", hours.abs(), minutes.abs()))
}

/// Returns a time with an offset.
fn utc(value: &RawValue) -> Option<OffsetDateTime> {
    let text: String = serde_json::from_str(value.get()).ok()?;
    OffsetDateTime::parse(&text, &Rfc3339).ok().map(|time| time.to_offset(UtcOffset::UTC))
}

fn members(record: &Record) -> Vec<(String, &RawValue)> {
    Members::read(record.json().as_bytes()).map(|members| members.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn records(field: &str, values: &[&str]) -> Vec<Record> {
        let json = |value: &&str| format!(r#"{{"id":1,"name":"Ryś","{field}":{value},"other":null}}"#);
        values.iter().map(|value| Record::from_json(json(value)).unwrap()).collect()
    }

    #[test]
    fn midnights_show_the_zone() {
        for (values, expected) in [
            (&[r#""2026-01-09T23:00:00Z""#, r#""2026-07-09T22:00:00Z""#][..], Some("Europe/Warsaw")),
            (&[r#""2026-01-09T23:00:00Z""#, r#""2026-01-10T23:00:00.000Z""#], Some("+01:00")),
            (&[r#""2026-01-09T00:00:00Z""#, "null", r#""2026-07-09T00:00:00Z""#], Some("UTC")),
            (&[r#""2026-01-09T22:00:00Z""#, r#""2026-07-09T23:00:00Z""#], None),
            (&[r#""2026-07-09T22:00:00Z""#, r#""2026-07-09T22:00:01Z""#], None),
            (&[r#""2026-07-09T22:00:00Z""#, r#""2026-07-09""#], None),
            (&[r#""2026-07-09T22:00:00Z""#], None),
        ] {
            assert_eq!(of_dates(&records("birthDate", values)).as_deref(), expected, "{values:?}");
        }
        let times = [r#""2026-01-09T00:00:00Z""#, r#""2026-07-09T00:00:00Z""#];
        assert_eq!(of_dates(&records("lastUpdated", &times)), None, "the time of a write is not a date");
    }

    #[test]
    fn a_new_record_shows_the_zone() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_782_900_000); // 2026-07-01T10:00:00Z
        let zone = |sent: &str, stored: &str| {
            of_new_record(&Record::from_json(sent).unwrap(), &Record::from_json(stored).unwrap(), now)
        };
        let sent = r#"{"lastName":"x","birthDate":"2026-07-01"}"#;
        for (stored, expected) in [
            (r#"{"birthDate":"2026-06-30T22:00:00Z"}"#, Some("+02:00")),
            (r#"{"birthDate":"2026-07-01T00:00:00.000Z"}"#, Some("UTC")),
            (r#"{"birthDate":"2026-07-01T03:30:00Z"}"#, Some("-03:30")),
            (r#"{"dateCreated":"2026-07-01T12:01:03"}"#, Some("+02:00")),
            (r#"{"lastUpdated":"2026-07-01 09:59:58.250"}"#, Some("UTC")),
            (r#"{"dateCreated":"2026-07-01T10:00:03Z","birthDate":"2026-07-01"}"#, None),
            (r#"{"dateCreated":"2026-07-01T12:07:00"}"#, None),
        ] {
            assert_eq!(zone(sent, stored).as_deref(), expected, "{stored}");
        }
    }
}
