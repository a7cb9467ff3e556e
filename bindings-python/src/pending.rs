//! A call under way, as Python awaits it.

use crate::errors::{OrRaise, contained};
use crate::fork::Process;
use egito::Error;
use pyo3::exceptions::PyStopIteration;
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;

/// What a call brought: makes the value that Python gets. Dropped where nobody awaits the call any more.
pub(crate) type Reply = Box<dyn FnOnce(Python<'_>) -> PyResult<Bound<'_, PyAny>> + Send>;

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
    process: Process,
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
    pub(crate) fn new(slot: Arc<Slot>, steps: Py<PyIterator>, task: AbortHandle) -> Self {
        Self { slot, steps, task, process: Process::current() }
    }

    /// Made here and not when the loop was told, so that errors rise where the call is awaited.
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let result = self.slot.lock().take();
        let reply = result.unwrap_or_else(|| Err(Error::config("call", "a call is awaited once"))).or_raise(py)?;
        reply(py)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // A child that inherited it has no such task, and whatever its parent's runtime locks may be locked for ever.
        if self.process.is_current() {
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
