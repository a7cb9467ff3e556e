//! A record to read from: values by path, without a JSON library.

use crate::error::{egito_error, egito_status};
use crate::ffi::{Out, needed, text};
use crate::panic::{fallible, infallible};
use egito_core::{Error, Record, Result};
use serde::de::DeserializeOwned;
use std::ffi::c_char;

/// One JSON object to read values from. It never changes, so any number of threads may read it.
pub struct egito_record {
    core: Record,
}

/// Makes a record from JSON text, to read its values.
///
/// json: one JSON object: a record, an error's details, or any other. It is copied.
/// record: receives the record; free it with egito_record_free.
/// Fails with EGITO_ERROR_CONFIG where the text is no JSON object. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_new(
    json: *const c_char,
    record: *mut *mut egito_record,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record = Out::needed("record", record)?;
        record.handle(egito_record { core: Record::from_json(text("json", json)?)? });
        Ok(())
    })
}

/// Whether there is a value at a path, and it is not null. False where record is NULL or path is no text. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_has(record: Option<&egito_record>, path: *const c_char) -> bool {
    infallible(false, || find(record, path).is_ok_and(|(_, json)| json.is_some_and(|json| json != "null")))
}

/// Reads a text.
///
/// path: field names and places in lists, separated by dots: "name", "address.city", "phones.0.number".
/// value: receives the text; free it with egito_string_free. Receives NULL where there is nothing, or null.
/// Fails with EGITO_ERROR_CONFIG where the value is no text, or has a NUL inside. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_string(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let value = Out::needed("value", value)?;
        let (path, json) = find(record, path)?;
        value.text_or_null(json.map_or(Ok(None), |json| parsed::<Option<String>>(path, json, "a text"))?)
    })
}

/// Reads an integer.
///
/// path: as in egito_record_get_string.
/// value: receives the integer.
/// Fails with EGITO_ERROR_CONFIG where there is nothing, or no integer of 64 bits (egito_record_get_json reads any number).
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_int64(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || read(record, path, value, "an integer of 64 bits"))
}

/// Reads a number as a double, which may round it.
///
/// path: as in egito_record_get_string.
/// value: receives the number.
/// Fails with EGITO_ERROR_CONFIG where there is nothing, or no number. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_double(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut f64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || read(record, path, value, "a number"))
}

/// Reads a boolean.
///
/// path: as in egito_record_get_string.
/// value: receives true or false.
/// Fails with EGITO_ERROR_CONFIG where there is nothing, or no boolean. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_bool(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut bool,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || read(record, path, value, "a boolean"))
}

/// Reads any value as the JSON text that stands in the record, not one byte of it changed.
///
/// path: as in egito_record_get_string.
/// json: receives the JSON text; free it with egito_string_free. Receives NULL where there is nothing (null is "null").
/// Fails with EGITO_ERROR_CONFIG for a wrong argument. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_json(
    record: Option<&egito_record>,
    path: *const c_char,
    json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let json = Out::needed("json", json)?;
        json.text_or_null(find(record, path)?.1)
    })
}

/// Frees a record. NULL is fine. Any thread, once no other one reads it.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_free(record: Option<Box<egito_record>>) {
    infallible((), || drop(record));
}

/// The path as text, and the JSON text that stands there.
fn find(record: Option<&egito_record>, path: *const c_char) -> Result<(&str, Option<&str>)> {
    let path = text("path", path)?;
    Ok((path, needed("record", record)?.core.raw(path)))
}

fn read<T: DeserializeOwned>(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut T,
    what: &str,
) -> Result<()> {
    let value = Out::needed("value", value)?;
    let (path, json) = find(record, path)?;
    value.value(parsed(path, json.unwrap_or("nothing"), what)?);
    Ok(())
}

fn parsed<T: DeserializeOwned>(path: &str, json: &str, what: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|_| {
        let start: String = json.chars().take(40).collect();
        Error::config(path, format!("`{path}` is {start}, not {what}"))
    })
}
