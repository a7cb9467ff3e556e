//! HTTP responses of the core → `egito.Response`.

use egito::Response;
use egito::binding::header_texts;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Returns the `egito.Response` of a call or a page, with this value.
pub(crate) fn with_value<'py, T>(
    py: Python<'py>,
    response: &Response<T>,
    value: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let Response { status, headers, attempts, call_id, elapsed, .. } = response;
    let headers: Vec<(&str, String)> = header_texts(headers).collect();
    let parts = (value, status, headers, attempts, call_id, elapsed.as_secs_f64());
    MAKE.import(py, "egito._response", "make")?.call1(parts)
}
