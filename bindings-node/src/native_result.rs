//! The result of every export: JSON, or an error record.

use crate::numbers::{self, NumberFormat};
use egito::binding::with_camel_case_settings;
use egito::{Error, Result};
use encoding_rs::mem;
use napi::bindgen_prelude::{Either, Latin1String, Utf16String};
use napi_derive::napi;

/// A string in one of V8's two internal encodings, so that JavaScript's thread does not have to decode it.
pub type JsString = Either<Latin1String, Utf16String>;

/// A value, an error, or without `json` the end of a list.
#[derive(Default)]
#[napi(object, object_from_js = false)]
pub struct NativeResult {
    /// The value as JSON, or all details of the error.
    pub json: Option<JsString>,
    /// Whether it is an error.
    pub is_error: bool,
    /// Prefix of the strings in the JSON that are numbers which JavaScript would round, see [`numbers`].
    pub sentinel: Option<String>,
}

impl NativeResult {
    /// Returns the result of a failed call.
    pub fn error(error: &Error, numbers: NumberFormat) -> Self {
        Self { is_error: true, ..Self::json(with_camel_case_settings(error).to_json(), numbers) }
    }

    /// Returns a result with this JSON.
    pub fn json(json: String, numbers: NumberFormat) -> Self {
        let (json, sentinel) = numbers::mark(json, numbers);
        Self { json: Some(js_string(json)), is_error: false, sentinel }
    }

    /// Returns the result of a call.
    pub fn new(result: Result<Option<String>>, numbers: NumberFormat) -> Self {
        match result {
            Ok(json) => json.map(|json| Self::json(json, numbers)).unwrap_or_default(),
            Err(error) => Self::error(&error, numbers),
        }
    }
}

/// Converts a string to V8's encoding.
pub fn js_string(text: String) -> JsString {
    if text.is_ascii() {
        return Either::A(text.into());
    }
    let mut wide = vec![0; text.len() + 1];
    let length = mem::convert_str_to_utf16(&text, &mut wide);
    wide.truncate(length);
    Either::B(wide.into())
}
