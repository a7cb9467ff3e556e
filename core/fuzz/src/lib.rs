//! The reference that the fuzz targets compare the core with: slow and simple, based on `serde_json` alone.

mod json;
mod reference;

pub use json::{Json, id, is_json};
pub use reference::{Expected, expected, field_errors};

use bytes::Bytes;
use egito::fuzzing::{self, Read};

/// Reads `text` as the response to `action`, and compares the result with the reference.
///
/// # Panics
///
/// Panics if they differ.
pub fn check(action: &str, list_key: Option<&str>, status: u16, text: &str) {
    let read = fuzzing::response(action, list_key, status, &Bytes::copy_from_slice(text.as_bytes()));
    let found = match &read {
        Ok(Read::Id(id)) => Expected::Id(id.as_ref().map(egito::RecordId::to_json)),
        Ok(Read::Json(json)) => Expected::Json(utf8(json)),
        Ok(Read::Page(array, records, count)) => {
            let records = records.iter().map(|(text, id)| (utf8(text), id.as_ref().map(egito::RecordId::to_json)));
            Expected::Page(utf8(array), records.collect(), *count)
        }
        Err(error) => Expected::Error(error.code(), error.details().errors.len()),
    };
    assert_eq!(found, expected(action, list_key, status, text), "{action} {list_key:?} {status}: {read:?}");
}

fn utf8(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).expect("the result is UTF-8").to_owned()
}
