//! The pages of a list of the blocking client one by one, and its records. Neither ends as if it were complete after a failure.

use crate::errors::{OrRaise, contained};
use crate::event_context::EventContext;
use crate::logging::look_at_level;
use crate::records::{self, Shape};
use crate::wait::{detached, outcome};
use egito::{Code, Error, Page, blocking};
use pyo3::prelude::*;
use pyo3::types::PyList;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Pages {
    /// Taken out while a page is waited for: a lock that is held meanwhile could be waited for with the interpreter held.
    reading: Mutex<Option<Reading>>,
    shape: Shape,
    /// Kept for the events of its pages.
    _event_context: EventContext,
}

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Records {
    pages: Pages,
    /// Those of the page that was read last. Native, because a signal can end Python code between any two steps.
    ready: Mutex<VecDeque<Py<PyAny>>>,
}

/// How far a list was read.
pub(crate) struct Reading {
    pages: blocking::Pages,
    /// Kept until Python has it: an interruption loses no page.
    page: Option<Page>,
    /// What ended the list too early, for everyone who asks again.
    failure: Option<Error>,
    has_ended: bool,
}

impl Pages {
    pub(crate) fn new((pages, event_context): (blocking::Pages, EventContext), shape: Shape) -> Self {
        Self { reading: Mutex::new(Some(Reading::new(pages))), shape, _event_context: event_context }
    }

    /// Raises once the client is closed. While another thread reads a page, that read will see it.
    fn check_running(&self, py: Python<'_>) -> PyResult<()> {
        let reading = lock(&self.reading);
        reading.as_ref().map_or(Ok(()), |reading| egito::binding::check_running(&reading.pages)).or_raise(py)
    }

    /// Raises for pages that were read to their end: they would look like an empty list.
    fn refuse_second_reading(&self, py: Python<'_>) -> PyResult<()> {
        let has_ended = lock(&self.reading).as_ref().is_some_and(|reading| reading.has_ended);
        if has_ended { Err(read_to_the_end()).or_raise(py) } else { Ok(()) }
    }

    fn read<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        look_at_level(py)?;
        let taken = lock(&self.reading).take();
        let mut reading = taken.ok_or_else(read_twice).or_raise(py)?;
        let next = detached(py, || reading.next());
        let page = next.and_then(|next| outcome(py, next));
        let page = page.and_then(|page| page.map(|page| records::parse_page(py, &page, &self.shape)).transpose());
        if page.is_ok() {
            reading.forget_page();
        }
        *lock(&self.reading) = Some(reading);
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
        contained(py, || self.read(py))
    }
}

impl Records {
    pub(crate) fn new(pages: Pages) -> Self {
        Self { pages, ready: Mutex::default() }
    }
}

#[pymethods]
impl Records {
    fn __iter__<'py>(slf: PyRef<'py, Self>, py: Python<'py>) -> PyResult<PyRef<'py, Self>> {
        slf.pages.refuse_second_reading(py)?;
        Ok(slf)
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        contained(py, || {
            loop {
                let record = lock(&self.ready).pop_front();
                if record.is_some() {
                    self.pages.check_running(py)?;
                }
                if record.is_some() {
                    return Ok(record);
                }
                let Some(page) = self.pages.read(py)? else { return Ok(None) };
                lock(&self.ready).extend(page.cast::<PyList>()?.iter().map(Bound::unbind));
            }
        })
    }
}

impl Reading {
    pub(crate) fn new(pages: blocking::Pages) -> Self {
        Self { pages, page: None, failure: None, has_ended: false }
    }

    /// The page that Python does not have yet, else the next one.
    pub(crate) fn next(&mut self) -> egito::Result<Option<Page>> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        if self.page.is_none() {
            let next = self.pages.next().transpose();
            // Who was interrupted may read on.
            self.failure = next.as_ref().err().filter(|error| error.code() != Code::Cancelled).cloned();
            self.page = next?;
            self.has_ended = self.page.is_none();
        }
        Ok(self.page.clone())
    }

    /// Python has the page.
    pub(crate) fn forget_page(&mut self) {
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

fn read_twice() -> Error {
    Error::config("pages", "another thread is reading these pages; give each thread a list of its own")
}
