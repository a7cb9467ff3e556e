//! The result of `upsert` → `egito.Upserted`.

use super::{decode, records};
use egito::{Decimals, Upserted};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;

/// Converts the result of `upsert`.
pub(crate) fn upserted<'py>(py: Python<'py>, upserted: &Upserted) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let change = serde_json::to_vec(&upserted.change).expect("an enum can be written as JSON");
    let duplicates = upserted.duplicates.iter().map(|id| records::id(py, id)).collect::<PyResult<Vec<_>>>()?;
    let parts = (
        records::id(py, &upserted.id)?,
        decode::parse(py, &change, Decimals::Float)?,
        PyTuple::new(py, &upserted.fields)?,
        PyTuple::new(py, duplicates)?,
    );
    CLASS.import(py, "egito", "Upserted")?.call1(parts)
}
