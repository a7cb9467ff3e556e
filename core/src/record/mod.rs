//! A record, kept as the JSON text of the server: no member is dropped, reordered or converted.

mod index;
mod path;

pub use index::RecordIndex;
pub(crate) use path::{Paths, field};

use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::json::scanner::Scanner;
use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

/// One object of the CRM, kept as the JSON text that the server sent.
///
/// Cheap to clone. A record of a list is a slice of its page, and keeps that page in memory.
///
/// ```
/// let record = egito::Record::from_json(r#"{"id": 7, "name": "Żubr", "address": {"city": "Kraków"}}"#)?;
/// assert_eq!(record.raw("address.city"), Some(r#""Kraków""#));
/// # Ok::<(), egito::Error>(())
/// ```
#[derive(Clone)]
pub struct Record {
    json: Bytes,
}

impl Record {
    /// Creates a record from JSON text, which is copied. [`from_bytes`](Self::from_bytes) does not copy it.
    ///
    /// Error `config`: not valid JSON, or not an object.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let record = egito::Record::from_json(r#"{"name": "Żubr", "revenue": 1250000.50}"#)?;
    /// let id = client.accounts().create(&record).await?; // sends 1250000.50, digit by digit
    /// assert!(egito::Record::from_json("[]").is_err());
    /// # Ok(()) });
    /// ```
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self> {
        Self::from_bytes(Bytes::copy_from_slice(json.as_ref()))
    }

    /// Creates a record from JSON text without copying it.
    ///
    /// ```
    /// let record = egito::Record::from_bytes(String::from(r#"{"name": "Żubr"}"#))?;
    /// assert_eq!(record.raw("name"), Some(r#""Żubr""#));
    /// # Ok::<(), egito::Error>(())
    /// ```
    ///
    /// Error `config`: not valid JSON, or not an object.
    pub fn from_bytes(json: impl Into<Bytes>) -> Result<Self> {
        let json = json.into();
        let text = text(&json)?;
        check(text)?;
        Ok(Self { json: json.slice_ref(text.as_bytes()) })
    }

    /// Creates a record from valid JSON text that the caller has written itself.
    ///
    /// Error `config`: not an object.
    pub(crate) fn from_written(json: Vec<u8>) -> Result<Self> {
        let text = simdutf8::basic::from_utf8(&json).map_err(|why| not_json(&why))?;
        check_is_object(text)?;
        Ok(Self::from_validated(json.into()))
    }

    /// Creates a record from text that is known to be one valid JSON value.
    pub(crate) fn from_validated(json: Bytes) -> Self {
        debug_assert!(serde_json::from_slice::<&RawValue>(&json).is_ok(), "the scanner accepts the same JSON as serde");
        Self { json }
    }

    /// Returns the JSON text.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let account = client.accounts().get(1).await?;
    /// assert!(account.json().starts_with(r#"{"id":1,"#));
    /// # Ok(()) });
    /// ```
    #[must_use]
    #[allow(clippy::missing_panics_doc)] // the text was checked when the record was made
    pub fn json(&self) -> &str {
        simdutf8::basic::from_utf8(&self.json).expect("records are UTF-8")
    }

