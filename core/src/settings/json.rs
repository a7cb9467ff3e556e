//! Settings from JSON: both spellings, seconds or milliseconds, and errors that name the setting.

use super::Settings;
use crate::error::{Error, Result};
use crate::json::{self, Members};
use serde::Deserialize;
use serde::de::value::MapDeserializer;
use serde::de::{Deserializer, Visitor};
use serde_json::Value;

/// The durations, which also go in milliseconds.
const DURATIONS: [&str; 6] =
    ["timeout", "connect_timeout", "read_timeout", "backoff_base", "backoff_max", "retry_after_max"];

/// What must not be repeated in an error.
const SECRETS: [&str; 4] = ["client_secret", "password", "refresh_token", "proxy"];

/// Reads settings from a JSON object laid over `below`, whose names are in their plain form.
pub(super) fn read(json: &[u8], below: Vec<(String, Value)>) -> Result<Settings> {
    let not_an_object = |e: serde_json::Error| {
        Error::config(
            "settings",
            format!("the settings are not one JSON object ({}); pass names and values", json::why(&e)),
        )
    };
    let Members(given) = Members::read(json).map_err(not_an_object)?;
    let mut pairs: Vec<(String, Value)> = Vec::with_capacity(given.len());
    for (name, value) in given.into_iter().filter(|(_, value)| value.get() != "null") {
        let (plain, value) = plain(&name, serde_json::from_str(value.get()).map_err(not_an_object)?)?;
        if pairs.iter().any(|(known, _)| *known == plain) {
            return Err(Error::config(
                &plain,
                format!("the setting `{plain}` is given twice; keep one spelling of it"),
            ));
        }
        pairs.push((plain, value));
    }
    let below = below.into_iter().filter(|(name, _)| !address_is_given(&pairs, name)).collect::<Vec<_>>();
    for (name, value) in below {
        if !pairs.iter().any(|(known, _)| *known == name) {
            pairs.push((name, value));
        }
    }
    let map = MapDeserializer::new(pairs.into_iter());
    serde_path_to_error::deserialize(map).map_err(|e: serde_path_to_error::Error<serde_json::Error>| {
        let setting = e.path().to_string();
        // The reader repeats the value.
        let why = if SECRETS.contains(&setting.as_str()) { "expected a text".into() } else { json::why(e.inner()) };
        Error::config(&setting, format!("the setting `{setting}` has a wrong value: {why}"))
    })
}

/// The settings that a JSON object gives, in their plain form.
pub(super) fn given(json: &[u8]) -> Result<Vec<String>> {
    let given = Members::read(json).map_or_else(|_| Vec::new(), |Members(given)| given);
    let given = given.into_iter().filter(|(_, value)| value.get() != "null");
    given.map(|(name, _)| plain(&name, Value::from(0)).map(|(plain, _)| plain)).collect()
}

/// `name` and `base_url` are two ways to say one thing: the one in the call replaces the one in the environment.
fn address_is_given(pairs: &[(String, Value)], name: &str) -> bool {
    matches!(name, "name" | "base_url") && pairs.iter().any(|(known, _)| matches!(known.as_str(), "name" | "base_url"))
}

/// The setting in its plain form: `snake_case`, and seconds.
fn plain(name: &str, value: Value) -> Result<(String, Value)> {
    let snake = snake_case(name);
    if let Some(duration) = snake.strip_suffix("_ms").filter(|base| DURATIONS.contains(base)) {
        let wrong =
            || Error::config(duration, format!("the setting `{name}` has a wrong value: expected milliseconds"));
        let seconds = value.as_f64().ok_or_else(wrong)? / 1000.0;
        return Ok((duration.to_owned(), Value::from(seconds)));
    }
    if names().contains(&snake.as_str()) {
        return Ok((snake, value));
    }
    let nearest = names().iter().max_by(|a, b| similarity(a, &snake).total_cmp(&similarity(b, &snake)));
    let hint = nearest.filter(|nearest| similarity(nearest, &snake) > 0.8);
    let hint = hint.map_or(String::new(), |nearest| format!("; did you mean `{nearest}`?"));
    Err(Error::config(name, format!("there is no setting `{name}`{hint}")))
}

fn similarity(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

pub(super) fn is_duration(name: &str) -> bool {
    DURATIONS.contains(&name)
}

/// The names of the struct's fields, asked from serde so that there is no second list.
pub(super) fn names() -> &'static [&'static str] {
    static NAMES: std::sync::OnceLock<&'static [&'static str]> = std::sync::OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: &'static [&'static str] = &[];
        let _ = Settings::deserialize(FieldNames(&mut names)); // always an error: it only looks
        names
    })
}

/// A deserializer that notes which fields a struct asks for, and stops.
struct FieldNames<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> std::result::Result<V::Value, Self::Error> {
        Err(serde::de::Error::custom("only the names are wanted"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> std::result::Result<V::Value, Self::Error> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
