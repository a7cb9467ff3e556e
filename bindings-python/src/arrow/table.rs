//! A table as Python sees it, and how it comes to be while pages are read.

use super::append::Appender;
use super::column::Fields;
use super::export::to_batch;
use crate::errors::contained;
use crate::json::unreadable;
use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_schema::ArrowError;
use egito::Decimals;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// With `decimals="string"` a page has decimals as JSON texts, which its other texts could be taken for: columns are read with this.
pub(crate) const AS_WRITTEN: &[u8] = br#"{"decimals": "decimal"}"#;

/// The columns so far.
pub(crate) struct Reading {
    fields: Fields,
    /// Only the fields that were asked for.
    closed: bool,
    exact: bool,
    rows: usize,
}

impl Reading {
    pub(crate) fn new(fields: Option<&[String]>, decimals: Decimals) -> Self {
        let closed = fields.is_some();
        Self { fields: Fields::of(fields.unwrap_or_default()), closed, exact: decimals != Decimals::Float, rows: 0 }
    }

    /// Appends the records of a page. Why it cannot, where an answer is JSON but more than this reader holds.
    pub(crate) fn add(&mut self, page: &egito::Page) -> Result<(), String> {
        let json = page.json();
        let rows = Appender::new(&json, self.exact).page(&mut self.fields, self.closed, self.rows);
        self.rows = rows.map_err(|error| error.description(&jiter::Jiter::new(&json)))?;
        Ok(())
    }

    pub(crate) fn finish(self, py: Python<'_>) -> PyResult<ArrowTable> {
        let batch = py.detach(|| to_batch(self.fields, self.rows));
        Ok(ArrowTable(batch.map_err(|error| unreadable(py, &error.to_string()))?))
    }
}

/// A table of Arrow columns, for every library that knows Arrow's capsules.
#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct ArrowTable(RecordBatch);

#[pymethods]
impl ArrowTable {
    /// Arrow's stream, for any number of readers.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        contained(py, || {
            drop(requested_schema); // a wish that need not be granted
            let batches = RecordBatchIterator::new([Ok(self.0.clone())], self.0.schema());
            PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), c"arrow_array_stream")
        })
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        contained(py, || {
            let schema = FFI_ArrowSchema::try_from(self.0.schema().as_ref()).map_err(|e| raise(&e))?;
            PyCapsule::new_with_value(py, schema, c"arrow_schema")
        })
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    #[getter]
    fn num_rows(&self) -> usize {
        self.0.num_rows()
    }

    #[getter]
    fn num_columns(&self) -> usize {
        self.0.num_columns()
    }

    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.0.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    #[getter]
    fn nbytes(&self) -> usize {
        self.0.get_array_memory_size()
    }

    /// Names and types, for `repr`.
    fn describe(&self) -> Vec<(String, String)> {
        self.0.schema().fields().iter().map(|field| (field.name().clone(), field.data_type().to_string())).collect()
    }
}

fn raise(error: &ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
