//! Calls in flight, as Python awaits them.

use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::runtime::owner::Owner;
use egito::Error;
use pyo3::exceptions::PyStopIteration;
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;

/// Makes the Python value of a successful call. Dropped if no task awaits the call any more.
pub(super) type MakeValue = Box<dyn FnOnce(Python<'_>) -> PyResult<Bound<'_, PyAny>> + Send>;

/// The result of a call, and the asyncio future that the call completes.
pub(super) struct ResultSlot {
    future: Py<PyAny>,
    result: Mutex<Option<egito::Result<MakeValue>>>,
}

/// A call in flight. It can be awaited once. If the task is cancelled, this is dropped, which cancels the request.
#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Pending {
    slot: Arc<ResultSlot>,
    /// Iterator of the asyncio future.
    steps: Py<PyIterator>,
    task: AbortHandle,
    owner: Owner,
}

#[pymethods]
impl Pending {
    fn __await__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || match self.steps.bind(py).clone().next() {
            Some(step) => step,
            None => Err(PyStopIteration::new_err((self.value(py)?.unbind(),))),
        })
    }
}

impl Pending {
    pub(super) fn new(slot: Arc<ResultSlot>, steps: Py<PyIterator>, task: AbortHandle) -> Self {
        Self { slot, steps, task, owner: Owner::current() }
    }

    /// Makes the value here, not in the callback of the loop, so that errors are raised at the `await`.
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let result = self.slot.lock().take();
        let awaited_twice = || Err(Error::config("call", "this call was awaited already; await a call once"));
        let make_value = result.unwrap_or_else(awaited_twice).into_py_result(py)?;
        make_value(py)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // A forked child has no such task, and locks of the parent's runtime may stay locked in it.
        if !self.task.is_finished() && self.owner.is_current() {
            self.task.abort();
        }
    }
}

impl ResultSlot {
    pub(super) fn new(future: Py<PyAny>) -> Self {
        Self { future, result: Mutex::default() }
    }

    pub(super) fn put(&self, result: egito::Result<MakeValue>) {
        *self.lock() = Some(result);
    }

    pub(super) fn put_if_empty(&self, error: impl FnOnce() -> Error) {
        self.lock().get_or_insert_with(|| Err(error()));
    }

    /// Completes the future, unless it was cancelled.
    pub(super) fn complete_future(&self, py: Python<'_>) -> PyResult<()> {
        let future = self.future.bind(py);
        if !future.call_method0("done")?.is_truthy()? {
            future.call_method1("set_result", (py.None(),))?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Option<egito::Result<MakeValue>>> {
        self.result.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
