//! Reads JSON members into a struct. An error names the member, what was expected and what was given.

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, Expected, IntoDeserializer, MapAccess};
use serde::de::{Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;
use std::fmt;

/// Reads names and values into a struct.
pub(crate) fn from_members<'de, T, I>(members: I) -> Result<T, Invalid>
where
    T: DeserializeOwned,
    I: IntoIterator<Item = (&'de str, &'de RawValue)>,
{
    T::deserialize(MapAccessDeserializer::new(Pairs { rest: members.into_iter(), current: None }))
}

/// A member that the struct does not have, or whose value is invalid.
#[derive(Debug)]
pub(crate) struct Invalid {
    /// Name of the member, as it was given.
    pub name: String,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    /// `got` is JSON.
    Mismatch {
        expected: String,
        got: String,
    },
    Other(String),
}

impl Invalid {
    /// Creates the error for a value, as JSON, that is not what was expected.
    pub(crate) fn mismatch(expected: impl Into<String>, got: impl Into<String>) -> Self {
        Self { name: String::new(), reason: Reason::Mismatch { expected: expected.into(), got: got.into() } }
    }

    /// Returns the reason without the value, for secrets.
    pub(crate) fn without_value(&self) -> String {
        match &self.reason {
            Reason::Mismatch { expected, got } => format!("expected {expected}, got {}", kind(got)),
            Reason::Other(_) => "it has an invalid value".into(),
        }
    }
}

/// Writes the reason without the name: `expected a number, got the string "3"`.
impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Reason::Mismatch { expected, got } => match got.as_bytes().first() {
                Some(b'"') => write!(f, "expected {expected}, got the string {got}"),
                Some(b'[' | b'{') => write!(f, "expected {expected}, got {}", kind(got)),
                _ => write!(f, "expected {expected}, got {got}"),
            },
            Reason::Other(reason) => f.write_str(reason),
        }
    }
}

/// Returns the kind of a JSON value, with its article.
pub(crate) fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

impl std::error::Error for Invalid {}

/// Receives the errors of `Deserialize` implementations.
impl Error for Invalid {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { name: String::new(), reason: Reason::Other(message.to_string()) }
    }

    fn invalid_value(got: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let got = if let Unexpected::Float(number) = got { number.to_string() } else { got.to_string() };
        Self::mismatch(expected.to_string(), got)
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self { name: name.to_owned(), reason: Reason::Other(format!("unknown name, expected {}", one_of(known))) }
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self { name: name.to_owned(), reason: Reason::Other("it is given twice".into()) }
    }
}

