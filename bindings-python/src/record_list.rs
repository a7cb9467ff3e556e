//! Lists of the blocking client: a list that was not asked for yet, and its pages one by one.

use crate::arrow::{ArrowTable, Reading};
use crate::errors::{OrRaise, contained, unreadable};
use crate::logging::look_at_level;
use crate::records::{self, Shape};
use crate::wait::{outcome, wait};
use egito::{Error, Page, blocking};
use pyo3::prelude::*;
use std::sync::{Mutex, PoisonError};

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct RecordList {
    list: blocking::RecordList,
    shape: Shape,
}

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Pages {
    /// Taken out while a page is waited for: a lock that is held meanwhile could be waited for with the interpreter held.
    pages: Mutex<Option<blocking::Pages>>,
    shape: Shape,
}

impl RecordList {
    /// A list whose options are known to be right.
    pub(crate) fn new(py: Python<'_>, list: blocking::RecordList, shape: Shape) -> PyResult<Self> {
        list.clone().pages().or_raise(py)?;
        Ok(Self { list, shape })
    }

    /// The page of the first record.
    fn first_page(&self, py: Python<'_>) -> PyResult<Option<Page>> {
        let mut pages = self.list.clone().first_only().pages().or_raise(py)?;
        wait(py, || pages.next().transpose())
    }
}

#[pymethods]
impl RecordList {
    fn pages(&self, py: Python<'_>) -> PyResult<Pages> {
        contained(py, || {
            let pages = self.list.clone().pages().or_raise(py)?;
            Ok(Pages { pages: Mutex::new(Some(pages)), shape: self.shape.clone() })
        })
    }

    fn first<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        contained(py, || self.first_page(py)?.map(|page| records::parse_first(py, &page, &self.shape)).transpose())
    }

    fn total(&self, py: Python<'_>) -> PyResult<Option<u64>> {
        contained(py, || Ok(total(self.first_page(py)?.as_ref())))
    }

    fn to_arrow(&self, py: Python<'_>) -> PyResult<ArrowTable> {
        contained(py, || {
            let pages = self.list.clone().pages().or_raise(py)?;
            let mut reading = Reading::new(self.shape.fields.as_deref(), self.shape.decimals);
            let added = wait(py, || {
                for page in pages {
                    if let Err(why) = reading.add(&page?) {
                        return Ok(Err(why));
                    }
                }
                Ok(Ok(()))
            });
            added?.map_err(|why| unreadable(py, &why))?;
            reading.finish(py)
        })
    }
}

#[pymethods]
impl Pages {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        contained(py, || {
            look_at_level(py)?;
            let taken = self.lock().take();
            let mut pages = taken.ok_or_else(read_twice).or_raise(py)?;
            let (pages, next) = py.detach(move || {
                let next = pages.next();
                (pages, next)
            });
            *self.lock() = Some(pages);
            outcome(py, next.transpose())?.map(|page| records::parse_page(py, &page, &self.shape)).transpose()
        })
    }
}

impl Pages {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<blocking::Pages>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many records a list has: what the server says on its first page, and none where that holds none.
pub(crate) fn total(first: Option<&Page>) -> Option<u64> {
    first.map_or(Some(0), Page::total)
}

fn read_twice() -> Error {
    Error::config("pages", "another thread is reading these pages; give each thread a list of its own")
}
