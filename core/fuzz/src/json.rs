//! A tree of JSON that keeps the text of each value.

use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Maximum nesting.
const DEPTH: usize = 127;

/// A JSON value. If a name occurs twice, the last one counts.
#[derive(Debug)]
pub struct Json<'j> {
    /// The text, unchanged.
    pub text: &'j str,
    /// The content.
    pub kind: Kind<'j>,
}

/// The content of a value.
#[derive(Debug)]
pub enum Kind<'j> {
    /// `null`, `true`, `false` or a number.
    Plain,
    Text(String),
    List(Vec<Json<'j>>),
    Object(BTreeMap<String, Json<'j>>),
}

impl<'j> Json<'j> {
    /// Parses a text. Returns `None` if it is not JSON, is nested too deeply, or has lone surrogates.
    #[must_use]
    pub fn read(text: &'j str) -> Option<Self> {
        Self::of(serde_json::from_str(text).ok()?, 0)
    }

    fn of(raw: &'j RawValue, depth: usize) -> Option<Self> {
        let text = raw.get();
        let kind = match text.as_bytes()[0] {
            b'[' | b'{' if depth == DEPTH => return None,
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                Kind::List(items.into_iter().map(|item| Self::of(item, depth + 1)).collect::<Option<_>>()?)
            }
            b'{' => Kind::Object(members(text, depth)?),
            b'"' => Kind::Text(serde_json::from_str(text).ok()?),
            _ => Kind::Plain,
        };
        Some(Self { text, kind })
    }

    /// Returns a member of an object.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Self> {
        self.object()?.get(name)
    }

    /// Returns the members of an object.
    #[must_use]
    pub fn object(&self) -> Option<&BTreeMap<String, Self>> {
        if let Kind::Object(members) = &self.kind { Some(members) } else { None }
    }

    /// Returns the items of a list.
    #[must_use]
    pub fn list(&self) -> Option<&[Self]> {
        if let Kind::List(items) = &self.kind { Some(items) } else { None }
    }

    /// Returns the value of a string.
    #[must_use]
    pub fn string(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }
}

/// Parses all members, even those that are replaced by a later member of the same name.
fn members<'j>(text: &'j str, depth: usize) -> Option<BTreeMap<String, Json<'j>>> {
    struct All<'j>(Vec<(String, &'j RawValue)>);
    impl<'de> serde::Deserialize<'de> for All<'de> {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Members;
            impl<'de> serde::de::Visitor<'de> for Members {
                type Value = All<'de>;

                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<M: serde::de::MapAccess<'de>>(self, mut map: M) -> Result<All<'de>, M::Error> {
                    let mut all = Vec::new();
                    while let Some(member) = map.next_entry()? {
                        all.push(member);
                    }
                    Ok(All(all))
                }
            }
            deserializer.deserialize_map(Members)
        }
    }
    let all: All<'j> = serde_json::from_str(text).ok()?;
    all.0.into_iter().map(|(name, raw)| Some((name, Json::of(raw, depth + 1)?))).collect()
}

/// Returns whether a text is JSON.
#[must_use]
pub fn is_json(text: &str) -> bool {
    Json::read(text).is_some()
}

/// Returns the id of an object as JSON: a valid number, or a string that is not blank.
#[must_use]
pub fn id(object: &Json<'_>) -> Option<String> {
    let id = object.member("id")?;
    match &id.kind {
        Kind::Text(text) if !egito::fuzzing::is_blank(text) => serde_json::to_string(text).ok(),
        Kind::Plain => serde_json::from_str::<serde_json::Number>(id.text).ok().map(|_| id.text.to_owned()),
        _ => None,
    }
}
