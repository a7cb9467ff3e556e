//! Texts that the library hands out, and text as JSON.

use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, free_text, text};
use crate::panic::infallible;
use std::ffi::c_char;

/// Writes a text as JSON: with its quotes, and a backslash where one is needed. For records that are put together by hand.
///
/// json: receives the JSON text; free it with egito_string_free.
/// Fails with EGITO_ERROR_CONFIG where the text is NULL or not UTF-8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_json_string(
    text: *const c_char,
    json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let json = Out::needed("json", json)?;
        json.text(serde_json::Value::from(self::text("text", text)?).to_string())
    })
}

/// Frees a text that a function handed out through a `char **`. NULL is fine. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_string_free(text: *mut c_char) {
    infallible((), || free_text(text));
}
