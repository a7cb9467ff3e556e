//! Lists of the async client that were not asked for yet, and what is asked of them at once.

use crate::arrow::{Batches, FrameOptions, Reading, Wishes};
use crate::async_context::Context;
use crate::async_pages::{AsyncPages, Form};
use crate::errors::{OrRaise, contained};
use crate::fork::Process;
use crate::json::unreadable;
use crate::pending::Pending;
use crate::records::{self, Shape};
use egito::Decimals;
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

    fn list(&self, py: Python<'_>) -> PyResult<egito::RecordList> {
        self.process.check("list").or_raise(py)?;
        Ok(self.list.clone())
    }
}

#[pymethods]
impl AsyncRecordList {
    fn pages(&self, py: Python<'_>) -> PyResult<AsyncPages> {
        contained(py, || {
            let pages = self.list(py)?.pages().or_raise(py)?;
            Ok(AsyncPages::new(self.context.clone(), pages, Form::Records(self.shape.clone())))
        })
    }

    fn first(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
            let (list, shape) = (self.list(py)?, self.shape.clone());
            self.context.start(py, list.first(), move |py, record| {
                record.map(|record| records::parse_record(py, &record, &shape)).transpose()?.into_bound_py_any(py)
            })
        })
    }

    fn exists(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || self.context.start(py, self.list(py)?.exists(), |py, exists| exists.into_bound_py_any(py)))
    }

    fn total(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || self.context.start(py, self.list(py)?.total(), |py, total| total.into_bound_py_any(py)))
    }

    fn count(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || self.context.start(py, self.list(py)?.count(), |py, count| count.into_bound_py_any(py)))
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
            self.process.check("list").or_raise(py)?;
            let pages = self.columns.clone().pages().or_raise(py)?;
            Ok(AsyncPages::new(
                self.context.clone(),
                pages,
                Form::batches(Batches::new(wishes, &self.shape, FrameOptions { flatten, dates })),
            ))
        })
    }

    fn to_arrow(&self, py: Python<'_>, flatten: bool, dates: bool) -> PyResult<Pending> {
        contained(py, || {
            self.process.check("list").or_raise(py)?;
            let mut pages = self.columns.clone().pages().or_raise(py)?;
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
            self.context.start(py, call, |py, reading| match reading {
                Ok(reading) => reading.finish(py)?.into_bound_py_any(py),
                Err(why) => Err(unreadable(py, &why)),
            })
        })
    }
}
