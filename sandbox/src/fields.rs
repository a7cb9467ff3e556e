//! A JSON object as ordered fields whose values are JSON text.
//!
//! No number becomes a double: `12345678901234567890.123456789` keeps its digits.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::dates::{self, TimeZone};

/// Objects nested deeper than this are not normalized.
const MAX_DEPTH: usize = 64;

/// The fields of a JSON object. Of duplicate names, the last value is kept at the position of the first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Vec<(String, Box<RawValue>)>);

impl Fields {
    pub fn parse(json: &str) -> serde_json::Result<Self> {
        serde_json::from_str(json)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// Replaces the value of a field, or adds the field at the end.
    pub fn set(&mut self, name: impl Into<String>, value: Box<RawValue>) {
        let name = name.into();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some(field) => field.1 = value,
            None => self.0.push((name, value)),
        }
    }

    /// Sets a field and moves it to the front.
    pub fn set_first(&mut self, name: &str, value: Box<RawValue>) {
        self.remove(name);
        self.0.insert(0, (name.to_owned(), value));
    }

    pub fn remove(&mut self, name: &str) -> Option<Box<RawValue>> {
        let index = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(index).1)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), &**value))
    }

    /// Returns the object as JSON.
    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(256);
        write_object(self, &mut json, |value, out| out.push_str(value.get()));
        json
    }

    /// Returns the fields as the server's data binding stores them: strings trimmed, empty ones null, dates in UTC.
    pub fn normalized(&self, zone: TimeZone) -> Self {
        let normalize = |(name, value): &(String, Box<RawValue>)| {
            let mut json = String::with_capacity(value.get().len());
            write_normalized(value.get(), 0, zone, &mut json);
            (name.clone(), raw(json))
        };
        Self(self.0.iter().map(normalize).collect())
    }
}

/// Returns JSON text that is known to be valid as a value.
pub(crate) fn raw(json: impl Into<String>) -> Box<RawValue> {
    RawValue::from_string(json.into()).expect("valid JSON")
}

/// Returns a value as JSON text.
pub(crate) fn to_raw<T: Serialize + ?Sized>(value: &T) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).expect("a value that JSON can hold")
}

/// Returns a number as JSON text.
pub(crate) fn number(value: i64) -> Box<RawValue> {
    raw(value.to_string())
}

/// Returns a scalar as the value of a parameter: strings without quotes, null as an empty string; `None` for objects and lists.
pub(crate) fn scalar_text(value: &RawValue) -> Option<String> {
    match value.get().as_bytes().first()? {
        b'{' | b'[' => None,
        b'"' => serde_json::from_str(value.get()).ok(),
        b'n' => Some(String::new()),
        _ => Some(value.get().to_owned()),
    }
}

fn write_normalized(json: &str, depth: usize, zone: TimeZone, out: &mut String) {
    match json.as_bytes().first() {
        Some(b'"') => write_normalized_string(json, zone, out),
        Some(b'{') if depth < MAX_DEPTH => match Fields::parse(json) {
            Ok(fields) => write_object(&fields, out, |value, out| write_normalized(value.get(), depth + 1, zone, out)),
            Err(_) => out.push_str(json),
        },
        Some(b'[') if depth < MAX_DEPTH => match serde_json::from_str::<Vec<Box<RawValue>>>(json) {
            Ok(elements) => write_list(&elements, depth, zone, out),
            Err(_) => out.push_str(json),
        },
        _ => out.push_str(json),
    }
}

fn write_normalized_string(json: &str, zone: TimeZone, out: &mut String) {
    // A lone surrogate is valid in JSON, but not in a Rust string: such a string is not changed.
    let Ok(text) = serde_json::from_str::<String>(json) else { return out.push_str(json) };
    if let Some(date) = dates::read(text.trim(), zone) {
        return out.push_str(to_raw(&date).get());
    }
    match text.trim() {
        "" => out.push_str("null"),
        trimmed if trimmed.len() == text.len() => out.push_str(json),
        trimmed => out.push_str(to_raw(trimmed).get()),
    }
}

fn write_list(elements: &[Box<RawValue>], depth: usize, zone: TimeZone, out: &mut String) {
    out.push('[');
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_normalized(element.get(), depth + 1, zone, out);
    }
    out.push(']');
}

fn write_object(fields: &Fields, out: &mut String, write_value: impl Fn(&RawValue, &mut String)) {
    out.push('{');
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(to_raw(name).get());
        out.push(':');
        write_value(value, out);
    }
    out.push('}');
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::default();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            fields.set(name, value);
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, TimeZone};

    #[test]
    fn numbers_and_the_order_of_names_stay_as_they_were_sent() {
        let json = r#"{"z":12345678901234567890.123456789,"a":9007199254740993,"m":{"y":1.0,"b":-0}}"#;
        assert_eq!(Fields::parse(json).unwrap().normalized(TimeZone::Warsaw).to_json(), json);
    }

    #[test]
    fn strings_are_trimmed_at_every_depth_and_empty_ones_become_null() {
        let fields = Fields::parse(r#"{"a":"  Żubr\t","b":" ","c":{"d":[" x ",""]},"e":"\u00f3"}"#).unwrap();
        assert_eq!(
            fields.normalized(TimeZone::Warsaw).to_json(),
            r#"{"a":"Żubr","b":null,"c":{"d":["x",null]},"e":"\u00f3"}"#
        );
    }

    #[test]
    fn of_duplicate_names_the_last_value_counts() {
        assert_eq!(Fields::parse(r#"{"a":1,"b":2,"a":3}"#).unwrap().to_json(), r#"{"a":3,"b":2}"#);
    }
}
