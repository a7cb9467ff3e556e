//! Errors of the core become the exceptions of `egito._errors`. Panics stop here.

use crate::ending::inside_or_exit;
use crate::json;
use egito::{Decimals, Error};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The exception for an error, with all its details.
pub(crate) fn exception(py: Python<'_>, error: &Error) -> PyErr {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let details = json::parse(py, error.to_json().as_bytes(), Decimals::Float);
    let details = inside_or_exit(py).and_then(|inside| Ok((inside, details?)));
    let made =
        details.and_then(|(_inside, details)| MAKE.import(py, "egito._errors", "from_details")?.call1((details,)));
    made.map_or_else(|failed| failed, PyErr::from_value)
}

/// Runs what a method does. A panic becomes the error `internal`: pyo3's own exception for it would pass every `except Exception`.
pub(crate) fn contained<T>(py: Python<'_>, work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(exception(py, &Error::from_panic(&*panic))))
}

/// `?` for results of the core.
pub(crate) trait OrRaise<T> {
    /// The value, or the error as an exception.
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> OrRaise<T> for egito::Result<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| exception(py, &error))
    }
}
