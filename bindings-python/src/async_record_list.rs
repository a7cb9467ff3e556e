//! Lists of the async client that were not asked for yet, and what is asked of them at once.

use crate::arrow::{AS_WRITTEN, Reading};
use crate::async_client::Shared;
use crate::async_pages::AsyncPages;
use crate::errors::{OrRaise, contained};
use crate::pending::{Pending, Reply};
use crate::record_list::total;
use crate::records::Shape;
use egito::{Decimals, Error};
use pyo3::prelude::*;
use std::sync::Arc;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncRecordList {
    shared: Arc<Shared>,
    list: egito::RecordList,
    /// The same list, with the server's own digits.
    columns: egito::RecordList,
    shape: Shape,
    process: u32,
}

impl AsyncRecordList {
    /// A list whose options are known to be right.
    pub(crate) fn new(
        py: Python<'_>,
        shared: &Arc<Shared>,
        fields: Option<Vec<String>>,
        list_of: impl Fn(&egito::Client) -> egito::Result<egito::RecordList>,
    ) -> PyResult<Self> {
        let client = shared.client().or_raise(py)?;
        let list = list_of(client).or_raise(py)?;
        list.clone().pages().or_raise(py)?;
        let columns = match shared.decimals {
            Decimals::String => client.with_options(AS_WRITTEN).and_then(|client| list_of(&client)).or_raise(py)?,
            _ => list.clone(),
        };
        let shape = Shape { decimals: shared.decimals, fields: fields.map(Into::into) };
        Ok(Self { shared: shared.clone(), list, columns, shape, process: std::process::id() })
    }

    fn list(&self) -> egito::Result<egito::RecordList> {
        same_process(self.process)?;
        Ok(self.list.clone())
    }

    /// The pages of the first record alone.
    fn first_page(&self, py: Python<'_>) -> PyResult<egito::Pages> {
        self.list().and_then(|list| list.first_only().pages()).or_raise(py)
    }
}

#[pymethods]
impl AsyncRecordList {
    fn pages(&self, py: Python<'_>) -> PyResult<AsyncPages> {
        contained(py, || {
            let pages = self.list().and_then(egito::RecordList::pages).or_raise(py)?;
            Ok(AsyncPages::new(self.shared.clone(), pages, self.shape.clone()))
        })
    }

    fn first(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
            let (mut pages, shape) = (self.first_page(py)?, self.shape.clone());
            self.shared.start(py, async move { pages.next().await.transpose().map(|page| Reply::First(page, shape)) })
        })
    }

    fn total(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
            let mut pages = self.first_page(py)?;
            let count = async move { pages.next().await.transpose().map(|page| Reply::Count(total(page.as_ref()))) };
            self.shared.start(py, count)
        })
    }

    fn to_arrow(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
            same_process(self.process).or_raise(py)?;
            let mut pages = self.columns.clone().pages().or_raise(py)?;
            let mut reading = Box::new(Reading::new(self.shape.fields.as_deref(), self.shape.decimals));
            self.shared.start(py, async move {
                while let Some(page) = pages.next().await {
                    if let Err(why) = reading.add(&page?) {
                        return Ok(Reply::Table(Err(why)));
                    }
                }
                Ok(Reply::Table(Ok(reading)))
            })
        })
    }
}

/// A list holds connections of the process it was made in, which a forked child must not use.
pub(crate) fn same_process(process: u32) -> egito::Result<()> {
    if process == std::process::id() {
        return Ok(());
    }
    Err(Error::config("list", "this list was made before the program forked; make it anew in the child"))
}
