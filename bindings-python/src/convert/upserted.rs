//! The result of `upsert` → `egito.Upserted`.

use super::records::{id, ids};
use egito::Upserted;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;

/// Converts the result of `upsert`.
pub(crate) fn upserted<'py>(py: Python<'py>, upserted: &Upserted) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let Upserted { change, fields, duplicates, .. } = upserted;
    let parts = (id(py, &upserted.id)?, change.as_str(), PyTuple::new(py, fields)?, ids(py, duplicates)?);
    CLASS.import(py, "egito", "Upserted")?.call1(parts)
}
