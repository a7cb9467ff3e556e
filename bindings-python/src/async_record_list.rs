//! Lists of the async client that were not asked for yet, and what is asked of them at once.

use crate::arrow::{Batches, FrameOptions, Reading, Wishes};
use crate::async_context::Context;
use crate::async_pages::{AsyncPages, Form};
use crate::errors::{OrRaise, contained};
use crate::event_context::EventContext;
use crate::fork::Process;
use crate::json::unreadable;
use crate::pending::Pending;
use crate::records::{self, Shape};
use egito::Decimals;
use egito::binding::tagged_list;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use std::sync::Arc;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncRecordList {
    context: Arc<Context>,
    list: egito::RecordList,
    /// The same list, with the server's own digits.
    columns: egito::RecordList,
    shape: Shape,
    process: Process,
}

impl AsyncRecordList {
    /// Checks the options of a list. `as_written` makes the same list with the option `AS_WRITTEN`.
    pub(crate) fn new(
        py: Python<'_>,
        context: &Arc<Context>,
        list: egito::RecordList,
        as_written: impl FnOnce() -> egito::Result<egito::RecordList>,
        fields: Option<Vec<String>>,
    ) -> PyResult<Self> {
        list.check().or_raise(py)?;
        let columns = match context.decimals {
            Decimals::String => as_written().or_raise(py)?,
            _ => list.clone(),
        };
        let shape = Shape { decimals: context.decimals, fields: fields.map(Into::into) };
        Ok(Self { context: context.clone(), list, columns, shape, process: Process::current() })
    }

    /// Returns the list for a reading, and the context of the events of this reading.
    fn list(&self, py: Python<'_>) -> PyResult<(egito::RecordList, EventContext)> {
        self.tagged(py, &self.list)
    }

    /// Returns the pages with the server's own digits, and the context of their events.
    fn columns(&self, py: Python<'_>) -> PyResult<(egito::Pages, EventContext)> {
        let (columns, context) = self.tagged(py, &self.columns)?;
        Ok((columns.pages().or_raise(py)?, context))
    }

    fn tagged(&self, py: Python<'_>, list: &egito::RecordList) -> PyResult<(egito::RecordList, EventContext)> {
        self.process.check("list").or_raise(py)?;
        let context = EventContext::current(py)?;
        Ok((tagged_list(list, context.tag()), context))
    }
}

#[pymethods]
impl AsyncRecordList {
    fn pages(&self, py: Python<'_>) -> PyResult<AsyncPages> {
        contained(py, || {
            let (list, context) = self.list(py)?;
            let pages = (list.pages().or_raise(py)?, context);
            Ok(AsyncPages::new(self.context.clone(), pages, Form::Records(self.shape.clone())))
        })
    }

    /// Returns the same list, whose pages come with their responses.
    fn with_response(&self) -> Self {
        Self {
            context: self.context.clone(),
            list: self.list.clone().with_response(),
            columns: self.columns.clone(),
            shape: self.shape.clone(),
            process: self.process,
        }
    }

    /// Raises once the client is closed: then no record is given out, whether it was read or not.
    fn check_running(&self, py: Python<'_>) -> PyResult<()> {
        egito::binding::check_list_running(&self.list).or_raise(py)
    }

    fn first(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
            let ((list, context), shape) = (self.list(py)?, self.shape.clone());
            self.context.start(py, context, list.first(), move |py, record| {
                record.map(|record| records::parse_record(py, &record, &shape)).transpose()?.into_bound_py_any(py)
            })
        })
    }

    fn exists(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
            let (list, context) = self.list(py)?;
            self.context.start(py, context, list.exists(), |py, exists| exists.into_bound_py_any(py))
        })
    }

    fn total(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
            let (list, context) = self.list(py)?;
            self.context.start(py, context, list.total(), |py, total| total.into_bound_py_any(py))
        })
    }

    fn count(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
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
        contained(py, || {
            let wishes = Wishes::new(py, schema, overrides, strict)?;
            let pages = self.columns(py)?;
            Ok(AsyncPages::new(
                self.context.clone(),
                pages,
                Form::batches(Batches::new(wishes, &self.shape, FrameOptions { flatten, dates })),
            ))
        })
    }

    fn to_arrow(&self, py: Python<'_>, flatten: bool, dates: bool) -> PyResult<Pending> {
        contained(py, || {
            let (mut pages, context) = self.columns(py)?;
            let mut reading =
                Reading::new(self.shape.fields.as_deref(), self.shape.decimals, FrameOptions { flatten, dates });
            let call = async move {
                while let Some(page) = pages.next().await {
                    if let Err(why) = reading.add(&page?) {
                        return Ok(Err(why));
                    }
                }
                Ok(Ok(reading))
            };
            self.context.start(py, context, call, |py, reading| match reading {
                Ok(reading) => reading.finish(py)?.into_bound_py_any(py),
                Err(why) => Err(unreadable(py, &why)),
            })
        })
    }
}
