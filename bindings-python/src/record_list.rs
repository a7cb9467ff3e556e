//! Lists of the blocking client: a list that was not asked for yet, and its pages one by one.

use crate::errors::{OrRaise, contained};
use crate::records;
use crate::wait::{outcome, wait};
use egito::{Decimals, Error, blocking};
use pyo3::prelude::*;
use std::sync::{Mutex, PoisonError};

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct RecordList {
    list: blocking::RecordList,
    decimals: Decimals,
}

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Pages {
    /// Taken out while a page is waited for: a lock that is held meanwhile could be waited for with the interpreter held.
    pages: Mutex<Option<blocking::Pages>>,
    decimals: Decimals,
}

impl RecordList {
    /// A list whose options are known to be right.
    pub(crate) fn new(py: Python<'_>, list: blocking::RecordList, decimals: Decimals) -> PyResult<Self> {
        list.clone().pages().or_raise(py)?;
        Ok(Self { list, decimals })
    }
}

#[pymethods]
impl RecordList {
    fn pages(&self, py: Python<'_>) -> PyResult<Pages> {
        contained(py, || {
            let pages = self.list.clone().pages().or_raise(py)?;
            Ok(Pages { pages: Mutex::new(Some(pages)), decimals: self.decimals })
        })
    }

    fn first<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        contained(py, || {
            let mut records = self.list.clone().page_size(1).records().or_raise(py)?;
            let first = wait(py, || records.next().transpose())?;
            first.map(|record| records::parse(py, record.json().as_bytes(), self.decimals)).transpose()
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
            let taken = self.lock().take();
            let mut pages = taken.ok_or_else(read_twice).or_raise(py)?;
            let (pages, next) = py.detach(move || {
                let next = pages.next();
                (pages, next)
            });
            *self.lock() = Some(pages);
            outcome(py, next.transpose())?.map(|page| records::parse_page(py, &page.json(), self.decimals)).transpose()
        })
    }
}

impl Pages {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<blocking::Pages>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read_twice() -> Error {
    Error::config("pages", "another thread is reading these pages; give each thread a list of its own")
}
