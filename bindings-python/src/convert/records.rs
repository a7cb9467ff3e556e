//! Pages, records and ids of the core → Python objects.

use super::{decode, decode_fields, orjson, response};
use egito::{Decimals, Error, Page, Record, RecordId};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyTuple};
use std::sync::Arc;

/// Options of a list for the conversion of its records.
#[derive(Clone)]
pub(crate) struct DecodeOptions {
    pub decimals: Decimals,
    /// Only these fields; `None` means all.
    pub fields: Option<Arc<[String]>>,
}

/// Converts the records of a page, with its response if the list is one of `with_response`. Pauses the garbage collector: thousands of
/// new dicts would start it many times.
pub(crate) fn parse_page<'py>(py: Python<'py>, page: &Page, options: &DecodeOptions) -> PyResult<Bound<'py, PyAny>> {
    let _pause = GcPause::new(py)?;
    let records = match &options.fields {
        None => parse_all_fields(py, page, options.decimals),
        Some(fields) => decode_fields::parse_page(py, &page.json(), fields, options.decimals),
    }?;
    match page.response() {
        None => Ok(records),
        Some(response) => response::with_value(py, response, records),
    }
}

fn parse_all_fields<'py>(py: Python<'py>, page: &Page, decimals: Decimals) -> PyResult<Bound<'py, PyAny>> {
    match orjson::parse_page(py, page, decimals)? {
        Some(records) => Ok(records),
        None => decode::parse(py, &page.json(), decimals),
    }
}

/// Converts one record of a list.
pub(crate) fn parse_record<'py>(
    py: Python<'py>,
    record: &Record,
    options: &DecodeOptions,
) -> PyResult<Bound<'py, PyAny>> {
    match &options.fields {
        None => decode::parse(py, record.json().as_bytes(), options.decimals),
        Some(fields) => {
            let page = format!("[{}]", record.json());
            decode_fields::parse_page(py, page.as_bytes(), fields, options.decimals)?.get_item(0)
        }
    }
}

/// Converts an id to an int or a string.
pub(crate) fn id<'py>(py: Python<'py>, id: &RecordId) -> PyResult<Bound<'py, PyAny>> {
    match id.as_i64() {
        Some(int) => Ok(int.into_pyobject(py)?.into_any()),
        None => decode::parse(py, id.to_json().as_bytes(), Decimals::Float),
    }
}

/// Converts ids to a tuple.
pub(crate) fn ids<'py>(py: Python<'py>, ids: &[RecordId]) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, ids.iter().map(|each| id(py, each)).collect::<PyResult<Vec<_>>>()?)
}

/// Converts ids to a list.
pub(crate) fn id_list<'py>(py: Python<'py>, ids: &[RecordId]) -> PyResult<Bound<'py, PyAny>> {
    let ids = ids.iter().map(|each| id(py, each)).collect::<PyResult<Vec<_>>>()?;
    Ok(PyList::new(py, ids)?.into_any())
}

/// Returns the mark of a list of changes that was read to its end.
pub(crate) fn mark(mark: Option<String>) -> egito::Result<String> {
    mark.ok_or_else(|| Error::config("mark", "this list of changes was not read to its end, so it has no mark yet"))
}

/// Disables the garbage collector until it is dropped.
struct GcPause<'py>(Option<Bound<'py, PyAny>>);

impl<'py> GcPause<'py> {
    fn new(py: Python<'py>) -> PyResult<Self> {
        static IS_ENABLED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        static DISABLE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        static ENABLE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        if !IS_ENABLED.import(py, "gc", "isenabled")?.call0()?.is_truthy()? {
            return Ok(Self(None));
        }
        DISABLE.import(py, "gc", "disable")?.call0()?;
        Ok(Self(Some(ENABLE.import(py, "gc", "enable")?.clone())))
    }
}

impl Drop for GcPause<'_> {
    fn drop(&mut self) {
        if let Some(enable) = &self.0 {
            drop(enable.call0()); // cannot fail
        }
    }
}
