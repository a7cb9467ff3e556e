//! A JSON object that is put together value by value: settings, records and filters without a JSON library.

use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, text};
use crate::handle::{Handle, Mark, free, handle, live, needed, shared};
use crate::panic::infallible;
use crate::record::{is_number, start};
use crate::time::utc;
use egito_core::{Error, Result};
use serde_json::Value;
use serde_json::value::RawValue;
use std::ffi::{CString, c_char};
use std::ptr::null;
use std::sync::{Mutex, PoisonError};

/// A JSON object that is put together value by value: settings, a record, filters. One thread at a time.
pub struct egito_object {
    mark: Mark,
    members: Mutex<Members>,
}
handle!(egito_object, b"e_object");

#[derive(Clone, Default)]
struct Members {
    /// Names and values, both as JSON, in the order in which they came.
    all: Vec<(String, String)>,
    /// A value was refused, so that the object is not what was meant.
    spoilt: bool,
    /// What was handed out last.
    json: CString,
}

/// Makes an object without members.
///
///   egito_object *settings = NULL;
///   egito_object_new(&settings, NULL);
///   egito_object_set_string(settings, "name", "firma", NULL);
///   egito_object_set_int64(settings, "timeout", 30, NULL);
///   status = egito_client_new(egito_object_json(settings), &client, &error);
///
/// Errors need not be looked at one by one: after a failed egito_object_set_... egito_object_json gives NULL, which every
/// function refuses.
/// object: receives the object; free it with egito_object_free.
/// Fails with EGITO_ERROR_CONFIG where object is NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_new(object: *mut *mut egito_object, error: *mut *mut egito_error) -> egito_status {
    fallible(error, || {
        let object = Out::needed("object", object)?;
        object.handle(egito_object { mark: Mark::new(egito_object::KIND), members: Mutex::default() });
        Ok(())
    })
}

/// Makes an object with the same members, which goes its own way from then on. A copy of a refused object is refused as well.
///
/// copy: receives the new object; free it with egito_object_free.
/// Fails with EGITO_ERROR_CONFIG for a NULL. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_copy(
    object: *mut egito_object,
    copy: *mut *mut egito_object,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let copy = Out::needed("copy", copy)?;
        let members = needed("object", shared(object))?.members().clone();
        copy.handle(egito_object { mark: Mark::new(egito_object::KIND), members: Mutex::new(members) });
        Ok(())
    })
}

/// Sets a member to a text, which is quoted as JSON wants it. A member that is there already gets the new value.
///
/// name: the member's name, as it is: a dot in it is a dot.
/// Fails with EGITO_ERROR_CONFIG for a NULL and for text that is not UTF-8. One thread at a time.
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

/// Sets a member to a number. See egito_object_set_string. Fails besides where the value is infinite or no number.
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

/// Sets a member to any JSON text: another object, a list, a decimal digit by digit. See egito_object_set_string.
///
/// Fails besides where the text is no JSON.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_json(
    object: *mut egito_object,
    name: *const c_char,
    json: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, |name| any(name, json)))
}

/// Sets a member to a number that is given digit by digit, such as 12.50: no double rounds it. See egito_object_set_string.
///
/// Fails besides where the text is no number as JSON writes it.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_decimal(
    object: *mut egito_object,
    name: *const c_char,
    digits: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, |name| decimal(name, digits)))
}

/// Sets a member to a point in time, such as "2024-02-29T10:11:12.000Z". See egito_object_set_string.
///
/// The server reads this spelling as UTC: with exactly three digits of a fraction and Z. It takes others for its own time zone.
/// milliseconds: since 1 January 1970 in UTC, `1000 * (int64_t)time(NULL)`.
/// Fails besides where the year is not from 0 to 9999.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_time(
    object: *mut egito_object,
    name: *const c_char,
    milliseconds: i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, |name| time(name, milliseconds)))
}

/// Adds a text to the end of a list.
///
/// name: the member that is the list. It is made by the first append; egito_object_set_json with "[]" makes an empty one.
/// Fails with EGITO_ERROR_CONFIG as egito_object_set_string does, and where the member is there and is no list. One thread at a
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

/// Adds an integer to the end of a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_int64(
    object: *mut egito_object,
    name: *const c_char,
    value: i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |_| Ok(value.to_string())))
}

/// Adds a number to the end of a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_double(
    object: *mut egito_object,
    name: *const c_char,
    value: f64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |name| number(name, value)))
}

/// Adds true or false to the end of a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_bool(
    object: *mut egito_object,
    name: *const c_char,
    value: bool,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |_| Ok(value.to_string())))
}

/// Adds null to the end of a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_null(
    object: *mut egito_object,
    name: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |_| Ok("null".into())))
}

/// Adds any JSON text to the end of a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_json(
    object: *mut egito_object,
    name: *const c_char,
    json: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |name| any(name, json)))
}

/// Adds a number that is given digit by digit to the end of a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_decimal(
    object: *mut egito_object,
    name: *const c_char,
    digits: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |name| decimal(name, digits)))
}

/// Adds a point in time, see egito_object_set_time to the end of a list. See egito_object_append_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_append_time(
    object: *mut egito_object,
    name: *const c_char,
    milliseconds: i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || append(shared(object), name, |name| time(name, milliseconds)))
}

/// The object as JSON text. NULL where object is NULL, and where a value was refused.
///
/// The text is the object's: do not free it. It is good until the object is changed, asked again or freed. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_json(object: *mut egito_object) -> *const c_char {
    infallible(null(), || live(shared(object)).map_or(null(), egito_object::json))
}

/// Frees an object. NULL is fine. Any thread, once no other one uses the object or its text.
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
        if members.spoilt {
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
        None => Err(format!("{}, not a list", start(list))),
    })
}

/// Changes a member, which is empty where it is new. A failure spoils the object.
fn change(
    object: Option<&egito_object>,
    name: *const c_char,
    value: impl FnOnce(&str) -> Result<String>,
    write: impl FnOnce(&mut String, String) -> std::result::Result<(), String>,
) -> Result<()> {
    let mut members = needed("object", object)?.members();
    let changed = text("name", name).and_then(|name| {
        let (quoted, value) = (Value::from(name).to_string(), value(name)?);
        let place = members.all.iter().position(|(old, _)| *old == quoted).unwrap_or_else(|| {
            members.all.push((quoted, String::new()));
            members.all.len() - 1
        });
        write(&mut members.all[place].1, value).map_err(|is| Error::config(name, format!("`{name}` is {is}")))
    });
    changed.inspect_err(|_| members.spoilt = true)
}

fn string(name: &str, value: *const c_char) -> Result<String> {
    Ok(Value::from(text(name, value)?).to_string())
}

fn number(name: &str, value: f64) -> Result<String> {
    let number = serde_json::Number::from_f64(value).map(|number| number.to_string());
    number.ok_or_else(|| Error::config(name, format!("`{name}` is {value}, which JSON cannot say")))
}

fn any(name: &str, json: *const c_char) -> Result<String> {
    let raw = serde_json::from_str::<&RawValue>(text(name, json)?);
    raw.map(ToString::to_string).map_err(|e| Error::config(name, format!("`{name}` is no JSON: {e}")))
}

fn decimal(name: &str, digits: *const c_char) -> Result<String> {
    let digits = text(name, digits)?;
    if is_number(digits) {
        return Ok(digits.to_owned());
    }
    Err(Error::config(name, format!("`{name}` is {}, not a number such as 12.50", start(digits))))
}

fn time(name: &str, milliseconds: i64) -> Result<String> {
    Ok(Value::from(utc(name, milliseconds)?).to_string())
}
