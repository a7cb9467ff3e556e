//! The native class behind `egito.ArrowTable` and `egito.ArrowBatch`.

use super::notes;
use super::plan::Plan;
use crate::convert::errors::catch_panics;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, RecordBatch, RecordBatchIterator, StructArray};
use arrow_schema::{ArrowError, Schema, SchemaRef};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// A table of Arrow columns, for libraries that read Arrow's `PyCapsule` interface.
#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct ArrowTable {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

#[pymethods]
impl ArrowTable {
    /// Returns an Arrow stream, for any number of readers.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        catch_panics(py, || {
            drop(requested_schema); // producers may ignore it
            let batches = RecordBatchIterator::new(self.batches.clone().into_iter().map(Ok), self.schema.clone());
            PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), c"arrow_array_stream")
        })
    }

    /// Returns an Arrow array, a struct of the columns. The table must have one batch.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        catch_panics(py, || {
            drop(requested_schema); // producers may ignore it
            let [batch] = &self.batches[..] else {
                return Err(PyValueError::new_err(
                    "a table of several batches cannot be one array; use `__arrow_c_stream__`",
                ));
            };
            let array = FFI_ArrowArray::new(&StructArray::from(batch.clone()).to_data());
            Ok((schema_capsule(py, &self.schema)?, PyCapsule::new_with_value(py, array, c"arrow_array")?))
        })
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        catch_panics(py, || schema_capsule(py, &self.schema))
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    #[getter]
    fn num_columns(&self) -> usize {
        self.schema.fields().len()
    }

    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    #[getter]
    fn nbytes(&self) -> usize {
        self.batches.iter().map(RecordBatch::get_array_memory_size).sum()
    }

    /// Returns names and types, for `repr`.
    fn describe(&self) -> Vec<(String, String)> {
        self.schema.fields().iter().map(|field| (field.name().clone(), field.data_type().to_string())).collect()
    }

    /// Returns the columns of strings whose values are not all strings, as JSON.
    fn text_columns(&self) -> String {
        notes::text_columns(&self.schema).to_owned()
    }
}

impl ArrowTable {
    /// Creates a table of batches with this schema.
    pub(crate) fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches }
    }

    /// Returns plans for its columns, or the name of a type that is not supported.
    pub(super) fn plans(&self) -> Result<Vec<Plan>, String> {
        self.schema.fields().iter().map(Plan::from_field).collect()
    }
}

pub(crate) fn schema_capsule<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(|e| raise(&e))?;
    PyCapsule::new_with_value(py, schema, c"arrow_schema")
}

fn raise(error: &ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
