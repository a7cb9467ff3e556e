//! Lists of the blocking client that were not asked for yet, and what is asked of them at once.

use crate::arrow::{ArrowTable, Reading};
use crate::errors::{OrRaise, contained};
use crate::json::unreadable;
use crate::pages::{Pages, Records};
use crate::records::{self, Shape};
use crate::wait::wait;
use egito::{Decimals, Page, blocking};
use pyo3::prelude::*;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct RecordList {
    list: blocking::RecordList,
    /// The same list, with the server's own digits.
    columns: blocking::RecordList,
    shape: Shape,
}

impl RecordList {
    /// Checks the options of a list. `as_written` makes the same list with the option `AS_WRITTEN`.
    pub(crate) fn new(
        py: Python<'_>,
        list: blocking::RecordList,
        as_written: impl FnOnce() -> egito::Result<blocking::RecordList>,
        shape: Shape,
    ) -> PyResult<Self> {
        list.check().or_raise(py)?;
        let columns = match shape.decimals {
            Decimals::String => as_written().or_raise(py)?,
            _ => list.clone(),
        };
        Ok(Self { list, columns, shape })
    }

    /// The page of the first record.
    fn first_page(&self, py: Python<'_>) -> PyResult<Option<Page>> {
        let mut pages = self.list.clone().limit(1).pages().or_raise(py)?;
        wait(py, || pages.next().transpose())
    }
}

#[pymethods]
impl RecordList {
    fn pages(&self, py: Python<'_>) -> PyResult<Pages> {
        contained(py, || {
            let pages = self.list.clone().pages().or_raise(py)?;
            Ok(Pages::new(pages, self.shape.clone()))
        })
    }

    fn records(&self, py: Python<'_>) -> PyResult<Records> {
        self.pages(py).map(Records::new)
    }

    fn first<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        contained(py, || self.first_page(py)?.map(|page| records::parse_first(py, &page, &self.shape)).transpose())
    }

    fn total(&self, py: Python<'_>) -> PyResult<Option<u64>> {
        contained(py, || Ok(total(self.first_page(py)?.as_ref())))
    }

    fn to_arrow(&self, py: Python<'_>) -> PyResult<ArrowTable> {
        contained(py, || {
            let pages = self.columns.clone().pages().or_raise(py)?;
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

/// How many records a list has: what the server says on its first page, and none where that holds none.
pub(crate) fn total(first: Option<&Page>) -> Option<u64> {
    first.map_or(Some(0), Page::total)
}
