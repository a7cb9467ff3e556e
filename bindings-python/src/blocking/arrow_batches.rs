//! The native class behind `egito.ArrowBatches`: an iterator of batches, and an Arrow stream.

use super::pages::PageReader;
use super::wait::{detached, unless_interrupted};
use crate::arrow::{ArrowTable, Batches, PageError, schema_capsule, text_columns};
use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::events::context::EventContext;
use crate::events::logging::refresh_level;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::{ArrowError, SchemaRef};
use egito::{Error, blocking};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct ArrowBatches {
    /// Taken out during a wait for a page. Not put back once the other batches are read as a stream.
    source: Mutex<Option<Source>>,
}

struct Source {
    reader: PageReader,
    batches: Batches,
    /// Kept for the events of the pages.
    _event_context: EventContext,
}

/// The batches that were not read, as an Arrow stream.
struct Stream {
    source: Source,
    schema: SchemaRef,
}

impl ArrowBatches {
    pub(crate) fn new((pages, event_context): (blocking::Pages, EventContext), batches: Batches) -> Self {
        let source = Source { reader: PageReader::new(pages), batches, _event_context: event_context };
        Self { source: Mutex::new(Some(source)) }
    }

    fn with_source<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Source) -> egito::Result<Result<T, PageError>> + Send,
    ) -> PyResult<T> {
        let mut source = self.take(py)?;
        let result = run(py, &mut source, work);
        *self.lock() = Some(source);
        result
    }

    fn take(&self, py: Python<'_>) -> PyResult<Source> {
        self.lock().take().ok_or_else(in_use).into_py_result(py)
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
        catch_panics(py, || {
            let batch = self.with_source(py, Source::next)?;
            Ok(batch.map(|batch| ArrowTable::new(batch.schema(), vec![batch])))
        })
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        catch_panics(py, || schema_capsule(py, self.with_source(py, Source::schema)?.as_ref()))
    }

    /// Returns the columns of strings whose values are not all strings, as JSON. Reads the first page if it was not read yet.
    fn text_columns(&self, py: Python<'_>) -> PyResult<String> {
        catch_panics(py, || {
            let schema = self.with_source(py, Source::schema)?;
            Ok(text_columns(&schema).to_owned())
        })
    }

    /// Returns the batches that were not read yet, for one reader.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        catch_panics(py, || {
            drop(requested_schema); // producers may ignore it
            let schema = self.with_source(py, Source::schema)?;
            let stream = Stream { source: self.take(py)?, schema };
            PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(stream)), c"arrow_array_stream")
        })
    }
}

impl Source {
    fn next(&mut self) -> egito::Result<Result<Option<RecordBatch>, PageError>> {
        let Some(page) = self.reader.next()? else { return Ok(Ok(None)) };
        let batch = self.batches.batch(&page);
        if batch.is_ok() {
            self.reader.forget_page();
        }
        Ok(batch.map(Some))
    }

    fn schema(&mut self) -> egito::Result<Result<SchemaRef, PageError>> {
        match self.batches.schema() {
            Some(schema) => Ok(Ok(schema)),
            None => Ok(self.batches.infer_schema(self.reader.next()?.as_ref())),
        }
    }
}

impl Iterator for Stream {
    type Item = Result<RecordBatch, ArrowError>;

    /// Releases the interpreter if the library holds it: threads that log or call `on_event` need it during the wait.
    fn next(&mut self) -> Option<Self::Item> {
        let next = Python::try_attach(|py| {
            run(py, &mut self.source, Source::next)
                .map_err(|raised| ArrowError::ExternalError(raised.to_string().into()))
        });
        next.unwrap_or_else(|| Err(ArrowError::ExternalError("the Python interpreter is shutting down".into())))
            .transpose()
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
    work: impl FnOnce(&mut Source) -> egito::Result<Result<T, PageError>> + Send,
) -> PyResult<T> {
    refresh_level(py)?;
    let done = detached(py, || work(source))?;
    unless_interrupted(py, done)?.map_err(|error| error.exception(py))
}

fn in_use() -> Error {
    let message = "these batches are being read by another thread, or were exported as a stream; \
                   call `to_arrow_batches()` again for new ones";
    Error::config("batches", message)
}
