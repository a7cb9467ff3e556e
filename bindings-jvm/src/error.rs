//! The error of every call of the border.

use egito::Error;
use std::fmt::{Display, Formatter};

/// A failed call: all details of the core's error as JSON.
#[derive(Debug, uniffi::Error)]
pub enum NativeError {
    /// The one kind of error. Kotlin makes the exception of its code.
    Failed {
        /// The details.
        json: Vec<u8>,
    },
}

/// The result of an export.
pub type NativeResult<T> = Result<T, NativeError>;

impl From<Error> for NativeError {
    fn from(error: Error) -> Self {
        Self::Failed { json: error_json(&error) }
    }
}

/// Returns the details of an error as JSON.
pub fn error_json(error: &Error) -> Vec<u8> {
    egito::binding::with_unitless_settings(error).to_json().into_bytes()
}

impl Display for NativeError {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Self::Failed { json } = self;
        f.write_str(&String::from_utf8_lossy(json))
    }
}

impl std::error::Error for NativeError {}
