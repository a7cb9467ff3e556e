//! Finds the fields of a record that the server stores with another value.

use super::value::{KeyValue, unquoted};
use crate::blank::is_blank;
use crate::json::Members;
use crate::json::scanner::{RawStr, Scanner};
use crate::json::typed::kind;
use crate::record::{Record, RecordIndex, field};
use serde_json::value::RawValue;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The fields that the server sets itself [G]. It ignores them in what it is sent.
pub(super) const SET_BY_SERVER: [&str; 4] = ["id", "version", "dateCreated", "lastUpdated"];

/// Returns the names and values of the fields of `given` whose value in `stored` is another one.
///
/// Values are compared as servers store them: strings without white space around them, an empty string as `null`, a number and its
/// text as the same, points in time whatever their offset, and of an object only the members that are given.
pub(crate) fn differences<'g>(given: &'g RecordIndex, stored: &Record) -> Vec<(String, &'g RawValue)> {
    let given = given.members();
    let stored = StoredFields::new(stored.json(), &given);
    let differs = |(name, value): &(RawStr<'g>, &'g str)| {
        !is_same(value, stored.get(*name)) && !SET_BY_SERVER.iter().any(|field| name.is(field))
    };
    let raw = |json| serde_json::from_str(json).expect("a record is valid JSON");
    given.into_iter().filter(differs).map(|(name, value)| (name.text().into_owned(), raw(value))).collect()
}

/// The fields of a stored record, which is scanned only once.
struct StoredFields<'j>(Vec<(RawStr<'j>, &'j str)>);

impl<'j> StoredFields<'j> {
    /// Finds the fields. A value that is given in the same spelling is compared instead of scanned, as long as the fields have the
    /// same order.
    fn new(json: &'j str, mut given: &[(RawStr<'_>, &str)]) -> Self {
        let mut fields = Vec::with_capacity(64);
        let scanned = Scanner::new(json).object(|scanner, name| {
            scanner.kind()?;
            let start = scanner.position();
            let is_skipped = match given.iter().position(|(given, _)| given.json() == name.json()) {
                Some(index) => {
                    let value = given[index].1;
                    given = &given[index + 1..];
                    scanner.skip_same(value)?
                }
                None => false,
            };
            if !is_skipped {
                scanner.skip()?;
            }
            fields.push((name, &json[start..scanner.position()]));
            Ok(())
        });
        scanned.expect("a record is a JSON object");
        Self(fields)
    }

    /// Returns the JSON text of a field. If a name occurs twice, the last one counts.
    fn get(&self, name: RawStr<'_>) -> Option<&'j str> {
        self.0.iter().rev().find(|(field, _)| have_same_text(*field, name)).map(|(_, value)| *value)
    }
}

fn have_same_text(one: RawStr<'_>, other: RawStr<'_>) -> bool {
    if one.has_escapes() || other.has_escapes() { one.text() == other.text() } else { one.json() == other.json() }
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
    json == "null" || unquoted(json).is_some_and(|text| is_blank(&text))
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
        differences(&RecordIndex::new(record(given)), &record(stored)).into_iter().map(|(name, _)| name).collect()
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
            (r#"{"price": 12}"#, "price"),
            (r#"{"nip": 525000100}"#, "nip"),
            (r#"{"tags": [ "x" , "y" ], "name": "Żub"}"#, "name"),
        ] {
            assert_eq!(names(given, stored), [different], "{given}");
        }
    }
}
