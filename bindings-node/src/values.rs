//! Ids and records as JSON text.

use egito::{Error, Record, RecordId, Result};

/// Reads an id. Error `config`: it is neither a number nor a text.
pub fn record_id(json: &str) -> Result<RecordId> {
    RecordId::from_json(json).ok_or_else(|| Error::config("id", format!("an id is a number or a text, not {json}")))
}

/// Returns the JSON of a record.
pub fn text(record: &Record) -> String {
    record.json().to_owned()
}
