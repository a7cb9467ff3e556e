//! A JSON object that is put together value by value: settings, records and filters without a JSON library.

use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, text};
use crate::handle::{Handle, Mark, free, handle, live, needed, shared};
use crate::panic::infallible;
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
    fallible(error, || set(shared(object), name, || Ok(Value::from(text("value", value)?).to_string())))
}

/// Sets a member to an integer. See egito_object_set_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_int64(
    object: *mut egito_object,
    name: *const c_char,
    value: i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, || Ok(value.to_string())))
}

/// Sets a member to a number. See egito_object_set_string. Fails besides where the value is infinite or no number.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_double(
    object: *mut egito_object,
    name: *const c_char,
    value: f64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, || number(value)))
}

/// Sets a member to true or false. See egito_object_set_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_bool(
    object: *mut egito_object,
    name: *const c_char,
    value: bool,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, || Ok(value.to_string())))
}

/// Sets a member to null. See egito_object_set_string.
#[unsafe(no_mangle)]
pub extern "C" fn egito_object_set_null(
    object: *mut egito_object,
    name: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || set(shared(object), name, || Ok("null".into())))
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
    fallible(error, || set(shared(object), name, || any(json)))
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

fn set(object: Option<&egito_object>, name: *const c_char, value: impl FnOnce() -> Result<String>) -> Result<()> {
    let mut members = needed("object", object)?.members();
    let member = text("name", name).and_then(|name| Ok((Value::from(name).to_string(), value()?)));
    let (name, value) = member.inspect_err(|_| members.spoilt = true)?;
    match members.all.iter_mut().find(|(old, _)| *old == name) {
        Some((_, old)) => *old = value,
        None => members.all.push((name, value)),
    }
    Ok(())
}

fn number(value: f64) -> Result<String> {
    let number = serde_json::Number::from_f64(value).map(|number| number.to_string());
    number.ok_or_else(|| Error::config("value", format!("`value` is {value}, which JSON cannot say")))
}

fn any(json: *const c_char) -> Result<String> {
    let raw = serde_json::from_str::<&RawValue>(text("json", json)?);
    raw.map(ToString::to_string).map_err(|e| Error::config("json", format!("`json` is no JSON: {e}")))
}
