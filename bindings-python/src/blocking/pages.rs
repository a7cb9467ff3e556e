//! Iterators of pages and records. After a failure they raise it again: they never end as if the list were complete.

use super::wait::{detached, unless_interrupted};
use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::convert::records::{self, DecodeOptions};
use crate::events::context::EventContext;
use crate::events::logging::refresh_level;
use egito::{Code, Error, Page, blocking};
use pyo3::prelude::*;
use pyo3::types::PyList;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Pages {
    /// Taken out during a wait for a page: a thread that waited for a held lock would hold the interpreter.
    reader: Mutex<Option<PageReader>>,
    options: DecodeOptions,
    /// Kept for the events of the pages.
    _event_context: EventContext,
}

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Records {
    pages: Pages,
    /// Records of the last page. Native, because a signal handler can raise between any two steps of Python code.
    buffer: Mutex<VecDeque<Py<PyAny>>>,
}

/// Reads the pages of a list, and remembers how it ended.
pub(super) struct PageReader {
    pages: blocking::Pages,
    /// The last page, until Python has it: an interruption loses no page.
    page: Option<Page>,
    /// The error that ended the list. It is returned for every further read.
    failure: Option<Error>,
    has_ended: bool,
}

impl Pages {
    pub(crate) fn new((pages, event_context): (blocking::Pages, EventContext), options: DecodeOptions) -> Self {
        Self { reader: Mutex::new(Some(PageReader::new(pages))), options, _event_context: event_context }
    }

    /// Raises if the client is closed. If another thread is reading a page, that read raises.
    fn check_running(&self, py: Python<'_>) -> PyResult<()> {
        let reader = lock(&self.reader);
        reader.as_ref().map_or(Ok(()), |reader| egito::binding::check_running(&reader.pages)).into_py_result(py)
    }

    /// Raises if the pages were read to their end: they would look like an empty list.
    fn refuse_second_reading(&self, py: Python<'_>) -> PyResult<()> {
        let has_ended = lock(&self.reader).as_ref().is_some_and(|reader| reader.has_ended);
        if has_ended { Err(read_to_the_end()).into_py_result(py) } else { Ok(()) }
    }

    fn read<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        refresh_level(py)?;
        let taken = lock(&self.reader).take();
        let mut reader = taken.ok_or_else(in_use).into_py_result(py)?;
        let next = detached(py, || reader.next());
        let page = next.and_then(|next| unless_interrupted(py, next));
        let page = page.and_then(|page| page.map(|page| records::parse_page(py, &page, &self.options)).transpose());
        if page.is_ok() {
            reader.forget_page();
        }
        *lock(&self.reader) = Some(reader);
        page
    }
}

#[pymethods]
impl Pages {
    fn __iter__<'py>(slf: PyRef<'py, Self>, py: Python<'py>) -> PyResult<PyRef<'py, Self>> {
        slf.refuse_second_reading(py)?;
        Ok(slf)
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        catch_panics(py, || self.read(py))
    }
}

impl Records {
    pub(crate) fn new(pages: Pages) -> Self {
        Self { pages, buffer: Mutex::default() }
    }
}

#[pymethods]
impl Records {
    fn __iter__<'py>(slf: PyRef<'py, Self>, py: Python<'py>) -> PyResult<PyRef<'py, Self>> {
        slf.pages.refuse_second_reading(py)?;
        Ok(slf)
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        catch_panics(py, || {
            loop {
                let record = lock(&self.buffer).pop_front();
                if record.is_some() {
                    self.pages.check_running(py)?;
                    return Ok(record);
                }
                let Some(page) = self.pages.read(py)? else { return Ok(None) };
                lock(&self.buffer).extend(page.cast::<PyList>()?.iter().map(Bound::unbind));
            }
        })
    }
}

impl PageReader {
    pub(super) fn new(pages: blocking::Pages) -> Self {
        Self { pages, page: None, failure: None, has_ended: false }
    }

    /// Returns the last page again if Python does not have it yet, or the next one.
    pub(super) fn next(&mut self) -> egito::Result<Option<Page>> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        if self.page.is_none() {
            let next = self.pages.next().transpose();
            // After an interruption the list can be read on.
            self.failure = next.as_ref().err().filter(|error| error.code() != Code::Cancelled).cloned();
            self.page = next?;
            self.has_ended = self.page.is_none();
        }
        Ok(self.page.clone())
    }

    /// Must be called once Python has the page.
    pub(super) fn forget_page(&mut self) {
        self.page = None;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_to_the_end() -> Error {
    let message = "this iterator was read to its end; iterate over the list itself, which reads it again";
    Error::config("iterator", message)
}

fn in_use() -> Error {
    Error::config("pages", "another thread is reading these pages; use one iterator for each thread")
}
