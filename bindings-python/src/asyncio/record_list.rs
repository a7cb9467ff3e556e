//! The native class behind `egito.AsyncRecordList`.

use super::context::Context;
use super::pages::{AsyncPages, PageFormat};
use super::pending::Pending;
use crate::arrow::{Batches, FrameOptions, SchemaOptions, TableBuilder};
use crate::convert::decode::unreadable;
use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::convert::records::{self, DecodeOptions};
use crate::events::context::EventContext;
use crate::runtime::owner::Owned;
use egito::Decimals;
use egito::binding::{list_with_mark_of, tagged_list};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use std::sync::Arc;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncRecordList {
    context: Arc<Context>,
    list: Owned<egito::RecordList>,
    /// The same list for Arrow: decimals have the digits that the server sent.
    arrow_list: Owned<egito::RecordList>,
    options: DecodeOptions,
}

impl AsyncRecordList {
    /// Checks the options of a list. `exact` creates the same list with `EXACT_DECIMALS`.
    pub(crate) fn new(
        py: Python<'_>,
        context: &Arc<Context>,
        list: egito::RecordList,
        exact: impl FnOnce() -> egito::Result<egito::RecordList>,
        fields: Option<Vec<String>>,
    ) -> PyResult<Self> {
        list.check().into_py_result(py)?;
        let arrow_list = match context.decimals {
            Decimals::String => list_with_mark_of(exact().into_py_result(py)?, &list),
            _ => list.clone(),
        };
        let options = DecodeOptions { decimals: context.decimals, fields: fields.map(Into::into) };
        Ok(Self { context: context.clone(), list: Owned::new(list), arrow_list: Owned::new(arrow_list), options })
    }

    /// Returns the list to read, and the context of its events.
    fn list(&self, py: Python<'_>) -> PyResult<(egito::RecordList, EventContext)> {
        self.tagged(py, &self.list)
    }

    /// Returns the pages for Arrow, and the context of their events.
    fn arrow_pages(&self, py: Python<'_>) -> PyResult<(egito::Pages, EventContext)> {
        let (list, context) = self.tagged(py, &self.arrow_list)?;
        Ok((list.pages().into_py_result(py)?, context))
    }

    fn tagged(&self, py: Python<'_>, list: &egito::RecordList) -> PyResult<(egito::RecordList, EventContext)> {
        self.list.owner.check("list").into_py_result(py)?;
        let context = EventContext::current(py)?;
        Ok((tagged_list(list, context.tag()), context))
    }
}

#[pymethods]
impl AsyncRecordList {
    fn pages(&self, py: Python<'_>) -> PyResult<AsyncPages> {
        catch_panics(py, || {
            let (list, context) = self.list(py)?;
            let pages = (list.pages().into_py_result(py)?, context);
            Ok(AsyncPages::new(self.context.clone(), pages, PageFormat::Records(self.options.clone())))
        })
    }

    /// Returns the same list, with a response for each page.
    fn with_response(&self) -> Self {
        Self {
            context: self.context.clone(),
            list: self.list.with((*self.list).clone().with_response()),
            arrow_list: self.arrow_list.with((*self.arrow_list).clone()),
            options: self.options.clone(),
        }
    }

    /// Raises if the client is closed: then no more records are returned, not even those that were read already.
    fn check_running(&self, py: Python<'_>) -> PyResult<()> {
        egito::binding::check_list_running(&self.list).into_py_result(py)
    }

    /// Returns the mark of a list of changes.
    fn mark(&self, py: Python<'_>) -> PyResult<String> {
        catch_panics(py, || records::mark(self.list.mark()).into_py_result(py))
    }

    fn first(&self, py: Python<'_>) -> PyResult<Pending> {
        catch_panics(py, || {
            let ((list, context), options) = (self.list(py)?, self.options.clone());
            self.context.start(py, context, list.first(), move |py, record| {
                record.map(|record| records::parse_record(py, &record, &options)).transpose()?.into_bound_py_any(py)
            })
        })
    }

    fn exists(&self, py: Python<'_>) -> PyResult<Pending> {
        catch_panics(py, || {
            let (list, context) = self.list(py)?;
            self.context.start(py, context, list.exists(), |py, exists| exists.into_bound_py_any(py))
        })
    }

    fn total(&self, py: Python<'_>) -> PyResult<Pending> {
        catch_panics(py, || {
            let (list, context) = self.list(py)?;
            self.context.start(py, context, list.total(), |py, total| total.into_bound_py_any(py))
        })
    }

    fn count(&self, py: Python<'_>) -> PyResult<Pending> {
        catch_panics(py, || {
            let (list, context) = self.list(py)?;
            self.context.start(py, context, list.count(), |py, count| count.into_bound_py_any(py))
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
    ) -> PyResult<AsyncPages> {
        catch_panics(py, || {
            let schema = SchemaOptions::new(py, schema, overrides, strict)?;
            let pages = self.arrow_pages(py)?;
            Ok(AsyncPages::new(
                self.context.clone(),
                pages,
                PageFormat::batches(Batches::new(schema, &self.options, FrameOptions { flatten, dates })),
            ))
        })
    }

    fn to_arrow(&self, py: Python<'_>, flatten: bool, dates: bool) -> PyResult<Pending> {
        catch_panics(py, || {
            let (mut pages, context) = self.arrow_pages(py)?;
            let mut table = TableBuilder::new(&self.options, FrameOptions { flatten, dates });
            let call = async move {
                while let Some(page) = pages.next().await {
                    if let Err(why) = table.add(&page?) {
                        return Ok(Err(why));
                    }
                }
                Ok(Ok(table))
            };
            self.context.start(py, context, call, |py, table| match table {
                Ok(table) => table.finish(py)?.into_bound_py_any(py),
                Err(why) => Err(unreadable(py, &why)),
            })
        })
    }
}
