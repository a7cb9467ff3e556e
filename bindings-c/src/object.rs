//! Objects: build a JSON object value by value, for settings, records and filters, without a JSON library.

use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, required_string};
use crate::handle::{Handle, HandleTag, free, handle, if_live, require, shared};
use crate::panic::infallible;
use crate::record::{is_number, preview};
use crate::time::utc;
use egito_core::{Error, Result};
use serde_json::Value;
use serde_json::value::RawValue;
use std::ffi::{CString, c_char};
use std::ptr::null;
use std::sync::{Mutex, PoisonError};

/// A JSON object that is built value by value: settings, a record, filters. Not thread-safe: one thread at a time.
pub struct egito_object {
    tag: HandleTag,
    members: Mutex<Members>,
}
handle!(egito_object, b"e_object");

#[derive(Clone, Default)]
struct Members {
    /// Names and values, both as JSON, in the order of insertion.
    all: Vec<(String, String)>,
    /// Whether a value was refused, so that the object is incomplete.
    is_invalid: bool,
    /// Text that egito_object_json has returned last.
    json: CString,
}

/// Creates an empty object.
///
///   egito_object *settings = NULL;
///   egito_object_new(&settings, NULL);
///   egito_object_set_string(settings, "name", "firma", NULL);
///   egito_object_set_int64(settings, "timeout", 30, NULL);
///   status = egito_client_new(egito_object_json(settings), &client, &error);
///
/// There is no need to check each error: after a failed egito_object_set_..., egito_object_json returns NULL, which
/// every function refuses.
/// object: receives the object; free it with egito_object_free.
/// Fails with EGITO_ERROR_CONFIG if object is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_new(object: *mut *mut egito_object, error: *mut *mut egito_error) -> egito_status {
    fallible(error, || {
        let object = Out::required("object", object)?;
        object.handle(egito_object { tag: HandleTag::new(egito_object::TAG), members: Mutex::default() });
        Ok(())
    })
}

/// Creates an independent object with the same members. The copy of an object with a refused value is invalid, too.
///
/// copy: receives the new object; free it with egito_object_free.
/// Fails with EGITO_ERROR_CONFIG if an argument is NULL. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_copy(
    object: *mut egito_object,
    copy: *mut *mut egito_object,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let copy = Out::required("copy", copy)?;
        let members = require("object", shared(object))?.members().clone();
        copy.handle(egito_object { tag: HandleTag::new(egito_object::TAG), members: Mutex::new(members) });
        Ok(())
    })
}

/// Sets a member to a string, which is quoted as JSON. Replaces an existing value.
///
/// name: name of the member; a dot in it has no special meaning.
/// Fails with EGITO_ERROR_CONFIG if an argument is NULL or not UTF-8. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_string(
    object: *mut egito_object,
    name: *const c_char,
    value: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, |name| string(name, value)))
}

/// Sets a member to an integer. See egito_object_set_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_int64(
    object: *mut egito_object,
    name: *const c_char,
    value: i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, |_| Ok(value.to_string())))
}

/// Sets a member to a number. See egito_object_set_string. Also fails if the value is infinite or NaN.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_double(
    object: *mut egito_object,
    name: *const c_char,
    value: f64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, |name| number(name, value)))
}

/// Sets a member to true or false. See egito_object_set_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_bool(
    object: *mut egito_object,
    name: *const c_char,
    value: bool,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, |_| Ok(value.to_string())))
}

/// Sets a member to null. See egito_object_set_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_null(
    object: *mut egito_object,
    name: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, |_| Ok("null".into())))
}

/// Sets a member to any JSON value, such as an object or a list. See egito_object_set_string. Also fails if json is not
/// JSON.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_json(
    object: *mut egito_object,
    name: *const c_char,
    json: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, |name| any(name, json)))
}

/// Sets a member to a number with exactly these digits, such as 12.50, which a double might round. See
/// egito_object_set_string. Also fails if digits is not a JSON number.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_decimal(
    object: *mut egito_object,
    name: *const c_char,
    digits: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, |name| decimal(name, digits)))
}

/// Sets a member to a date and time, such as "2024-02-29T10:11:12.000Z". See egito_object_set_string.
///
/// The server reads this format as UTC: with exactly three fractional digits and Z. It reads others in its own time
/// zone.
/// milliseconds: milliseconds since 1 January 1970 in UTC, such as `1000 * (int64_t)time(NULL)`.
/// Also fails if the year is not from 0 to 9999.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_time(
    object: *mut egito_object,
    name: *const c_char,
    milliseconds: i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, |name| time(name, milliseconds)))
}

/// Appends a string to a list.
///
/// name: name of the member with the list. The first append creates it; egito_object_set_json with "[]" creates an
///   empty list.
/// Fails like egito_object_set_string, and if the member exists and is not a list. Not thread-safe: one thread at a
/// time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_string(
    object: *mut egito_object,
    name: *const c_char,
    value: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |name| string(name, value)))
}

