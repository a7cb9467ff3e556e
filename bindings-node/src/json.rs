//! Ids and records as JSON.

use egito::{Error, Record, RecordId, Result};

/// Reads an id. Error `config`: it is neither a number nor a string.
pub fn record_id(json: &str) -> Result<RecordId> {
    RecordId::from_json(json)
        .ok_or_else(|| Error::config("id", format!("invalid id: expected a number or a string, got {json}")))
}

/// Returns the JSON of a record.
pub fn record_json(record: &Record) -> String {
    record.json().to_owned()
}
