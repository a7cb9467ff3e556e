//! Lists of the blocking client that were not asked for yet, and what is asked of them at once.

use crate::arrow::{ArrowBatches, ArrowTable, Batches, FrameOptions, Reading, Wishes};
use crate::errors::{OrRaise, contained};
use crate::event_context::EventContext;
use crate::json::unreadable;
use crate::pages::{Pages, Records};
use crate::records::{self, Shape};
use crate::wait::wait;
use egito::binding::tagged_blocking_list;
use egito::{Decimals, blocking};
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
}

/// Returns the pages of a list, and the context of their events.
fn pages_of(py: Python<'_>, list: &blocking::RecordList) -> PyResult<(blocking::Pages, EventContext)> {
    let context = EventContext::current(py)?;
    let pages = tagged_blocking_list(list, context.tag()).pages().or_raise(py)?;
    Ok((pages, context))
}

#[pymethods]
impl RecordList {
    fn pages(&self, py: Python<'_>) -> PyResult<Pages> {
        contained(py, || {
            let pages = pages_of(py, &self.list)?;
            Ok(Pages::new(pages, self.shape.clone()))
        })
    }

    fn records(&self, py: Python<'_>) -> PyResult<Records> {
        self.pages(py).map(Records::new)
    }

    /// Returns the same list, whose pages come with their responses.
    fn with_response(&self) -> Self {
        Self { list: self.list.clone().with_response(), columns: self.columns.clone(), shape: self.shape.clone() }
    }

    fn first<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        contained(py, || {
            let first = wait(py, || self.list.clone().first())?;
            first.map(|record| records::parse_record(py, &record, &self.shape)).transpose()
        })
    }

    fn exists(&self, py: Python<'_>) -> PyResult<bool> {
        contained(py, || wait(py, || self.list.clone().exists()))
    }

    fn total(&self, py: Python<'_>) -> PyResult<Option<u64>> {
        contained(py, || wait(py, || self.list.clone().total()))
    }

    fn count(&self, py: Python<'_>) -> PyResult<u64> {
        contained(py, || wait(py, || self.list.clone().count()))
    }

    fn to_arrow(&self, py: Python<'_>, flatten: bool, dates: bool) -> PyResult<ArrowTable> {
        contained(py, || {
            let (pages, _context) = pages_of(py, &self.columns)?;
            let mut reading =
                Reading::new(self.shape.fields.as_deref(), self.shape.decimals, FrameOptions { flatten, dates });
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

    fn arrow_batches(
        &self,
        py: Python<'_>,
        schema: Option<&Bound<'_, PyAny>>,
        overrides: Vec<(String, String)>,
        strict: bool,
        flatten: bool,
        dates: bool,
    ) -> PyResult<ArrowBatches> {
        contained(py, || {
            let wishes = Wishes::new(py, schema, overrides, strict)?;
            let pages = pages_of(py, &self.columns)?;
            Ok(ArrowBatches::new(pages, Batches::new(wishes, &self.shape, FrameOptions { flatten, dates })))
        })
    }
}

/// Refuses keywords of a list that are options of other libraries and would pass for filters.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)] // as pyo3 hands it over
pub(crate) fn check_filter_keywords(py: Python<'_>, names: Vec<String>) -> PyResult<()> {
    contained(py, || egito::binding::check_filter_keywords(names.iter().map(String::as_str)).or_raise(py))
}
