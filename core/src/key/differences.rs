//! Finds the fields of a record that the server stores with another value.

use super::value::KeyValue;
use crate::blank::is_blank;
use crate::json::Members;
use crate::json::scanner::{RawStr, Scanner};
use crate::json::typed::kind;
use crate::record::{Record, field};
use serde_json::value::RawValue;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The fields that the server sets itself [G]. It ignores them in what it is sent.
pub(super) const SET_BY_SERVER: [&str; 4] = ["id", "version", "dateCreated", "lastUpdated"];

/// Returns the names and values of the fields of `given` whose value in `stored` is another one.
///
/// Values are compared as servers store them: strings without white space around them, an empty string as `null`, a number and its
/// text as the same, points in time whatever their offset, and of an object only the members that are given.
pub(crate) fn differences<'g>(given: &'g Record, stored: &Record) -> Vec<(String, &'g RawValue)> {
    let Members(fields) = Members::read(given.json().as_bytes()).expect("a record is a JSON object");
    let stored = StoredFields::new(stored.json());
    let differs = |(name, value): &(String, &RawValue)| {
        !SET_BY_SERVER.contains(&name.as_str()) && !is_same(value.get(), stored.get(name))
    };
    fields.into_iter().filter(differs).collect()
}

/// The fields of a stored record, which is scanned only once.
struct StoredFields<'j>(Vec<(RawStr<'j>, &'j str)>);

impl<'j> StoredFields<'j> {
    fn new(json: &'j str) -> Self {
        let mut fields = Vec::with_capacity(64);
        let scanned = Scanner::new(json).object(|scanner, name| {
            fields.push((name, scanner.value()?));
            Ok(())
        });
        scanned.expect("a record is a JSON object");
        Self(fields)
    }

    /// Returns the JSON text of a field. If a name occurs twice, the last one counts.
    fn get(&self, name: &str) -> Option<&'j str> {
        self.0.iter().rev().find(|(field, _)| field.is(name)).map(|(_, value)| *value)
    }
}

fn is_same(given: &str, stored: Option<&str>) -> bool {
    let stored = stored.unwrap_or("null");
    match (kind(given), kind(stored)) {
        _ if given == stored => true,
        _ if is_empty(given) || is_empty(stored) => is_empty(given) && is_empty(stored),
        ("an object", "an object") => members_are_same(given, stored),
        ("a list", "a list") => items_are_same(given, stored),
        ("an object" | "a list", _) | (_, "an object" | "a list") => false,
        _ => scalars_are_same(given, stored),
    }
}

/// Returns whether a server would store the value as `null`.
fn is_empty(json: &str) -> bool {
    json == "null" || json.starts_with('"') && serde_json::from_str::<String>(json).is_ok_and(|text| is_blank(&text))
}

fn members_are_same(given: &str, stored: &str) -> bool {
    let Ok(Members(members)) = Members::read(given.as_bytes()) else { return false };
    members.iter().all(|(name, value)| is_same(value.get(), field(stored, name)))
}

fn items_are_same(given: &str, stored: &str) -> bool {
    let items = |json| serde_json::from_str::<Vec<&RawValue>>(json);
    match (items(given), items(stored)) {
        (Ok(given), Ok(stored)) if given.len() == stored.len() => {
            given.iter().zip(stored).all(|(given, stored)| is_same(given.get(), Some(stored.get())))
        }
        _ => false,
    }
}

fn scalars_are_same(given: &str, stored: &str) -> bool {
    match (KeyValue::from_json(given), KeyValue::from_json(stored)) {
        (Ok(given), Ok(stored)) => given.is_same(&stored) || are_same_instant(given.text(), stored.text()),
        _ => false,
    }
}

fn are_same_instant(given: &str, stored: &str) -> bool {
    let instant = |text| OffsetDateTime::parse(text, &Rfc3339).ok();
    instant(given).is_some_and(|given| Some(given) == instant(stored))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(given: &str, stored: &str) -> Vec<String> {
        let record = |json| Record::from_json(json).unwrap();
        differences(&record(given), &record(stored)).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn values_that_a_server_stores_alike_are_the_same() {
        let stored = r#"{"id": 7, "name": "Żubr", "note": null, "nip": 5250001009, "price": 12.5, "active": true,
            "account": {"id": 5, "name": "A"}, "tags": ["x", "y"], "since": "2024-02-29T10:11:12Z",
            "twice": 1, "twice": 2, "\u0061.b": 3}"#;
        for given in [
            r#"{"name": " \u017bubr\n"}"#,
            r#"{"note": "", "other": null, "more": " "}"#,
            r#"{"nip": "5250001009", "price": 12.50, "active": "true"}"#,
            r#"{"account": {"id": "5"}, "tags": ["x", "y "]}"#,
            r#"{"since": "2024-02-29T11:11:12.000+01:00"}"#,
            r#"{"id": 8, "version": 3, "lastUpdated": "2024-02-29T11:11:12Z"}"#,
            r#"{"twice": 2, "a.b": 3}"#,
            "{}",
        ] {
            assert_eq!(names(given, stored), Vec::<String>::new(), "{given}");
        }
        for (given, different) in [
            (r#"{"name": "żubr", "nip": 5250001009}"#, "name"),
            (r#"{"name": null}"#, "name"),
            (r#"{"note": "x"}"#, "note"),
            (r#"{"price": 12.51}"#, "price"),
            (r#"{"account": {"id": 6}}"#, "account"),
            (r#"{"account": 5}"#, "account"),
            (r#"{"tags": ["x"]}"#, "tags"),
            (r#"{"tags": "x"}"#, "tags"),
            (r#"{"since": "2024-02-29T10:11:12+01:00"}"#, "since"),
            (r#"{"since": "2024-02-29"}"#, "since"),
            (r#"{"other": 0}"#, "other"),
            (r#"{"twice": 1}"#, "twice"),
        ] {
            assert_eq!(names(given, stored), [different], "{given}");
        }
    }
}
