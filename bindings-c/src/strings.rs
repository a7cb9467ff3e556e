//! Strings: frees them, and encodes them as JSON.

use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, free_string, required_string};
use crate::panic::infallible;
use std::ffi::c_char;

/// Encodes a string as JSON, with quotes and escapes: for records that a program writes itself.
///
/// json: receives the JSON text; free it with egito_string_free.
/// Fails with EGITO_ERROR_CONFIG if text is NULL or not UTF-8. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_json_string(
    text: *const c_char,
    json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let json = Out::required("json", json)?;
        json.string(serde_json::Value::from(required_string("text", text)?).to_string())
    })
}

/// Frees a string that a function has returned through a `char **`. NULL is allowed. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_string_free(text: *mut c_char) {
    infallible((), || free_string(text));
}
