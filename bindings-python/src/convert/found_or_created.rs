//! The result of `create_once` → `egito.FoundOrCreated`.

use super::records;
use egito::FoundOrCreated;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Converts the result of `create_once`.
pub(crate) fn found_or_created<'py>(py: Python<'py>, found: &FoundOrCreated) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let parts = (records::id(py, &found.id)?, found.created, records::ids(py, &found.duplicates)?);
    CLASS.import(py, "egito", "FoundOrCreated")?.call1(parts)
}
