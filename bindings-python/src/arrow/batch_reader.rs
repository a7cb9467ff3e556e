//! The batches of a list of the blocking client, for Python's loops and as Arrow's stream.

use super::batches::Batches;
use super::notes;
use super::table::{ArrowTable, schema_capsule};
use crate::errors::{OrRaise, contained};
use crate::event_context::EventContext;
use crate::json::unfitting;
use crate::logging::look_at_level;
use crate::pages::Reading;
use crate::wait::{detached, outcome};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use egito::{Error, blocking};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct ArrowBatches {
    /// Taken out while a page is waited for, and for good once the rest is read as a stream.
    source: Mutex<Option<Source>>,
}

struct Source {
    reading: Reading,
    batches: Batches,
    /// Kept for the events of the pages.
    _event_context: EventContext,
}

/// The rest of the batches, for a library that reads Arrow's stream.
struct Stream {
    source: Source,
    schema: SchemaRef,
}

impl ArrowBatches {
    pub(crate) fn new((pages, event_context): (blocking::Pages, EventContext), batches: Batches) -> Self {
        let source = Source { reading: Reading::new(pages), batches, _event_context: event_context };
        Self { source: Mutex::new(Some(source)) }
    }

    fn with_source<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Source) -> egito::Result<Result<T, String>> + Send,
    ) -> PyResult<T> {
        let mut source = self.take(py)?;
        let result = run(py, &mut source, work);
        *self.lock() = Some(source);
        result
    }

    fn take(&self, py: Python<'_>) -> PyResult<Source> {
        self.lock().take().ok_or_else(in_use).or_raise(py)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Source>> {
        self.source.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl ArrowBatches {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<ArrowTable>> {
        contained(py, || {
            let batch = self.with_source(py, Source::next)?;
            Ok(batch.map(|batch| ArrowTable::new(batch.schema(), vec![batch])))
        })
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        contained(py, || schema_capsule(py, self.with_source(py, Source::schema)?.as_ref()))
    }

    /// The columns that are text although some of their values are not, as JSON. Reads the first page where it was not.
    fn text_columns(&self, py: Python<'_>) -> PyResult<String> {
        contained(py, || {
            let schema = self.with_source(py, Source::schema)?;
            Ok(notes::in_metadata(schema.metadata()).to_owned())
        })
    }

    /// What was not read yet, for one reader.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        contained(py, || {
            drop(requested_schema); // a wish that need not be granted
            let schema = self.with_source(py, Source::schema)?;
            let stream = Stream { source: self.take(py)?, schema };
            PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(stream)), c"arrow_array_stream")
        })
    }
}

impl Source {
    fn next(&mut self) -> egito::Result<Result<Option<RecordBatch>, String>> {
        let Some(page) = self.reading.next()? else { return Ok(Ok(None)) };
        let batch = self.batches.batch(&page);
        if batch.is_ok() {
            self.reading.forget_page();
        }
        Ok(batch.map(Some))
    }

    fn schema(&mut self) -> egito::Result<Result<SchemaRef, String>> {
        match self.batches.schema() {
            Some(schema) => Ok(Ok(schema)),
            None => Ok(self.batches.learn(self.reading.next()?.as_ref())),
        }
    }
}

impl Iterator for Stream {
    type Item = Result<RecordBatch, ArrowError>;

    /// Without the interpreter, should the library hold it: threads that log or call `on_event` need it meanwhile.
    fn next(&mut self) -> Option<Self::Item> {
        let next = Python::try_attach(|py| {
            run(py, &mut self.source, Source::next)
                .map_err(|raised| ArrowError::ExternalError(raised.to_string().into()))
        });
        next.unwrap_or_else(|| Err(ArrowError::ExternalError("Python is ending".into()))).transpose()
    }
}

impl RecordBatchReader for Stream {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

fn run<T: Send>(
    py: Python<'_>,
    source: &mut Source,
    work: impl FnOnce(&mut Source) -> egito::Result<Result<T, String>> + Send,
) -> PyResult<T> {
    look_at_level(py)?;
    let done = detached(py, || work(source))?;
    outcome(py, done)?.map_err(|why| unfitting(py, &why))
}

fn in_use() -> Error {
    let message = "these batches are being read by another thread, or were handed over as a stream; \
                   call `to_arrow_batches()` again for others";
    Error::config("batches", message)
}
