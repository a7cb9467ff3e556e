//! What every export answers with: JSON text, or an error record.

use crate::numbers::{self, Numbers};
use egito::binding::with_camel_case_settings;
use egito::{Error, Result};
use encoding_rs::mem;
use napi::bindgen_prelude::{Either, Latin1String, Utf16String};
use napi_derive::napi;

/// Text in one of the two forms that V8 keeps texts in, so that JavaScript's thread has nothing to decode.
pub type Text = Either<Latin1String, Utf16String>;

/// A result, an error, or (with no text) the end of a list.
#[derive(Default)]
#[napi(object, object_from_js = false)]
pub struct Reply {
    /// The result as JSON, or all details of the error.
    pub text: Option<Text>,
    /// Whether it is an error.
    pub failed: bool,
    /// Where the JSON has numbers that JavaScript would round: what stands before their digits, see [`numbers`].
    pub mark: Option<String>,
}

impl Reply {
    /// A reply that says what went wrong.
    pub fn error(error: &Error, numbers: Numbers) -> Self {
        Self { failed: true, ..Self::json(with_camel_case_settings(error).to_json(), numbers) }
    }

    /// JSON, its numbers marked.
    pub fn json(json: String, numbers: Numbers) -> Self {
        let (json, mark) = numbers::mark(json, numbers);
        Self { text: Some(text(json)), failed: false, mark }
    }

    pub fn new(result: Result<Option<String>>, numbers: Numbers) -> Self {
        match result {
            Ok(json) => json.map(|json| Self::json(json, numbers)).unwrap_or_default(),
            Err(error) => Self::error(&error, numbers),
        }
    }
}

/// Text as V8 keeps it.
pub fn text(text: String) -> Text {
    if text.is_ascii() {
        return Either::A(text.into());
    }
    let mut wide = vec![0; text.len() + 1];
    let length = mem::convert_str_to_utf16(&text, &mut wide);
    wide.truncate(length);
    Either::B(wide.into())
}
