//! A record to read from: values by path, without a JSON library.

use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, text};
use crate::handle::{Handle, Mark, free, handle, live, needed};
use crate::panic::infallible;
use egito_core::binding::scanner::Scanner;
use egito_core::binding::{RecordIndex, error};
use egito_core::{Code, Error, Record, Result};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::ffi::{CString, c_char};
use std::ptr::null;
use std::sync::OnceLock;

/// One JSON object to read values from. It never changes, so any number of threads may read it.
pub struct egito_record {
    mark: Mark,
    core: Record,
    /// Its members, once somebody has asked for a value.
    index: OnceLock<RecordIndex>,
    /// The text with a NUL, once somebody has asked for it.
    json: OnceLock<CString>,
}
handle!(egito_record, b"e_record");

impl egito_record {
    pub(crate) fn new(core: Record) -> Self {
        Self { mark: Mark::new(Self::KIND), core, index: OnceLock::new(), json: OnceLock::new() }
    }
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
        record.handle(egito_record::new(Record::from_json(text("json", json)?)?));
        Ok(())
    })
}

/// The record's JSON text, as the server wrote it. NULL where record is NULL.
///
/// The text is the record's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_json(record: Option<&egito_record>) -> *const c_char {
    infallible(null(), || {
        live(record).map_or(null(), |record| {
            record.json.get_or_init(|| CString::new(record.core.json()).expect("JSON has no NUL")).as_ptr()
        })
    })
}

/// Whether there is a value at a path, and it is not null. False where record is NULL or path is no text. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_has(record: Option<&egito_record>, path: *const c_char) -> bool {
    infallible(false, || find(record, path).is_ok_and(|(_, json)| json.is_some_and(|json| json != "null")))
}

/// Reads a text.
///
/// path: field names and places in lists, separated by dots: "name", "address.city", "phones.0.number". A dot or a
///   backslash that belongs to a name has a backslash before it, which C writes as two: "v1\\.2".
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
/// Fails with EGITO_ERROR_NOT_FOUND where there is nothing, or null, and with EGITO_ERROR_CONFIG where the value is no integer of 64
/// bits (egito_record_get_decimal reads any number). Any thread.
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
/// Fails with EGITO_ERROR_NOT_FOUND where there is nothing, or null, and with EGITO_ERROR_CONFIG where the value is no number. Any
/// thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_double(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut f64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || read(record, path, value, "a number"))
}

/// Reads a number digit by digit, as a text: decimals that a double would round, integers that 64 bits do not hold.
///
/// path: as in egito_record_get_string.
/// digits: receives the number as it stands in the record, such as 12.50, also where it stands there as a text (setting
///   `decimals`); free it with egito_string_free. Receives NULL where there is nothing, or null.
/// Fails with EGITO_ERROR_CONFIG where the value is no number. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_decimal(
    record: Option<&egito_record>,
    path: *const c_char,
    digits: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let digits = Out::needed("digits", digits)?;
        let (path, json) = find(record, path)?;
        digits.text_or_null(json.filter(|json| *json != "null").map(|json| number(path, json)).transpose()?)
    })
}

/// Reads a boolean.
///
/// path: as in egito_record_get_string.
/// value: receives true or false.
/// Fails with EGITO_ERROR_NOT_FOUND where there is nothing, or null, and with EGITO_ERROR_CONFIG where the value is no boolean. Any
/// thread.
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

/// Counts the items of a list, or the members of an object.
///
///   uint64_t length = 0;
///   if (egito_record_length(record, "phones", &length, NULL) == EGITO_OK)
///     for (uint64_t i = 0; i < length; i++) {
///       snprintf(path, sizeof path, "phones.%" PRIu64 ".number", i);
///       egito_record_get_string(record, path, &number, NULL);
///       ...
///     }
///
/// path: as in egito_record_get_string, or NULL for the record itself.
/// length: receives the number.
/// Fails with EGITO_ERROR_NOT_FOUND where there is nothing, or null, and with EGITO_ERROR_CONFIG where the value is no list and no
/// object. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_length(
    record: Option<&egito_record>,
    path: *const c_char,
    length: *mut u64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let length = Out::needed("length", length)?;
        let (path, json) = find_or_whole(record, path)?;
        length.value(parts(path, json)?.len() as u64);
        Ok(())
    })
}

