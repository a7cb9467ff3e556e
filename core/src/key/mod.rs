//! Keys: the fields whose values identify a record, such as the tax number of an account or the number of a web form.

mod differences;
mod index;
mod value;

pub(crate) use differences::differences;
pub(crate) use index::KeyIndex;

use crate::error::{Error, Result};
use crate::hash::sha256;
use crate::options;
use crate::record::{Record, RecordIndex};
use differences::SET_BY_SERVER;
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;
use value::KeyValue;

/// The name of the option for a duration.
pub(crate) const SETTLE: &str = "settle";

/// How long a record is looked for after a create of unknown outcome, unless the caller says otherwise.
const DEFAULT_SETTLE: Duration = Duration::from_secs(10);

/// The fields that identify a record, and how a record is found by them.
///
/// A field name can be a path, such as `account.id`. Several fields make one key together, in any order.
///
/// ```
/// use egito::{Lookup, RecordKey};
/// use std::time::Duration;
///
/// let one: RecordKey = "nip".into();
/// let several: RecordKey = ["account.id", "number"].into();
/// let slow_server = RecordKey::from("formKey").lookup(Lookup::Scan).settle(Duration::from_secs(30));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordKey {
    pub(crate) fields: Arc<[String]>,
    /// `None`: the default of the call.
    pub(crate) lookup: Option<Lookup>,
    pub(crate) settle: Duration,
}

/// How records are found by their key.
///
/// ```
/// let key = egito::RecordKey::from("nip").lookup(egito::Lookup::Scan);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Lookup {
    /// Requests a list that is filtered by the key, and checks every record of it.
    #[default]
    Filter,
    /// Reads the whole list. This works with a server that ignores the filter. A bulk reads the list once.
    Scan,
    /// Filters, or scans if the server ignores the filter. A bulk also reads a page of the list for every four filtered lists, and
    /// needs no further ones once it has read all pages.
    Auto,
}

impl RecordKey {
    /// Sets how records are found. The default is [`Lookup::Filter`], and [`Lookup::Auto`] for bulks.
    ///
    /// ```
    /// let key = egito::RecordKey::from("nip").lookup(egito::Lookup::Scan);
    /// ```
    #[must_use]
    pub fn lookup(self, lookup: Lookup) -> Self {
        Self { lookup: Some(lookup), ..self }
    }

    /// Sets how long a record is looked for after a create of unknown outcome. The default is 10 s.
    ///
    /// ```
    /// let key = egito::RecordKey::from("nip").settle(std::time::Duration::from_secs(30));
    /// ```
    #[must_use]
    pub fn settle(self, settle: Duration) -> Self {
        Self { settle, ..self }
    }

    /// Error `config` (setting `key`): no field is named, or one twice, or one that the server sets itself.
    pub(crate) fn check(&self) -> Result<()> {
        if self.fields.is_empty() {
            return Err(invalid("expected the name of at least one field, got none"));
        }
        if let Some(field) = self.fields.iter().find(|field| SET_BY_SERVER.contains(&field.as_str())) {
            return Err(invalid(&format!(
                "expected fields that are stored as they are sent, got {field:?}, which the server sets itself; update a record by its id \
                 if you know it"
            )));
        }
        let is_named_before = |(index, field): &(usize, &String)| self.fields[..*index].contains(field);
        match self.fields.iter().enumerate().find(is_named_before) {
            Some((_, field)) => Err(invalid(&format!("expected each field once, got {field:?} twice"))),
            None => Ok(()),
        }
    }

    /// Returns what a plan with this key is for, such as `Account(nip)`. The order of the fields does not matter.
    pub(crate) fn plan_of(&self, entity: &str) -> String {
        let mut fields: Vec<_> = self.fields.iter().map(String::as_str).collect();
        fields.sort_unstable();
        format!("{entity}({})", fields.join(", "))
    }

    /// Writes the key and its options as JSON, see [`from_json`](Self::from_json).
    #[cfg(feature = "outbox")]
    pub(crate) fn to_json(&self) -> String {
        let lookup = match self.lookup {
            None => serde_json::Value::Null,
            Some(Lookup::Filter) => "filter".into(),
            Some(Lookup::Scan) => "scan".into(),
            Some(Lookup::Auto) => "auto".into(),
        };
        let json = serde_json::json!({"key": self.fields[..], "lookup": lookup, "settle": self.settle.as_secs_f64()});
        json.to_string()
    }

    /// Reads a key and its options from JSON: `{"key": "nip"}`, with `lookup` (`"filter"`, `"scan"` or `"auto"`) and `settle` (seconds, or `settle_ms`).
    ///
    /// Error `config`: an unknown option or an invalid value.
    ///
    /// ```
    /// let key = egito::RecordKey::from_json(br#"{"key": ["account.id", "number"], "settle": 30}"#)?;
    /// assert_eq!(key, egito::RecordKey::from(["account.id", "number"]).settle(std::time::Duration::from_secs(30)));
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self> {
        options::read::<KeyOptions>("create_once", json)?.read()
    }
}

