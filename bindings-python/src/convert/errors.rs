//! Converts errors of the core to exceptions, and stops panics.

use super::decode;
use crate::runtime::finalization::FinalizationGuard;
use egito::{Decimals, Error};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Returns the exception for an error, with all its details.
pub(crate) fn exception(py: Python<'_>, error: &Error) -> PyErr {
    static FROM_DETAILS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let details = decode::parse(py, error.to_json().as_bytes(), Decimals::Float);
    let details = FinalizationGuard::acquire_or_exit(py).and_then(|guard| Ok((guard, details?)));
    let exception = details
        .and_then(|(_guard, details)| FROM_DETAILS.import(py, "egito._errors", "from_details")?.call1((details,)));
    exception.map_or_else(|failed| failed, PyErr::from_value)
}

/// Runs the body of a method. A panic becomes the error `internal`: `except Exception` does not catch pyo3's own exception for it.
pub(crate) fn catch_panics<T>(py: Python<'_>, body: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|panic| Err(exception(py, &Error::from_panic(&*panic))))
}

/// Converts results of the core.
pub(crate) trait IntoPyResult<T> {
    /// Converts the error to an exception.
    fn into_py_result(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> IntoPyResult<T> for egito::Result<T> {
    fn into_py_result(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| exception(py, &error))
    }
}