    /// Returns the JSON text as bytes, without a copy.
    ///
    /// ```
    /// let record = egito::Record::from_json(r#"{"id": 7}"#)?;
    /// assert_eq!(record.bytes(), record.json());
    /// # Ok::<(), egito::Error>(())
    /// ```
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.json.clone()
    }

    /// Returns the record's `id`, if it has one.
    ///
    /// ```
    /// let record = egito::Record::from_json(r#"{"id": 7}"#)?;
    /// assert_eq!(record.id(), Some(egito::RecordId::from(7)));
    /// # Ok::<(), egito::Error>(())
    /// ```
    #[must_use]
    pub fn id(&self) -> Option<RecordId> {
        self.raw("id").and_then(RecordId::from_json)
    }

    /// Returns the JSON text of one value, by a path such as `address.city` or `phones.0`. If a key occurs twice, the last one counts.
    ///
    /// A dot in a name is written `\.` and a backslash `\\`: the path `v1\.2.n` finds `n` in `{"v1.2": {"n": …}}`.
    ///
    /// ```
    /// let record = egito::Record::from_json(r#"{"phones": ["12", "34"], "address": {"city": "Łódź"}}"#)?;
    /// assert_eq!(record.raw("phones.1"), Some(r#""34""#));
    /// assert_eq!(record.raw("address.city"), Some(r#""Łódź""#));
    /// assert_eq!(record.raw("address.street"), None);
    /// # Ok::<(), egito::Error>(())
    /// ```
    #[must_use]
    pub fn raw(&self, path: &str) -> Option<&str> {
        path::find(self.json(), path)
    }

    /// Replaces the value at this path by other JSON. Changes nothing if the record has no value there.
    pub(crate) fn with_raw(self, path: &str, value: &str) -> Self {
        let json = self.json();
        let Some(old) = self.raw(path) else { return self };
        let start = old.as_ptr() as usize - json.as_ptr() as usize;
        let changed = [&json[..start], value, &json[start + old.len()..]].concat();
        Self::from_validated(changed.into())
    }

    /// Deserializes the record into your own type.
    ///
    /// Error `config` (setting `record`): the record does not fit the type.
    ///
    /// ```
    /// #[derive(serde::Deserialize)]
    /// struct Account {
    ///     name: String,
    ///     city: Option<String>,
    /// }
    ///
    /// # egito_test_support::run(async |client| {
    /// let account: Account = client.accounts().get(1).await?.deserialize()?;
    /// println!("{} in {}", account.name, account.city.unwrap_or_default());
    /// # Ok(()) });
    /// ```
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.json)
            .map_err(|e| Error::wrong_type("record", format!("the record cannot be deserialized into this type: {e}")))
    }
}

impl Serialize for Record {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(self.json()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.json())
    }
}

/// Values that can be sent as a record: a reference to a value that `serde` writes as a JSON object, or a [`Record`].
///
/// ```
/// # fn example(leads: &egito::blocking::Entity) -> egito::Result<()> {
/// leads.create(&serde_json::json!({"name": "Żubr"}))?;
/// leads.create(egito::Record::from_json(r#"{"name": "Żubr"}"#)?)?; // sent byte for byte
/// # Ok(()) }
/// ```
pub trait IntoRecord {
    /// Writes the value as JSON text, and checks that it is an object.
    ///
    /// Error `config`: the value cannot be written as JSON, or is not an object.
    fn into_record(self) -> Result<Record>;
}

impl<T: Serialize + ?Sized> IntoRecord for &T {
    fn into_record(self) -> Result<Record> {
        let json = serde_json::to_vec(self).map_err(|e| not_json(&e))?;
        let text = simdutf8::basic::from_utf8(&json).map_err(|e| not_json(&e))?;
        check(text)?;
        Ok(Record { json: json.into() })
    }
}

impl IntoRecord for Record {
    fn into_record(self) -> Result<Record> {
        Ok(self)
    }
}

/// For the inputs of bulks, whose JSON is not checked yet.
impl IntoRecord for Box<RawValue> {
    fn into_record(self) -> Result<Record> {
        Record::from_bytes(String::from(Box::<str>::from(self)))
    }
}

impl From<Record> for Box<RawValue> {
    fn from(record: Record) -> Self {
        RawValue::from_string(record.json().to_owned()).expect("the text was checked when the record was made")
    }
}

/// Returns the JSON text of a record, without white space around it.
fn text(json: &[u8]) -> Result<&str> {
    let text = simdutf8::basic::from_utf8(json);
    text.map(str::trim_ascii).map_err(|_| Error::config("record", "invalid `record`: not valid UTF-8"))
}

/// Checks that the text is a valid JSON object, also by the rules of the scanner: a record that the scanner rejects could be saved,
/// but not read again.
fn check(json: &str) -> Result<()> {
    let mut scanner = Scanner::new(json);
    scanner.skip().and_then(|()| scanner.end()).map_err(|why| {
        Error::config("record", format!("invalid `record`: not valid JSON ({why}); pass one JSON object"))
    })?;
    check_is_object(json)
}

/// Writes a value as JSON text.
pub(crate) fn to_json(value: &(impl Serialize + ?Sized)) -> Result<Box<RawValue>> {
    serde_json::value::to_raw_value(value).map_err(|e| not_json(&e))
}

fn not_json(why: &dyn std::error::Error) -> Error {
    Error::config("record", format!("invalid `record`: cannot be written as JSON: {why}"))
}

fn check_is_object(json: &str) -> Result<()> {
    if json.starts_with('{') {
        return Ok(());
    }
    let kind = match json.as_bytes().first() {
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b'n') => "null",
        Some(b't' | b'f') => "a boolean",
        _ => "a number",
    };
    Err(Error::config("record", format!("invalid `record`: expected a JSON object, got {kind}")))
}
