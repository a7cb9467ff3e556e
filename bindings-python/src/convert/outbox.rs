//! What an outbox returns → `egito.OutboxEntry`, `egito.OutboxCounts` and `egito.Delivery`.

use super::errors::{IntoPyResult, exception};
use super::{decode, records};
use egito::{Counts, Decimals, Delivery, Entry, Error};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyTuple};

/// Converts an entry.
pub(crate) fn entry<'py>(py: Python<'py>, entry: &Entry, decimals: Decimals) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let values = values(py, serde_json::to_vec(entry))?;
    let parse = |record: &egito::Record| decode::parse_exactly(py, record.json().as_bytes(), decimals);
    values.set_item("key", PyTuple::new(py, &entry.key)?)?;
    values.set_item("record_id", entry.record_id.as_ref().map(|id| records::id(py, id)).transpose()?)?;
    values.set_item("record", entry.record.as_ref().map(parse).transpose()?)?;
    values.set_item("error", error(py, entry.error.as_ref()))?;
    CLASS.import(py, "egito", "OutboxEntry")?.call((), Some(&values))
}

/// Converts entries to a list.
pub(crate) fn entries<'py>(py: Python<'py>, entries: &[Entry], decimals: Decimals) -> PyResult<Bound<'py, PyAny>> {
    let entries = entries.iter().map(|each| entry(py, each, decimals)).collect::<PyResult<Vec<_>>>()?;
    Ok(PyList::new(py, entries)?.into_any())
}

/// Converts the number of entries in each state.
pub(crate) fn counts<'py>(py: Python<'py>, counts: &Counts) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    CLASS.import(py, "egito", "OutboxCounts")?.call((), Some(&values(py, serde_json::to_vec(counts))?))
}

/// Converts the result of a delivery.
pub(crate) fn delivery<'py>(py: Python<'py>, delivery: &Delivery) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let values = values(py, serde_json::to_vec(delivery))?;
    values.set_item("paused_by", error(py, delivery.paused_by.as_ref()))?;
    CLASS.import(py, "egito", "Delivery")?.call((), Some(&values))
}

/// Converts the result of the last delivery of a started outbox.
pub(crate) fn last_delivery(
    py: Python<'_>,
    last: Option<egito::Result<Delivery>>,
) -> PyResult<Option<Bound<'_, PyAny>>> {
    last.map(|last| delivery(py, &last.into_py_result(py)?)).transpose()
}

/// Returns the fields of a value, written as JSON, by their names.
fn values(py: Python<'_>, json: serde_json::Result<Vec<u8>>) -> PyResult<Bound<'_, PyDict>> {
    let json = json.map_err(|e| Error::config("outbox", e.to_string())).into_py_result(py)?;
    Ok(decode::parse(py, &json, Decimals::Float)?.cast_into::<PyDict>()?)
}

fn error<'py>(py: Python<'py>, error: Option<&Error>) -> Option<Bound<'py, PyAny>> {
    error.map(|error| exception(py, error).into_value(py).into_bound(py).into_any())
}
