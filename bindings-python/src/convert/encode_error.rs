//! Values that cannot be encoded as JSON: the reason, and the path of the value.

use super::errors::exception;
use egito::Error;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

/// Why a value cannot be encoded.
pub(super) struct EncodeError {
    reason: Box<str>,
    /// Steps to the value, the last one first.
    path: Vec<String>,
    /// The exception of a method of the value.
    raised: Option<PyErr>,
    /// Whether the value itself is missing: NaN, `NaT` or NA.
    pub is_missing: bool,
}

pub(super) type EncodeResult = Result<(), EncodeError>;

impl EncodeError {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into().into_boxed_str(), path: Vec::new(), raised: None, is_missing: false }
    }

    pub(super) fn missing(what: &str) -> Self {
        Self { is_missing: true, ..Self::new(what) }
    }

    pub(super) fn raised_by(self, raised: PyErr) -> Self {
        Self { raised: Some(raised), ..self }
    }

    /// Adds a step to the front of the path.
    pub(super) fn under(mut self, step: String) -> Self {
        self.path.push(step);
        self
    }

    /// Returns a `ConfigError` with the path. `name` is the start of the path.
    pub(super) fn into_exception(self, py: Python<'_>, name: &str) -> PyErr {
        if let Some(raised) = self.raised.as_ref().filter(|raised| !raised.is_instance_of::<PyException>(py)) {
            return raised.clone_ref(py); // such as KeyboardInterrupt, which the value did not cause
        }
        let steps = self.path.iter().rev().map(String::as_str);
        let path: String = std::iter::once(name).chain(steps).collect();
        let path = path.trim_start_matches('.');
        let reason = &self.reason;
        let message = if !self.is_missing {
            format!("`{path}` cannot be sent: {reason}")
        } else if name.is_empty() && self.path.len() == 1 {
            // Only options that are numbers can have these values; a filter is below `filters`.
            format!("invalid `{path}`: expected a number, got {reason}")
        } else {
            format!(
                "`{path}` cannot be sent: {reason} is a missing value; send None, or leave the field out (in bulks also by `nan=`)"
            )
        };
        let exception = exception(py, &Error::config(path, message));
        exception.set_cause(py, self.raised);
        exception
    }
}

impl From<PyErr> for EncodeError {
    fn from(raised: PyErr) -> Self {
        Self::new("one of its methods failed").raised_by(raised)
    }
}
