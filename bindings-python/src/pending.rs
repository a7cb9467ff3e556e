//! A call under way, as Python awaits it.

use crate::arrow::Reading;
use crate::async_pages::Delivery;
use crate::errors::{OrRaise, contained, unreadable};
use crate::records::{self, Shape};
use egito::{Decimals, Error, Page, Record, RecordId};
use pyo3::exceptions::PyStopIteration;
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;

/// What a call brought.
pub(crate) enum Reply {
    Id(RecordId),
    Record(Record),
    Page(Option<Delivery>),
    First(Option<Page>, Shape),
    Count(Option<u64>),
    /// Or why Python cannot hold it.
    Table(Result<Box<Reading>, String>),
    Nothing,
}

/// Where a call leaves its result, and the asyncio future that is told of it.
pub(crate) struct Slot {
    future: Py<PyAny>,
    result: Mutex<Option<egito::Result<Reply>>>,
}

/// A call under way. Awaited once; where its task is cancelled it is dropped, and the request with it.
#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Pending {
    slot: Arc<Slot>,
    /// The steps of the asyncio future.
    steps: Py<PyIterator>,
    task: AbortHandle,
    decimals: Decimals,
    process: u32,
}

#[pymethods]
impl Pending {
    fn __await__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || match self.steps.bind(py).clone().next() {
            Some(step) => step,
            None => Err(PyStopIteration::new_err((self.value(py)?.unbind(),))),
        })
    }
}

impl Pending {
    pub(crate) fn new(slot: Arc<Slot>, steps: Py<PyIterator>, task: AbortHandle, decimals: Decimals) -> Self {
        Self { slot, steps, task, decimals, process: std::process::id() }
    }

    /// Made here and not when the loop was told, so that errors rise where the call is awaited.
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let result = self.slot.lock().take();
        let reply = result.unwrap_or_else(|| Err(Error::config("call", "a call is awaited once"))).or_raise(py)?;
        match reply {
            Reply::Id(id) => records::id(py, &id),
            Reply::Record(record) => records::parse(py, record.json().as_bytes(), self.decimals),
            Reply::Page(Some(page)) => page.accept(py),
            Reply::First(Some(page), shape) => records::parse_first(py, &page, &shape),
            Reply::Count(Some(count)) => Ok(count.into_pyobject(py)?.into_any()),
            Reply::Table(Ok(reading)) => Ok(Bound::new(py, reading.finish(py)?)?.into_any()),
            Reply::Table(Err(why)) => Err(unreadable(py, &why)),
            Reply::Page(None) | Reply::First(None, _) | Reply::Count(None) | Reply::Nothing => {
                Ok(py.None().into_bound(py))
            }
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // A child that inherited it has no such task, and whatever its parent's runtime locks may be locked for ever.
        if self.process == std::process::id() {
            self.task.abort();
        }
    }
}

impl Slot {
    pub(crate) fn new(future: Py<PyAny>) -> Self {
        Self { future, result: Mutex::default() }
    }

    pub(crate) fn put(&self, result: egito::Result<Reply>) {
        *self.lock() = Some(result);
    }

    pub(crate) fn put_if_empty(&self, error: impl FnOnce() -> Error) {
        self.lock().get_or_insert_with(|| Err(error()));
    }

    /// Lets the task that awaits go on. It may have been cancelled meanwhile.
    pub(crate) fn tell(&self, py: Python<'_>) -> PyResult<()> {
        let future = self.future.bind(py);
        if !future.call_method0("done")?.is_truthy()? {
            future.call_method1("set_result", (py.None(),))?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Option<egito::Result<Reply>>> {
        self.result.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
