//! Splits JSON text into its parts: the members of an object, each value as its own text.

pub(crate) mod canonical;
pub mod scanner;
#[cfg(test)]
mod scanner_tests;
pub(crate) mod typed;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The names and values of an object, duplicate names included.
#[derive(Debug)]
pub(crate) struct Members<'j>(pub Vec<(String, &'j RawValue)>);

impl<'j> Members<'j> {
    /// Reads one object.
    pub(crate) fn read(json: &'j [u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(json)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of names and values")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members<'de>, M::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// Returns a scalar as the text of a parameter: numbers keep their digits, null is empty. Returns `None` for objects and lists.
pub(crate) fn plain_text(value: &RawValue) -> Option<String> {
    match value.get().as_bytes().first()? {
        b'{' | b'[' => None,
        b'n' => Some(String::new()),
        b'"' => serde_json::from_str(value.get()).ok(),
        _ => Some(value.get().to_owned()),
    }
}
