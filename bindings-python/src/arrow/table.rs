//! A table as Python sees it, and how it comes to be while pages are read.

use super::append::Appender;
use super::column::Fields;
use super::export::to_batch;
use super::plan::Plan;
use crate::errors::contained;
use crate::json::unreadable;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, RecordBatch, RecordBatchIterator, StructArray};
use arrow_schema::{ArrowError, Schema};
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

    /// Arrow's array, whose columns are the children of a struct.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        contained(py, || {
            drop(requested_schema); // a wish that need not be granted
            let array = FFI_ArrowArray::new(&StructArray::from(self.0.clone()).to_data());
            Ok((schema_capsule(py, &self.0.schema())?, PyCapsule::new_with_value(py, array, c"arrow_array")?))
        })
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        contained(py, || schema_capsule(py, &self.0.schema()))
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

impl ArrowTable {
    pub(crate) fn new(batch: RecordBatch) -> Self {
        Self(batch)
    }

    /// Its columns as those of a stream; or the type that none can have.
    pub(super) fn plans(&self) -> Result<Vec<Plan>, String> {
        self.0.schema().fields().iter().map(Plan::chosen).collect()
    }
}

pub(super) fn schema_capsule<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(|e| raise(&e))?;
    PyCapsule::new_with_value(py, schema, c"arrow_schema")
}

fn raise(error: &ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
