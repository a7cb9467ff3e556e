//! Ids and plain data as JSON.

use egito::{Error, RecordId, Result};
use serde::Serialize;

/// Reads an id. Error `config`: it is neither a number nor a string.
pub fn record_id(json: &str) -> Result<RecordId> {
    RecordId::from_json(json)
        .ok_or_else(|| Error::config("id", format!("invalid id: expected a number or a string, got {json}")))
}

/// Returns the JSON of plain data.
pub fn plain_json(plain: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(plain).expect("plain data is JSON")
}