/// The options of a key, as the bindings pass them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyOptions {
    pub key: Option<Value>,
    pub lookup: Option<Lookup>,
    /// Seconds.
    pub settle: Option<f64>,
    #[serde(alias = "settleMs")]
    pub settle_ms: Option<f64>,
}

impl KeyOptions {
    /// Returns whether none of them was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.key.is_none() && self.lookup.is_none() && self.settle.is_none() && self.settle_ms.is_none()
    }

    /// Error `config`: the key is missing, or a value is invalid.
    pub(crate) fn read(self) -> Result<RecordKey> {
        let fields = self.key.ok_or_else(|| invalid("it is missing; pass the name of a field"))?;
        let settle = options::duration(SETTLE, self.settle, self.settle_ms)?.unwrap_or(DEFAULT_SETTLE);
        Ok(RecordKey { fields: read_fields(&fields)?.into(), lookup: self.lookup, settle })
    }
}

/// Reads one name or a list of names.
fn read_fields(json: &Value) -> Result<Vec<String>> {
    let name = |value: &Value| value.as_str().map(str::to_owned);
    let names = match json {
        Value::Array(names) => names.iter().map(name).collect(),
        one => name(one).map(|name| vec![name]),
    };
    names.ok_or_else(|| invalid(&format!("expected the name of a field or a list of names, got {json}")))
}

impl From<&str> for RecordKey {
    fn from(field: &str) -> Self {
        Self::from([field])
    }
}

impl From<Vec<String>> for RecordKey {
    fn from(fields: Vec<String>) -> Self {
        Self { fields: fields.into(), lookup: None, settle: DEFAULT_SETTLE }
    }
}

impl<const N: usize> From<[&str; N]> for RecordKey {
    fn from(fields: [&str; N]) -> Self {
        Self::from(Vec::from(fields.map(str::to_owned)))
    }
}

/// The first half of a SHA-256.
pub(crate) type KeyHash = [u8; 16];

/// The key of one record: a value for each field.
#[derive(Clone, Debug)]
pub(crate) struct KeyValues {
    names: Arc<[String]>,
    values: Vec<KeyValue>,
}

impl KeyValues {
    /// Reads the key of a record.
    ///
    /// Error `config` (setting `key`): the key is [not valid](RecordKey::check), or a field is missing, empty, a list or an object.
    pub(crate) fn of(record: &Record, key: &RecordKey) -> Result<Self> {
        Self::read(key, &|path| record.raw(path))
    }

    /// Like [`of`](Self::of), without a scan of the record.
    pub(crate) fn of_index(record: &RecordIndex, key: &RecordKey) -> Result<Self> {
        Self::read(key, &|path| record.raw(path))
    }

    fn read<'r>(key: &RecordKey, raw: &dyn Fn(&str) -> Option<&'r str>) -> Result<Self> {
        key.check()?;
        let value = |field: &String| match raw(field) {
            Some(json) => {
                KeyValue::from_json(json).map_err(|why| invalid(&format!("the field {field:?} of this record {why}")))
            }
            None => Err(missing(raw, field)),
        };
        Ok(Self { names: key.fields.clone(), values: key.fields.iter().map(value).collect::<Result<_>>()? })
    }

    fn fields(&self) -> impl Iterator<Item = (&str, &KeyValue)> {
        self.names.iter().map(String::as_str).zip(&self.values)
    }

    /// Returns the name and value of each field, as the filters of a list.
    pub(crate) fn filters(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.fields().map(|(field, value)| (field, value.filter()))
    }

    /// Writes the values as the [filters](Self::filters) have them, such as `7` for the number `7.0`, into a record with this key.
    /// So the record is found by its filter if the server stores the number as text.
    pub(crate) fn write_into(&self, record: Record) -> Record {
        self.fields().fold(record, |record, (field, value)| match value.filter_of_number() {
            Some(number) => record.with_raw(field, &number),
            None => record,
        })
    }

    /// Returns the first field whose value in `record` is another one; `None` if the record has this key.
    pub(crate) fn first_difference(&self, record: &Record) -> Option<&str> {
        let differs = |(field, value): &(&str, &KeyValue)| {
            let found = record.raw(field).and_then(|json| KeyValue::from_json(json).ok());
            found.is_none_or(|found| !value.is_same(&found))
        };
        self.fields().find(differs).map(|(field, _)| field)
    }

    /// Returns the names of the fields for a message: `nip` or `account.id + number`.
    pub(crate) fn names(&self) -> String {
        self.names.join(" + ")
    }

    /// Returns the fields and values as JSON, for a hash. Equal numbers are written alike, and the fields in one order.
    pub(crate) fn to_json(&self) -> String {
        let mut fields: Vec<_> = self.fields().map(|(field, value)| (field, value.canonical())).collect();
        fields.sort_unstable_by_key(|(field, _)| *field);
        serde_json::to_string(&fields).expect("texts can be written as JSON")
    }

    /// Returns a hash of the key. No two keys of any program have the same one.
    pub(crate) fn hash(&self) -> KeyHash {
        sha256(self.to_json().as_bytes())
    }
}

