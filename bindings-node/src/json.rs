//! Ids, records and plain data as JSON.

use egito::{Error, Record, RecordId, Result};
use encoding_rs::mem;
use napi::bindgen_prelude::Utf16String;
use serde::Serialize;

/// Reads an id. Error `config`: it is neither a number nor a string.
pub fn record_id(json: &str) -> Result<RecordId> {
    RecordId::from_json(json)
        .ok_or_else(|| Error::config("id", format!("invalid id: expected a number or a string, got {json}")))
}

/// Returns the JSON of a record.
pub fn record_json(record: &Record) -> String {
    record.json().to_owned()
}

/// Converts the text of a record from UTF-16. V8 copies UTF-16 in a tenth of the time in which it writes UTF-8, on JavaScript's thread.
pub fn utf8(text: &Utf16String) -> String {
    let mut bytes = vec![0; text.len() * 3];
    let length = mem::convert_utf16_to_utf8(text, &mut bytes);
    bytes.truncate(length);
    String::from_utf8(bytes).expect("the conversion writes UTF-8")
}

/// Returns the JSON of plain data.
pub fn plain_json(plain: &impl Serialize) -> String {
    serde_json::to_string(plain).expect("plain data is JSON")
}
