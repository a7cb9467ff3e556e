//! The native class behind `egito.RecordList`.

use super::arrow_batches::ArrowBatches;
use super::pages::{Pages, Records};
use super::wait::wait;
use crate::arrow::{ArrowTable, Batches, FrameOptions, SchemaOptions, TableBuilder};
use crate::convert::decode::unreadable;
use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::convert::records::{self, DecodeOptions};
use crate::events::context::EventContext;
use egito::binding::{blocking_list_with_mark_of, tagged_blocking_list};
use egito::{Decimals, blocking};
use pyo3::prelude::*;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct RecordList {
    list: blocking::RecordList,
    /// The same list for Arrow: decimals have the digits that the server sent.
    arrow_list: blocking::RecordList,
    options: DecodeOptions,
}

impl RecordList {
    /// Checks the options of a list. `exact` creates the same list with `EXACT_DECIMALS`.
    pub(crate) fn new(
        py: Python<'_>,
        list: blocking::RecordList,
        exact: impl FnOnce() -> egito::Result<blocking::RecordList>,
        options: DecodeOptions,
    ) -> PyResult<Self> {
        list.check().into_py_result(py)?;
        let arrow_list = match options.decimals {
            Decimals::String => blocking_list_with_mark_of(exact().into_py_result(py)?, &list),
            _ => list.clone(),
        };
        Ok(Self { list, arrow_list, options })
    }
}

/// Returns the pages of a list, and the context of their events.
fn pages_of(py: Python<'_>, list: &blocking::RecordList) -> PyResult<(blocking::Pages, EventContext)> {
    let context = EventContext::current(py)?;
    let pages = tagged_blocking_list(list, context.tag()).pages().into_py_result(py)?;
    Ok((pages, context))
}

#[pymethods]
impl RecordList {
    fn pages(&self, py: Python<'_>) -> PyResult<Pages> {
        catch_panics(py, || {
            let pages = pages_of(py, &self.list)?;
            Ok(Pages::new(pages, self.options.clone()))
        })
    }

    fn records(&self, py: Python<'_>) -> PyResult<Records> {
        self.pages(py).map(Records::new)
    }

    /// Returns the same list, with a response for each page.
    fn with_response(&self) -> Self {
        Self {
            list: self.list.clone().with_response(),
            arrow_list: self.arrow_list.clone(),
            options: self.options.clone(),
        }
    }

    /// Returns the mark of a list of changes.
    fn mark(&self, py: Python<'_>) -> PyResult<String> {
        catch_panics(py, || records::mark(self.list.mark()).into_py_result(py))
    }

    fn first<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        catch_panics(py, || {
            let first = wait(py, || self.list.clone().first())?;
            first.map(|record| records::parse_record(py, &record, &self.options)).transpose()
        })
    }

    fn exists(&self, py: Python<'_>) -> PyResult<bool> {
        catch_panics(py, || wait(py, || self.list.clone().exists()))
    }

    fn total(&self, py: Python<'_>) -> PyResult<Option<u64>> {
        catch_panics(py, || wait(py, || self.list.clone().total()))
    }

    fn count(&self, py: Python<'_>) -> PyResult<u64> {
        catch_panics(py, || wait(py, || self.list.clone().count()))
    }

    fn to_arrow(&self, py: Python<'_>, flatten: bool, dates: bool) -> PyResult<ArrowTable> {
        catch_panics(py, || {
            let (pages, _context) = pages_of(py, &self.arrow_list)?;
            let mut table = TableBuilder::new(&self.options, FrameOptions { flatten, dates });
            let added = wait(py, || {
                for page in pages {
                    if let Err(why) = table.add(&page?) {
                        return Ok(Err(why));
                    }
                }
                Ok(Ok(()))
            });
            added?.map_err(|why| unreadable(py, &why))?;
            table.finish(py)
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
        catch_panics(py, || {
            let schema = SchemaOptions::new(py, schema, overrides, strict)?;
            let pages = pages_of(py, &self.arrow_list)?;
            Ok(ArrowBatches::new(pages, Batches::new(schema, &self.options, FrameOptions { flatten, dates })))
        })
    }
}

/// Refuses keywords of a list that are option names of other libraries: they would be sent as filters.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)] // pyo3 passes it by value
pub(crate) fn check_filter_keywords(py: Python<'_>, names: Vec<String>) -> PyResult<()> {
    catch_panics(py, || egito::binding::check_filter_keywords(names.iter().map(String::as_str)).into_py_result(py))
}