fn missing<'r>(raw: &dyn Fn(&str) -> Option<&'r str>, field: &str) -> Error {
    let has_flat_name = field.contains('.') && raw(&field.replace('.', "\\.")).is_some();
    invalid(&if has_flat_name {
        let nested = field.split('.').rev().fold("…".to_owned(), |value, name| format!("{{\"{name}\": {value}}}"));
        format!("this record has a field with the name {field:?}; expected a nested object: {nested}")
    } else {
        format!("this record has no field {field:?}")
    })
}

fn invalid(why: &str) -> Error {
    Error::config("key", format!("invalid `key`: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(json: &str) -> Record {
        Record::from_json(json).unwrap()
    }

    fn key(json: &str, fields: impl Into<RecordKey>) -> Result<KeyValues> {
        KeyValues::of(&record(json), &fields.into())
    }

    #[test]
    fn a_key_must_have_values() {
        for (json, why) in [
            (r"{}", "no field \"nip\""),
            (r#"{"nip": null}"#, "is null"),
            (r#"{"nip": " \u200b"}"#, "is empty"),
            (r#"{"nip": []}"#, "is a list"),
            (r#"{"nip": {"id": 1}}"#, "is an object"),
        ] {
            let error = key(json, "nip").unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
            assert_eq!(error.details().setting.as_deref(), Some("key"));
        }
        assert!(key("{}", []).unwrap_err().to_string().contains("at least one field"));
        let twice = key(r#"{"a": 1, "b": 2}"#, ["a", "b", "a"]).unwrap_err();
        assert!(twice.to_string().contains(r#"expected each field once, got "a" twice"#), "{twice}");
        let by_id = key(r#"{"id": 1}"#, "id").unwrap_err();
        assert!(by_id.to_string().contains(r#"got "id", which the server sets itself"#), "{by_id}");
        let flat = key(r#"{"account.id": 7}"#, "account.id").unwrap_err();
        assert!(flat.to_string().contains(r#"expected a nested object: {"account": {"id": …}}"#), "{flat}");
        assert!(key(r#"{"account.id": 7}"#, "account\\.id").is_ok());
    }

    #[test]
    fn options_are_read_from_json() {
        let several = RecordKey::from(["a", "b"]).lookup(Lookup::Scan).settle(Duration::from_millis(1500));
        assert_eq!(
            RecordKey::from_json(br#"{"key": ["a", "b"], "lookup": "scan", "settleMs": 1500}"#).unwrap(),
            several
        );
        for (json, setting, why) in [
            ("{}", "key", "missing"),
            (r#"{"key": 7}"#, "key", "got 7"),
            (r#"{"key": ["a", 7]}"#, "key", "got [\"a\",7]"),
            (r#"{"key": "a", "lookup": "guess"}"#, "lookup", "\"filter\", \"scan\" or \"auto\""),
            (r#"{"key": "a", "settle": -1}"#, "settle", "0 or more, got -1"),
            (r#"{"key": "a", "timeout": 1}"#, "timeout", "unknown name"),
        ] {
            let error = RecordKey::from_json(json.as_bytes()).unwrap_err();
            assert_eq!(error.details().setting.as_deref(), Some(setting), "{error}");
            assert!(error.to_string().contains(why), "{error}");
        }
    }

    #[test]
    fn a_whole_number_is_written_like_its_filter() {
        let json = r#"{"price": 12.50, "account": {"id": 5.0}, "number": "7.0"}"#;
        let key = key(json, ["account.id", "number", "price"]).unwrap();
        assert_eq!(key.filters().map(|(_, value)| value).collect::<Vec<_>>(), ["5", "7.0", "12.50"]);
        let expected = r#"{"price": 12.50, "account": {"id": 5}, "number": "7.0"}"#;
        assert_eq!(key.write_into(record(json)).json(), expected);
    }

    #[test]
    fn the_order_of_the_fields_makes_no_other_key() {
        let json = r#"{"account": {"id": 5}, "number": "A-7"}"#;
        let (one, other) = (key(json, ["account.id", "number"]).unwrap(), key(json, ["number", "account.id"]).unwrap());
        assert_eq!(one.to_json(), other.to_json());
        assert_eq!(one.hash(), other.hash());
        assert_eq!(other.names(), "number + account.id");
    }

    #[test]
    fn several_fields_and_paths_make_one_key() {
        let key = key(r#"{"account": {"id": 5}, "number": " A-7 "}"#, ["account.id", "number"]).unwrap();
        assert_eq!(key.filters().collect::<Vec<_>>(), [("account.id", "5".into()), ("number", "A-7".into())]);
        assert_eq!(key.first_difference(&record(r#"{"number": "A-7", "account": {"id": "5"}}"#)), None);
        assert_eq!(key.first_difference(&record(r#"{"number": "A-8", "account": {"id": 5}}"#)), Some("number"));
        assert_eq!(key.first_difference(&record(r#"{"number": "A-7"}"#)), Some("account.id"));
    }
}
