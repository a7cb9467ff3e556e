//! A table as Python sees it.

use super::notes;
use super::plan::Plan;
use crate::errors::contained;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, RecordBatch, RecordBatchIterator, StructArray};
use arrow_schema::{ArrowError, Schema, SchemaRef};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// A table of Arrow columns, for every library that knows Arrow's capsules.
#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct ArrowTable {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

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
            let batches = RecordBatchIterator::new(self.batches.clone().into_iter().map(Ok), self.schema.clone());
            PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), c"arrow_array_stream")
        })
    }

    /// Arrow's array, whose columns are the children of a struct: for a table of one batch.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
        contained(py, || {
            drop(requested_schema); // a wish that need not be granted
            let [batch] = &self.batches[..] else {
                return Err(PyValueError::new_err("an array is one batch; use `__arrow_c_stream__`"));
            };
            let array = FFI_ArrowArray::new(&StructArray::from(batch.clone()).to_data());
            Ok((schema_capsule(py, &self.schema)?, PyCapsule::new_with_value(py, array, c"arrow_array")?))
        })
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        contained(py, || schema_capsule(py, &self.schema))
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

    /// Names and types, for `repr`.
    fn describe(&self) -> Vec<(String, String)> {
        self.schema.fields().iter().map(|field| (field.name().clone(), field.data_type().to_string())).collect()
    }

    /// The columns that are text although some of their values are not, as JSON.
    fn text_columns(&self) -> String {
        notes::in_metadata(self.schema.metadata()).to_owned()
    }
}

impl ArrowTable {
    /// A table of batches that all have this schema.
    pub(crate) fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { schema, batches }
    }

    /// Its columns as those of a stream; or the type that none can have.
    pub(super) fn plans(&self) -> Result<Vec<Plan>, String> {
        self.schema.fields().iter().map(Plan::chosen).collect()
    }
}

pub(super) fn schema_capsule<'py>(py: Python<'py>, schema: &Schema) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(schema).map_err(|e| raise(&e))?;
    PyCapsule::new_with_value(py, schema, c"arrow_schema")
}

fn raise(error: &ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
