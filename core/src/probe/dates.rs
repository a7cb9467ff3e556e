//! The forms in which servers write times. No input and output.

use crate::json::Members;
use serde_json::value::RawValue;

/// Fields that Grails sets itself.
const FIELDS: [&str; 2] = ["lastUpdated", "dateCreated"];

/// Returns the form of the times in a record; `None` if it has no time.
pub(super) fn form(json: &str) -> Option<&'static str> {
    let Members(members) = Members::read(json.as_bytes()).ok()?;
    let own = FIELDS.iter().filter_map(|field| members.iter().find(|(name, _)| name == field));
    own.chain(&members).find_map(|(name, value)| form_of(name, value))
}

fn form_of(name: &str, value: &RawValue) -> Option<&'static str> {
    let Ok(text) = serde_json::from_str::<String>(value.get()) else {
        let milliseconds = value.get().parse::<i64>().ok()?;
        return (FIELDS.contains(&name) && milliseconds > 100_000_000_000).then_some("milliseconds since 1970");
    };
    let (date, rest) = text.split_at_checked(10)?;
    let is_date = date.bytes().enumerate().all(|(index, byte)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let time = rest.strip_prefix(['T', ' ']).filter(|time| is_date && time.contains(':'))?;
    Some(match time.find(['Z', '+', '-']) {
        Some(start) if time[start..].starts_with('Z') => "ISO 8601 in UTC",
        Some(_) => "ISO 8601 with an offset",
        None => "ISO 8601 without an offset",
    })
}

#[cfg(test)]
mod tests {
    use super::form;

    #[test]
    fn the_form_of_times_is_recognized() {
        assert_eq!(form(r#"{"lastUpdated":"2026-11-27T09:30:00Z"}"#), Some("ISO 8601 in UTC"));
        assert_eq!(form(r#"{"x":"2026-11-27T09:30:00.250+01:00"}"#), Some("ISO 8601 with an offset"));
        assert_eq!(form(r#"{"x":"2026-11-27 09:30:00"}"#), Some("ISO 8601 without an offset"));
        assert_eq!(form(r#"{"dateCreated":1764235800000,"x":5}"#), Some("milliseconds since 1970"));
        assert_eq!(form(r#"{"x":"2026-11-27","y":1764235800000,"ż":"żółćżółćżółć"}"#), None);
    }
}
