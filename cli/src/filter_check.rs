//! Whether the records of a list have the values that its filters select: many servers ignore a filter that they do not know.

use crate::members::Members;
use crate::messages::{Language, messages};
use crate::output::note;
use egito::Record;
use jiff::civil::Date;

messages! {
    ignored_filter(field: &str, count: u64)
        "warning: the server ignores the filter {field:?}, or compares it otherwise: records with another value: {count}"
        "ostrzeżenie: serwer pomija filtr {field:?} albo porównuje inaczej: rekordy z inną wartością: {count}";
}

/// The filters of a list, and how many of its records have other values.
#[derive(Debug, Default)]
pub struct FilterCheck(Vec<FilteredField>);

#[derive(Debug)]
struct FilteredField {
    name: String,
    /// Any of these values is selected.
    values: Vec<String>,
    /// Number of records with another value.
    others: u64,
}

impl FilterCheck {
    /// Creates the check of filters such as `city=Kraków`.
    pub fn new(filters: &[String]) -> Self {
        let mut fields: Vec<FilteredField> = Vec::new();
        for (name, value) in filters.iter().filter_map(|filter| filter.split_once('=')) {
            match fields.iter_mut().find(|field| field.name == name) {
                Some(field) => field.values.push(value.to_owned()),
                None => fields.push(FilteredField { name: name.to_owned(), values: vec![value.to_owned()], others: 0 }),
            }
        }
        Self(fields)
    }

    /// Counts the records with other values. A record without the field shows nothing.
    pub fn add(&mut self, records: &[Record]) {
        for field in &mut self.0 {
            let is_other = |record: &&Record| {
                record.raw(&field.name).is_some_and(|json| !field.values.iter().any(|value| may_be(json, value)))
            };
            field.others += records.iter().filter(is_other).count() as u64;
        }
    }

    /// Returns the fields whose filter did not select.
    pub fn ignored(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().filter(|field| field.others > 0).map(|field| (field.name.as_str(), field.others))
    }

    /// Prints a warning for each filter that did not select.
    pub fn warn(&self, language: Language) {
        for (field, count) in self.ignored() {
            note(&language.ignored_filter(field, count));
        }
    }
}

/// Returns whether a filter by `value` can select this JSON value. Case and white space do not count, since databases differ there; lists
/// and dates are not compared. A filter can select an object by one of its members, such as its id.
fn may_be(json: &str, value: &str) -> bool {
    let value = value.trim();
    match json.as_bytes().first() {
        Some(b'[') => true,
        Some(b'{') => serde_json::from_str::<Members>(json)
            .map_or(true, |Members(members)| members.iter().any(|(_, member)| may_be(member.get(), value))),
        Some(b'"') => serde_json::from_str::<String>(json).map_or(true, |text| {
            text.trim().to_lowercase() == value.to_lowercase() || is_same_number(text.trim(), value) || is_date(value)
        }),
        _ => json.eq_ignore_ascii_case(value) || is_same_number(json, value) || (json != "null" && is_date(value)),
    }
}

fn is_same_number(one: &str, other: &str) -> bool {
    matches!((one.parse::<f64>(), other.parse::<f64>()), (Ok(one), Ok(other)) if one.total_cmp(&other).is_eq())
}

/// Returns whether a text begins with a date: servers write the same time in several ways.
fn is_date(text: &str) -> bool {
    text.get(..10).is_some_and(|text| text.parse::<Date>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::may_be;

    #[test]
    fn only_a_value_that_no_server_would_select_is_another_one() {
        for (json, value) in [
            (r#""Kraków""#, "kraków"),
            (r#"" Łódź""#, "Łódź"),
            ("1.50", "1.5"),
            (r#""7""#, "7"),
            ("true", "TRUE"),
            (r#"{"id": 7, "name": "Energetyka"}"#, "7"),
            (r#"{"id": 7, "name": "Energetyka"}"#, "Energetyka"),
            ("[1, 2]", "2"),
            ("1795773600000", "2026-11-27"),
            (r#""2026-11-27T08:00:00Z""#, "2026-11-27"),
        ] {
            assert!(may_be(json, value), "{json} {value}");
        }
        for (json, value) in
            [(r#""Łódź""#, "Kraków"), ("null", "Kraków"), ("7", "8"), (r#"{"id": 7}"#, "8"), ("null", "2026-11-27")]
        {
            assert!(!may_be(json, value), "{json} {value}");
        }
    }
}