/// Returns the choices in quotes. Leaves out aliases that differ only in case.
fn one_of(choices: &[&str]) -> String {
    let is_first =
        |(index, choice): &(usize, &&str)| !choices[..*index].iter().any(|other| other.eq_ignore_ascii_case(choice));
    let quoted: Vec<_> =
        choices.iter().enumerate().filter(is_first).map(|(_, choice)| format!("\"{choice}\"")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

struct Pairs<'de, I> {
    rest: I,
    current: Option<(&'de str, &'de RawValue)>,
}

impl<'de, I: Iterator<Item = (&'de str, &'de RawValue)>> MapAccess<'de> for Pairs<'de, I> {
    type Error = Invalid;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Invalid> {
        self.current = self.rest.next();
        self.current.map(|(name, _)| seed.deserialize(BorrowedStrDeserializer::new(name))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Invalid> {
        let (name, value) = self.current.expect("serde reads a name first");
        seed.deserialize(Value(value)).map_err(|invalid| Invalid { name: name.to_owned(), ..invalid })
    }
}

/// A value whose errors say which type was expected.
struct Value<'de>(&'de RawValue);

impl Value<'_> {
    fn read<T: DeserializeOwned>(&self, expected: &str) -> Result<T, Invalid> {
        serde_json::from_str(self.0.get()).map_err(|_| Invalid::mismatch(expected, self.0.get()))
    }
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Invalid;

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        visitor.visit_bool(self.read("true or false")?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        visitor.visit_u32(self.read("an integer from 0 to 4294967295")?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        visitor.visit_u64(self.read("an integer, 0 or more")?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        visitor.visit_f64(self.read("a number")?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        visitor.visit_string(self.read("a string")?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        if self.0.get() == "null" { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &str, visitor: V) -> Result<V::Value, Invalid> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &str,
        choices: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        let choice: String = self.read(&one_of(choices))?;
        if !choices.contains(&choice.as_str()) {
            return Err(Invalid::mismatch(one_of(choices), self.0.get()));
        }
        visitor.visit_enum(choice.into_deserializer())
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        if !self.0.get().starts_with('{') {
            return Err(Invalid::mismatch("an object", self.0.get()));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        self.0.deserialize_any(visitor).map_err(Invalid::custom)
    }

    // No setting or option has these types. If one gets such a type, add a method above that says what is expected.
    forward_to_deserialize_any! {
        i8 i16 i32 i64 u8 u16 f32 char str bytes byte_buf unit unit_struct seq tuple tuple_struct struct identifier
        ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::{Invalid, from_members};
    use serde::Deserialize;
    use serde_json::value::RawValue;
    use std::path::PathBuf;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Options {
        small: u32,
        large: u64,
        number: f64,
        yes: bool,
        text: String,
        path: Option<PathBuf>,
        word: Option<Word>,
        #[serde(alias = "thePlan")]
        plan: Plan,
    }

    #[derive(Debug, Deserialize)]
    enum Word {
        #[serde(rename = "THIS", alias = "this")]
        This,
        #[serde(rename = "THAT")]
        That,
        #[serde(rename = "other")]
        Other,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Plan {
        #[default]
        Only,
    }

    fn read(members: &[(&str, &str)]) -> Result<Options, Invalid> {
        let members: Vec<_> =
            members.iter().map(|(name, json)| (*name, RawValue::from_string((*json).to_owned()).unwrap())).collect();
        from_members(members.iter().map(|(name, value)| (*name, &**value)))
    }

    #[test]
    fn valid_values_are_read() {
        let given = [
            ("small", "7"),
            ("large", "18446744073709551615"),
            ("number", "3"),
            ("yes", "true"),
            ("text", "\"\\u017b\""),
            ("path", "\"a\""),
            ("word", "\"this\""),
        ];
        let options = read(&given).unwrap();
        assert_eq!((options.small, options.large, options.yes), (7, u64::MAX, true));
        assert_eq!((options.text.as_str(), options.path), ("Ż", Some("a".into())));
        assert!((options.number - 3.0).abs() < f64::EPSILON);
        assert!(matches!((options.word, options.plan), (Some(Word::This), Plan::Only)));
        assert!(matches!(read(&[("word", "\"THAT\"")]).unwrap().word, Some(Word::That)));
        assert!(matches!(read(&[("word", "\"other\"")]).unwrap().word, Some(Word::Other)));
        assert!(read(&[("path", "null"), ("word", "null")]).unwrap().word.is_none());
    }

    #[test]
    fn an_error_says_what_was_expected_and_what_was_given() {
        for (name, json, reason) in [
            ("small", "-1", "expected an integer from 0 to 4294967295, got -1"),
            ("small", "4294967296", "expected an integer from 0 to 4294967295, got 4294967296"),
            ("small", "1.0", "expected an integer from 0 to 4294967295, got 1.0"),
            ("large", "\"8, expected\"", "expected an integer, 0 or more, got the string \"8, expected\""),
            ("number", "[1]", "expected a number, got a list"),
            ("number", "null", "expected a number, got null"),
            ("yes", "1", "expected true or false, got 1"),
            ("text", "{}", "expected a string, got an object"),
            ("path", "true", "expected a string, got true"),
            ("word", "\"xyz\"", "expected \"THIS\", \"THAT\" or \"other\", got the string \"xyz\""),
            ("word", "1", "expected \"THIS\", \"THAT\" or \"other\", got 1"),
            ("plan", "[]", "expected \"only\", got a list"),
        ] {
            let invalid = read(&[(name, json), ("text", "\"\"")]).unwrap_err();
            assert_eq!((invalid.name.as_str(), invalid.to_string().as_str()), (name, reason), "{json}");
        }
        let twice = read(&[("plan", "\"only\""), ("thePlan", "\"only\"")]).unwrap_err();
        assert_eq!((twice.name.as_str(), twice.to_string().as_str()), ("plan", "it is given twice"));
        let unknown = read(&[("tiny", "1")]).unwrap_err();
        assert_eq!(unknown.name, "tiny");
        assert!(unknown.to_string().starts_with("unknown name, expected \"small\", \"large\", "), "{unknown}");
    }

    #[test]
    fn an_error_does_not_show_a_secret() {
        for (json, reason) in [
            ("123456", "expected a string, got a number"),
            ("[\"hunter2\"]", "expected a string, got a list"),
            ("{\"hunter2\": 1}", "expected a string, got an object"),
            ("true", "expected a string, got a boolean"),
        ] {
            assert_eq!(read(&[("text", json)]).unwrap_err().without_value(), reason);
        }
    }
}