/// Reads one part of a list or an object, by its place from 0.
///
///   for (uint64_t i = 0; egito_record_get_part(record, NULL, i, &name, &json, NULL) == EGITO_OK && json != NULL; i++) { ... }
///
/// path: as in egito_record_get_string, or NULL for the record itself.
/// name: receives the member's name, or NULL for an item of a list; free it with egito_string_free. NULL where you do not want it.
/// json: receives the value as the JSON text that stands in the record; free it with egito_string_free. Receives NULL behind the
///   last part.
/// Fails as egito_record_length does. Each call walks the list from its beginning. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_part(
    record: Option<&egito_record>,
    path: *const c_char,
    place: u64,
    name: *mut *mut c_char,
    json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let json = Out::needed("json", json)?;
        let (path, whole) = find_or_whole(record, path)?;
        let parts = parts(path, whole)?;
        let part = usize::try_from(place).ok().and_then(|place| parts.get(place));
        Out::optional(name).text_or_null(part.and_then(|part| part.name.as_deref()))?;
        json.text_or_null(part.map(|part| part.json))
    })
}

/// Reads an object inside a record as a record of its own, also an item of a list: "address", "phones.0".
///
/// path: as in egito_record_get_string.
/// value: receives the record; free it with egito_record_free. Receives NULL where there is nothing, or null.
/// Fails with EGITO_ERROR_CONFIG where the value is no object. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_record(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut *mut egito_record,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let value = Out::needed("value", value)?;
        let (path, json) = find(record, path)?;
        let object = |json: &str| Record::from_json(json).map_err(|_| is_no(path, json, "an object"));
        value.handle_or_null(json.filter(|json| *json != "null").map(object).transpose()?.map(egito_record::new));
        Ok(())
    })
}

/// Frees a record. NULL is fine. Any thread, once no other one reads it.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_free(record: *mut egito_record) {
    infallible((), || free(record));
}

/// The path as text, and the JSON text that stands there.
fn find(record: Option<&egito_record>, path: *const c_char) -> Result<(&str, Option<&str>)> {
    let path = text("path", path)?;
    let record = needed("record", record)?;
    Ok((path, record.index.get_or_init(|| RecordIndex::new(record.core.clone())).raw(path)))
}

fn read<T: DeserializeOwned>(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut T,
    what: &str,
) -> Result<()> {
    let value = Out::needed("value", value)?;
    let (path, json) = find(record, path)?;
    value.value(parsed(path, json.filter(|json| *json != "null").ok_or_else(|| nothing(path))?, what)?);
    Ok(())
}

/// As `find`, where there must be something; all of the record where no path is given.
fn find_or_whole(record: Option<&egito_record>, path: *const c_char) -> Result<(&str, &str)> {
    if path.is_null() {
        return Ok(("record", needed("record", record)?.core.json()));
    }
    let (path, json) = find(record, path)?;
    Ok((path, json.filter(|json| *json != "null").ok_or_else(|| nothing(path))?))
}

/// An item of a list, or a member of an object.
struct Part<'j> {
    name: Option<Cow<'j, str>>,
    json: &'j str,
}

fn parts<'j>(path: &str, json: &'j str) -> Result<Vec<Part<'j>>> {
    let mut parts = Vec::new();
    let mut scanner = Scanner::new(json);
    let walked = if json.starts_with('[') {
        scanner.array(|scanner| {
            parts.push(Part { name: None, json: scanner.value()? });
            Ok(())
        })
    } else {
        scanner.object(|scanner, name| {
            parts.push(Part { name: Some(name.text()), json: scanner.value()? });
            Ok(())
        })
    };
    walked.map_err(|_| is_no(path, json, "a list or an object"))?;
    Ok(parts)
}

/// The digits of a number, or of a text that is one.
fn number<'j>(path: &str, json: &'j str) -> Result<&'j str> {
    let digits = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(json);
    if is_number(digits) { Ok(digits) } else { Err(is_no(path, json, "a number")) }
}

/// Whether a text is a number as JSON writes it, and nothing else.
pub(crate) fn is_number(digits: &str) -> bool {
    let begins = digits.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    begins && serde_json::from_str::<&serde_json::value::RawValue>(digits).is_ok_and(|raw| raw.get() == digits)
}

/// The beginning of a value, for an error.
pub(crate) fn start(json: &str) -> String {
    json.chars().take(40).collect()
}

fn is_no(path: &str, json: &str, what: &str) -> Error {
    Error::config(path, format!("`{path}` is {}, not {what}", start(json)))
}

fn nothing(path: &str) -> Error {
    error(Code::NotFound, format!("there is no value at `{path}`, or it is null"))
}

fn parsed<T: DeserializeOwned>(path: &str, json: &str, what: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|_| is_no(path, json, what))
}
