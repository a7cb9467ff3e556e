//! Records: read values by path, without a JSON library.

use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, required_record, required_string};
use crate::handle::{Handle, HandleTag, free, handle, if_live, require};
use crate::panic::infallible;
use egito_core::binding::scanner::Scanner;
use egito_core::binding::{RecordIndex, error};
use egito_core::{Code, Error, Record, Result};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::ffi::{CString, c_char};
use std::ptr::null;
use std::sync::OnceLock;

/// One JSON object, to read values from. Immutable and thread-safe.
pub struct egito_record {
    tag: HandleTag,
    core: Record,
    /// Index of its members, built by the first read of a value.
    index: OnceLock<RecordIndex>,
    /// Text with a NUL, built by the first egito_record_json.
    json: OnceLock<CString>,
}
handle!(egito_record, b"e_record");

impl egito_record {
    pub(crate) fn new(core: Record) -> Self {
        Self { tag: HandleTag::new(Self::TAG), core, index: OnceLock::new(), json: OnceLock::new() }
    }
}

/// Creates a record from JSON text, to read its values.
///
/// json: any JSON object, such as a record or the details of an error. It is copied.
/// record: receives the record; free it with egito_record_free.
/// Fails with EGITO_ERROR_CONFIG if json is not a JSON object. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_new(
    json: *const c_char,
    record: *mut *mut egito_record,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record = Out::required("record", record)?;
        record.handle(egito_record::new(required_record("json", json)?));
        Ok(())
    })
}

/// Returns the JSON text of the record, as the server sent it; NULL if record is NULL.
///
/// Do not free the string: it belongs to the record. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_json(record: Option<&egito_record>) -> *const c_char {
    infallible(null(), || {
        if_live(record).map_or(null(), |record| {
            record.json.get_or_init(|| CString::new(record.core.json()).expect("JSON has no NUL")).as_ptr()
        })
    })
}

/// Returns whether there is a value at a path, other than null. False if record or path is NULL, and if path is not
/// UTF-8. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_has(record: Option<&egito_record>, path: *const c_char) -> bool {
    infallible(false, || find(record, path).is_ok_and(|(_, json)| json.is_some_and(|json| json != "null")))
}

/// Reads a string.
///
/// path: field names and list indexes, separated by dots: "name", "address.city", "phones.0.number". Escape a dot or a
///   backslash in a name with a backslash, which is written twice in C: "v1\\.2".
/// value: receives the string; free it with egito_string_free. Receives NULL if the value is missing or null.
/// Fails with EGITO_ERROR_CONFIG if the value is not a string, or contains a NUL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_string(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let value = Out::required("value", value)?;
        let (path, json) = find(record, path)?;
        value.string_or_null(json.map_or(Ok(None), |json| parsed::<Option<String>>(path, json, "a string"))?)
    })
}

/// Reads an integer.
///
/// path: see egito_record_get_string.
/// value: receives the integer.
/// Fails with EGITO_ERROR_NOT_FOUND if the value is missing or null, and with EGITO_ERROR_CONFIG if it is not a 64-bit
/// integer (egito_record_get_decimal reads any number). Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_int64(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || read(record, path, value, "a 64-bit integer"))
}

/// Reads a number as a double, which may round it.
///
/// path: see egito_record_get_string.
/// value: receives the number.
/// Fails with EGITO_ERROR_NOT_FOUND if the value is missing or null, and with EGITO_ERROR_CONFIG if it is not a
/// number. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_double(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut f64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || read(record, path, value, "a number"))
}

/// Reads a number as a string of its digits: decimals that a double would round, integers beyond 64 bits.
///
/// path: see egito_record_get_string.
/// digits: receives the number as it is written in the record, such as 12.50; free it with egito_string_free. Also
///   accepts a string that is a number (setting `decimals`). Receives NULL if the value is missing or null.
/// Fails with EGITO_ERROR_CONFIG if the value is not a number. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_decimal(
    record: Option<&egito_record>,
    path: *const c_char,
    digits: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let digits = Out::required("digits", digits)?;
        let (path, json) = find(record, path)?;
        digits.string_or_null(json.filter(|json| *json != "null").map(|json| number(path, json)).transpose()?)
    })
}

/// Reads a boolean.
///
/// path: see egito_record_get_string.
/// value: receives true or false.
/// Fails with EGITO_ERROR_NOT_FOUND if the value is missing or null, and with EGITO_ERROR_CONFIG if it is not a
/// boolean. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_bool(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut bool,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || read(record, path, value, "a boolean"))
}

/// Reads any value as JSON text, unchanged.
///
/// path: see egito_record_get_string.
/// json: receives the JSON text; free it with egito_string_free. Receives NULL if the value is missing, and "null" if
///   it is null.
/// Fails with EGITO_ERROR_CONFIG for an invalid argument. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_json(
    record: Option<&egito_record>,
    path: *const c_char,
    json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let json = Out::required("json", json)?;
        json.string_or_null(find(record, path)?.1)
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
/// path: see egito_record_get_string; NULL for the record itself.
/// length: receives the number.
/// Fails with EGITO_ERROR_NOT_FOUND if the value is missing or null, and with EGITO_ERROR_CONFIG if it is neither a
/// list nor an object. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_length(
    record: Option<&egito_record>,
    path: *const c_char,
    length: *mut u64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let length = Out::required("length", length)?;
        let (path, json) = find_or_whole(record, path)?;
        length.value(items(path, json)?.len() as u64);
        Ok(())
    })
}

