//! The value of one cell, and the flattening of a record into cells.

use crate::members::Members;
use egito::Record;
use std::borrow::Cow;

/// The value of one cell. Numbers and lists keep the text of the server, so no digit changes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    /// A list, an empty object, or an object that was named as a whole.
    Json(&'a str),
}

impl<'a> Value<'a> {
    /// Reads a value from its JSON text.
    pub(crate) fn from_json(json: &'a str) -> serde_json::Result<Self> {
        Ok(match json.as_bytes().first() {
            Some(b'n') | None => Self::Null,
            Some(b't') => Self::Bool(true),
            Some(b'f') => Self::Bool(false),
            Some(b'"') => Self::Text(text(json)?),
            Some(b'[' | b'{') => Self::Json(json),
            Some(_) => Self::Number(json),
        })
    }

    /// Returns the value as plain text; nothing for null.
    pub(crate) fn into_text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Null => None,
            Self::Bool(value) => Some(Cow::Borrowed(if value { "true" } else { "false" })),
            Self::Number(text) | Self::Json(text) => Some(Cow::Borrowed(text)),
            Self::Text(text) => Some(text),
        }
    }
}

/// Returns the given fields of a record as cells.
pub(crate) fn cells<'a>(record: &'a Record, fields: &[String]) -> serde_json::Result<Vec<Value<'a>>> {
    let cell = |field: &String| record.raw(field).map_or(Ok(Value::Null), Value::from_json);
    fields.iter().map(cell).collect()
}

fn text(json: &str) -> serde_json::Result<Cow<'_, str>> {
    let plain = json.len() >= 2 && !json.contains('\\');
    if plain { Ok(Cow::Borrowed(&json[1..json.len() - 1])) } else { serde_json::from_str(json).map(Cow::Owned) }
}

/// Calls `on_field` with the path and the value of each field. Nested objects are flattened: `address.city`.
///
/// If a name occurs twice in an object, the last one counts, so `on_field` may be called twice for a path.
pub(crate) fn flatten<'a>(json: &'a str, on_field: &mut impl FnMut(&str, Value<'a>)) -> serde_json::Result<()> {
    flatten_under(&mut String::new(), json, on_field)
}

fn flatten_under<'a>(
    path: &mut String,
    json: &'a str,
    on_field: &mut impl FnMut(&str, Value<'a>),
) -> serde_json::Result<()> {
    let Members(members) = serde_json::from_str(json)?;
    if members.is_empty() && !path.is_empty() {
        on_field(path, Value::Json(json));
    }
    for (name, value) in members {
        let parent = path.len();
        push_name(path, &name);
        match value.get() {
            object if object.starts_with('{') => flatten_under(path, object, on_field)?,
            other => on_field(path, Value::from_json(other)?),
        }
        path.truncate(parent);
    }
    Ok(())
}

/// Appends a name to a path, as [`egito::Record::raw`] reads it: a dot in a name is `\.`.
fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    for character in name.chars() {
        if matches!(character, '.' | '\\') {
            path.push('\\');
        }
        path.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(json: &str) -> Vec<(String, Value<'_>)> {
        let mut fields = Vec::new();
        flatten(json, &mut |path, value| fields.push((path.to_owned(), value))).unwrap();
        fields
    }

    #[test]
    fn objects_are_flattened_and_lists_are_kept() {
        let json = r#"{"id": 123456789012345678, "address": {"city": "Łódź", "geo": {"lat": 51.70}}, "tags": [1, {"a": 2}], "none": {}}"#;
        let expected = [
            ("id", Value::Number("123456789012345678")),
            ("address.city", Value::Text("Łódź".into())),
            ("address.geo.lat", Value::Number("51.70")),
            ("tags", Value::Json(r#"[1, {"a": 2}]"#)),
            ("none", Value::Json("{}")),
        ];
        assert_eq!(flat(json), expected.map(|(path, value)| (path.to_owned(), value)));
    }

    #[test]
    fn a_dot_in_a_name_is_not_a_path() {
        assert_eq!(
            flat(r#"{"v1.2": 1, "v1": {"2": 3}}"#).iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(),
            ["v1\\.2", "v1.2"]
        );
    }
}