/// Appends an integer to a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_int64(
    object: *mut egito_object,
    name: *const c_char,
    value: i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |_| Ok(value.to_string())))
}

/// Appends a number to a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_double(
    object: *mut egito_object,
    name: *const c_char,
    value: f64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |name| number(name, value)))
}

/// Appends true or false to a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_bool(
    object: *mut egito_object,
    name: *const c_char,
    value: bool,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |_| Ok(value.to_string())))
}

/// Appends null to a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_null(
    object: *mut egito_object,
    name: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |_| Ok("null".into())))
}

/// Appends any JSON value to a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_json(
    object: *mut egito_object,
    name: *const c_char,
    json: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |name| any(name, json)))
}

/// Appends a number with exactly these digits to a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_decimal(
    object: *mut egito_object,
    name: *const c_char,
    digits: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |name| decimal(name, digits)))
}

/// Appends a date and time to a list. See egito_object_set_time and egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_time(
    object: *mut egito_object,
    name: *const c_char,
    milliseconds: i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |name| time(name, milliseconds)))
}

/// Returns the object as JSON text; NULL if object is NULL, and if a value was refused.
///
/// Do not free the string: it belongs to the object. It is valid until the object is changed or freed, or until the
/// next call of this function. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_json(object: *mut egito_object) -> *const c_char {
    infallible(null(), || if_live(shared(object)).map_or(null(), egito_object::json))
}

/// Frees an object. NULL is allowed. Any thread, after all other uses of the object and its text.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_free(object: *mut egito_object) {
    infallible((), || free(object));
}

impl egito_object {
    fn members(&self) -> std::sync::MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn json(&self) -> *const c_char {
        let mut members = self.members();
        if members.is_invalid {
            return null();
        }
        let all: Vec<String> = members.all.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        members.json = CString::new(format!("{{{}}}", all.join(","))).expect("JSON has no NUL");
        members.json.as_ptr()
    }
}

fn set(object: Option<&egito_object>, name: *const c_char, value: impl FnOnce(&str) -> Result<String>) -> Result<()> {
    change(object, name, value, |old, value| {
        *old = value;
        Ok(())
    })
}

fn append(
    object: Option<&egito_object>,
    name: *const c_char,
    value: impl FnOnce(&str) -> Result<String>,
) -> Result<()> {
    change(object, name, value, |list, value| match list.trim_end().strip_suffix(']') {
        _ if list.is_empty() => {
            *list = format!("[{value}]");
            Ok(())
        }
        Some(items) => {
            let comma = if items.trim() == "[" { "" } else { "," };
            list.truncate(items.len());
            list.extend([comma, &value, "]"]);
            Ok(())
        }
        None => Err(format!("expected a list, got {}", preview(list))),
    })
}

/// Changes a member, which is empty if it is new. A failure makes the object invalid.
fn change(
    object: Option<&egito_object>,
    name: *const c_char,
    value: impl FnOnce(&str) -> Result<String>,
    write: impl FnOnce(&mut String, String) -> std::result::Result<(), String>,
) -> Result<()> {
    let mut members = require("object", object)?.members();
    let changed = required_string("name", name).and_then(|name| {
        let (quoted, value) = (Value::from(name).to_string(), value(name)?);
        let index = members.all.iter().position(|(old, _)| *old == quoted).unwrap_or_else(|| {
            members.all.push((quoted, String::new()));
            members.all.len() - 1
        });
        write(&mut members.all[index].1, value)
            .map_err(|reason| Error::config(name, format!("invalid `{name}`: {reason}")))
    });
    changed.inspect_err(|_| members.is_invalid = true)
}

fn string(name: &str, value: *const c_char) -> Result<String> {
    Ok(Value::from(required_string(name, value)?).to_string())
}

fn number(name: &str, value: f64) -> Result<String> {
    let number = serde_json::Number::from_f64(value).map(|number| number.to_string());
    number.ok_or_else(|| Error::config(name, format!("invalid `{name}`: expected a finite number, got {value}")))
}

fn any(name: &str, json: *const c_char) -> Result<String> {
    let raw = serde_json::from_str::<&RawValue>(required_string(name, json)?);
    raw.map(ToString::to_string).map_err(|e| Error::config(name, format!("invalid `{name}`: not JSON: {e}")))
}

fn decimal(name: &str, digits: *const c_char) -> Result<String> {
    let digits = required_string(name, digits)?;
    if is_number(digits) {
        return Ok(digits.to_owned());
    }
    Err(Error::config(name, format!("invalid `{name}`: expected a number such as 12.50, got {}", preview(digits))))
}

fn time(name: &str, milliseconds: i64) -> Result<String> {
    Ok(Value::from(utc(name, milliseconds)?).to_string())
}