/// Reads one item of a list, or one member of an object, by its index from 0.
///
///   for (uint64_t i = 0; egito_record_get_item(record, NULL, i, &name, &json, NULL) == EGITO_OK && json != NULL; i++)
///   { ... }
///
/// path: see egito_record_get_string; NULL for the record itself.
/// name: receives the name of the member, or NULL for an item of a list; free it with egito_string_free. May be NULL.
/// json: receives the value as JSON text; free it with egito_string_free. Receives NULL after the last item.
/// Fails like egito_record_length. Each call scans the list from its beginning. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_item(
    record: Option<&egito_record>,
    path: *const c_char,
    index: u64,
    name: *mut *mut c_char,
    json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let json = Out::required("json", json)?;
        let (path, whole) = find_or_whole(record, path)?;
        let items = items(path, whole)?;
        let item = usize::try_from(index).ok().and_then(|index| items.get(index));
        Out::optional(name).string_or_null(item.and_then(|item| item.name.as_deref()))?;
        json.string_or_null(item.map(|item| item.json))
    })
}

/// Reads an object inside of a record as a record: "address", "phones.0".
///
/// path: see egito_record_get_string.
/// value: receives the record; free it with egito_record_free. Receives NULL if the value is missing or null.
/// Fails with EGITO_ERROR_CONFIG if the value is not an object. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_get_record(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut *mut egito_record,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let value = Out::required("value", value)?;
        let (path, json) = find(record, path)?;
        let object = |json: &str| Record::from_json(json).map_err(|_| type_error(path, json, "an object"));
        value.handle_or_null(json.filter(|json| *json != "null").map(object).transpose()?.map(egito_record::new));
        Ok(())
    })
}

/// Frees a record. NULL is allowed. Any thread, after all other uses of the record.
#[unsafe(no_mangle)]
pub extern "C" fn egito_record_free(record: *mut egito_record) {
    infallible((), || free(record));
}

/// Returns the path as a string, and the JSON text of its value.
fn find(record: Option<&egito_record>, path: *const c_char) -> Result<(&str, Option<&str>)> {
    let path = required_string("path", path)?;
    let record = require("record", record)?;
    Ok((path, record.index.get_or_init(|| RecordIndex::new(record.core.clone())).raw(path)))
}

fn read<T: DeserializeOwned>(
    record: Option<&egito_record>,
    path: *const c_char,
    value: *mut T,
    expected: &str,
) -> Result<()> {
    let value = Out::required("value", value)?;
    let (path, json) = find(record, path)?;
    value.value(parsed(path, json.filter(|json| *json != "null").ok_or_else(|| no_value(path))?, expected)?);
    Ok(())
}

/// Like `find`, for a required value; returns the whole record if the path is NULL.
fn find_or_whole(record: Option<&egito_record>, path: *const c_char) -> Result<(&str, &str)> {
    if path.is_null() {
        return Ok(("record", require("record", record)?.core.json()));
    }
    let (path, json) = find(record, path)?;
    Ok((path, json.filter(|json| *json != "null").ok_or_else(|| no_value(path))?))
}

/// An item of a list, or a member of an object.
struct Item<'j> {
    name: Option<Cow<'j, str>>,
    json: &'j str,
}

fn items<'j>(path: &str, json: &'j str) -> Result<Vec<Item<'j>>> {
    let mut items = Vec::new();
    let mut scanner = Scanner::new(json);
    let result = if json.starts_with('[') {
        scanner.array(|scanner| {
            items.push(Item { name: None, json: scanner.value()? });
            Ok(())
        })
    } else {
        scanner.object(|scanner, name| {
            items.push(Item { name: Some(name.text()), json: scanner.value()? });
            Ok(())
        })
    };
    result.map_err(|_| type_error(path, json, "a list or an object"))?;
    Ok(items)
}

/// Returns the digits of a number, or of a string that is a number.
fn number<'j>(path: &str, json: &'j str) -> Result<&'j str> {
    let digits = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(json);
    if is_number(digits) { Ok(digits) } else { Err(type_error(path, json, "a number")) }
}

/// Returns whether a text is exactly one JSON number.
pub(crate) fn is_number(digits: &str) -> bool {
    let begins = digits.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    begins && serde_json::from_str::<&serde_json::value::RawValue>(digits).is_ok_and(|raw| raw.get() == digits)
}

/// Returns the beginning of a value, for an error message.
pub(crate) fn preview(json: &str) -> String {
    json.chars().take(40).collect()
}

fn type_error(path: &str, json: &str, expected: &str) -> Error {
    egito_core::binding::wrong_type(
        path,
        format!("invalid value at `{path}`: expected {expected}, got {}", preview(json)),
    )
}

fn no_value(path: &str) -> Error {
    error(Code::NotFound, format!("there is no value at `{path}`, or it is null"))
}

fn parsed<T: DeserializeOwned>(path: &str, json: &str, expected: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|_| type_error(path, json, expected))
}
