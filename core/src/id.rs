//! The id of a record: a JSON number or a string.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The id of a record, a number or a string. `7` and `"7"` are different ids, since the server may distinguish them.
///
/// ```
/// use egito::RecordId;
/// assert_eq!(RecordId::from(7).to_string(), "7");
/// assert_eq!(RecordId::from("A-7").to_json(), r#""A-7""#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordId(Repr);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Repr {
    Int(i64),
    /// A number that is not an `i64`, digit by digit.
    Number(Box<str>),
    Text(Box<str>),
}

impl RecordId {
    /// Parses an id from JSON, a number or a string. Returns `None` for anything else.
    ///
    /// ```
    /// use egito::RecordId;
    ///
    /// assert_eq!(RecordId::from_json("7"), Some(RecordId::from(7)));
    /// assert_eq!(RecordId::from_json(r#""7""#), Some(RecordId::from("7")));
    /// assert_eq!(RecordId::from_json("[7]"), None);
    /// ```
    #[must_use]
    pub fn from_json(json: &str) -> Option<Self> {
        let json = json.trim();
        // Integers in another spelling are not `Int`: `-0` keeps its text, and `+1` and `01` are not JSON.
        let plain = !json.starts_with(['+', '0']) && !json.starts_with("-0") || json == "0";
        if let Some(int) = json.parse::<i64>().ok().filter(|_| plain) {
            return Some(Self::from(int));
        }
        if json.starts_with('"') {
            return serde_json::from_str::<String>(json).ok().map(Self::from);
        }
        let is_number = serde_json::from_str::<serde_json::Number>(json).is_ok();
        is_number.then(|| Self(Repr::Number(json.into())))
    }

    /// Creates an id from user input: parsed as JSON if it is valid JSON, or else the text itself.
    ///
    /// ```
    /// use egito::RecordId;
    /// assert_eq!(RecordId::from_text("7"), RecordId::from(7));
    /// assert_eq!(RecordId::from_text("A-7"), RecordId::from("A-7"));
    /// ```
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self::from_json(text).unwrap_or_else(|| Self::from(text))
    }

    /// Returns the id as JSON: `7` or `"A-7"`.
    ///
    /// ```
    /// assert_eq!(egito::RecordId::from(7).to_json(), "7");
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        match &self.0 {
            Repr::Int(int) => int.to_string(),
            Repr::Number(digits) => digits.to_string(),
            Repr::Text(text) => serde_json::Value::from(text.as_ref()).to_string(),
        }
    }

    /// Returns the id as an integer, if it is one.
    ///
    /// ```
    /// assert_eq!(egito::RecordId::from(7).as_i64(), Some(7));
    /// assert_eq!(egito::RecordId::from("7").as_i64(), None);
    /// ```
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Repr::Int(int) => Some(int),
            _ => None,
        }
    }

    /// Returns the text of an id that is a string.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.0 {
            Repr::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Writes the id as in a URL, without quotes.
impl std::fmt::Display for RecordId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Repr::Int(int) => int.fmt(f),
            Repr::Number(text) | Repr::Text(text) => f.write_str(text),
        }
    }
}

impl Serialize for RecordId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Int(int) => serializer.serialize_i64(*int),
            Repr::Text(text) => serializer.serialize_str(text),
            Repr::Number(digits) => {
                RawValue::from_string(digits.to_string()).map_err(serde::ser::Error::custom)?.serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_json(raw.get()).ok_or_else(|| serde::de::Error::custom("expected a number or a string as the id"))
    }
}

impl From<i64> for RecordId {
    fn from(int: i64) -> Self {
        Self(Repr::Int(int))
    }
}

impl From<i32> for RecordId {
    fn from(int: i32) -> Self {
        Self::from(i64::from(int))
    }
}

impl From<u64> for RecordId {
    fn from(int: u64) -> Self {
        i64::try_from(int).map_or_else(|_| Self(Repr::Number(int.to_string().into())), Self::from)
    }
}

impl From<&str> for RecordId {
    fn from(text: &str) -> Self {
        Self(Repr::Text(text.into()))
    }
}

impl From<String> for RecordId {
    fn from(text: String) -> Self {
        Self(Repr::Text(text.into()))
    }
}

impl From<&RecordId> for RecordId {
    fn from(id: &RecordId) -> Self {
        id.clone()
    }
}
