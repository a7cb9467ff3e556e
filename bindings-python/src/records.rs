//! Pages and ids of the core as Python objects.

use crate::{fields, json, response};
use egito::{Decimals, Page, Record, RecordId};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::Arc;

/// What objects a list makes of its records.
#[derive(Clone)]
pub(crate) struct Shape {
    pub decimals: Decimals,
    /// Only these fields; None means all.
    pub fields: Option<Arc<[String]>>,
}

/// The records of a page, with its response where its list asks for it. Making thousands of dicts would set off the cyclic collector again and again, for nothing.
pub(crate) fn parse_page<'py>(py: Python<'py>, page: &Page, shape: &Shape) -> PyResult<Bound<'py, PyAny>> {
    let _paused = CollectorPaused::new(py)?;
    let records = match &shape.fields {
        None => json::parse(py, &page.json(), shape.decimals),
        Some(fields) => fields::parse_page(py, &page.json(), fields, shape.decimals),
    }?;
    match page.response() {
        None => Ok(records),
        Some(response) => response::with_value(py, response, records),
    }
}

/// One record of a list.
pub(crate) fn parse_record<'py>(py: Python<'py>, record: &Record, shape: &Shape) -> PyResult<Bound<'py, PyAny>> {
    match &shape.fields {
        None => json::parse(py, record.json().as_bytes(), shape.decimals),
        Some(fields) => {
            let page = format!("[{}]", record.json());
            fields::parse_page(py, page.as_bytes(), fields, shape.decimals)?.get_item(0)
        }
    }
}

/// An id: the int or the text that it is.
pub(crate) fn id<'py>(py: Python<'py>, id: &RecordId) -> PyResult<Bound<'py, PyAny>> {
    match id.as_i64() {
        Some(int) => Ok(int.into_pyobject(py)?.into_any()),
        None => json::parse(py, id.to_json().as_bytes(), Decimals::Float),
    }
}

/// While it lives, the cyclic collector does not start by itself.
struct CollectorPaused<'py>(Option<Bound<'py, PyAny>>);

impl<'py> CollectorPaused<'py> {
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

impl Drop for CollectorPaused<'_> {
    fn drop(&mut self) {
        if let Some(enable) = &self.0 {
            drop(enable.call0()); // it takes nothing and cannot fail
        }
    }
}
