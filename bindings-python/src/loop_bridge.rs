//! From tokio to asyncio: finished calls gather in a queue, and the event loop is woken once for all of them.

use crate::async_client::Reply;
use crate::errors::{OrRaise, contained};
use crate::runtime;
use egito::{Decimals, Error};
use pyo3::exceptions::PyStopIteration;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyIterator;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;

/// The way to one event loop. Its lock is held for moments, and never while waiting for the interpreter.
pub(crate) struct LoopBridge {
    event_loop: Py<PyAny>,
    finished: Mutex<Vec<Arc<Slot>>>,
}

/// Where a call leaves its result, and the asyncio future that is told of it.
struct Slot {
    future: Py<PyAny>,
    result: Mutex<Option<egito::Result<Reply>>>,
}

impl LoopBridge {
    /// The bridge to the loop that runs now: the one used last, where it is the same loop.
    pub(crate) fn to_running_loop(py: Python<'_>, last: &Mutex<Option<Arc<Self>>>) -> PyResult<Arc<Self>> {
        static RUNNING: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let event_loop = RUNNING.import(py, "asyncio", "get_running_loop")?.call0()?;
        if let Some(bridge) = lock(last).as_ref().filter(|bridge| bridge.event_loop.is(&event_loop)) {
            return Ok(bridge.clone());
        }
        let bridge = Arc::new(Self { event_loop: event_loop.unbind(), finished: Mutex::default() });
        let before = lock(last).replace(bridge.clone());
        drop(before); // not before the lock: its loop may end with it, and run code
        Ok(bridge)
    }

    /// Starts a call and gives what Python awaits.
    pub(crate) fn start(
        self: Arc<Self>,
        py: Python<'_>,
        decimals: Decimals,
        call: impl Future<Output = egito::Result<Reply>> + Send + 'static,
    ) -> PyResult<Pending> {
        let handle = runtime::handle(py)?;
        let future = self.event_loop.bind(py).call_method0("create_future")?;
        let steps = future.try_iter()?.unbind();
        let slot = Arc::new(Slot { future: future.unbind(), result: Mutex::default() });
        let ending = Ending { bridge: self, slot: slot.clone() };
        let task = handle.spawn(async move { ending.with(call.await) });
        Ok(Pending { slot, steps, task: task.abort_handle(), decimals })
    }

    fn finished(self: &Arc<Self>, slot: Arc<Slot>) {
        let is_first = {
            let mut finished = lock(&self.finished);
            finished.push(slot);
            finished.len() == 1
        };
        // Whoever is first wakes the loop; the others are found when it looks.
        if is_first && Python::try_attach(|py| self.wake(py)).is_none_or(|woken| woken.is_err()) {
            lock(&self.finished).clear(); // the loop is closed: nobody waits
        }
    }

    fn wake(self: &Arc<Self>, py: Python<'_>) -> PyResult<()> {
        let drain = Bound::new(py, Drain(self.clone()))?;
        self.event_loop.bind(py).call_method1("call_soon_threadsafe", (drain,)).map(drop)
    }
}

/// What the event loop calls when it was woken.
#[pyclass(frozen)]
struct Drain(Arc<LoopBridge>);

#[pymethods]
impl Drain {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        let finished = std::mem::take(&mut *lock(&self.0.finished));
        for slot in finished {
            let future = slot.future.bind(py);
            if !future.call_method0("done")?.is_truthy()? {
                future.call_method1("set_result", (py.None(),))?;
            }
        }
        Ok(())
    }
}

/// Ends a call exactly once, also where it panicked or its runtime stopped.
struct Ending {
    bridge: Arc<LoopBridge>,
    slot: Arc<Slot>,
}

impl Ending {
    fn with(self, result: egito::Result<Reply>) {
        *lock(&self.slot.result) = Some(result);
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        if Arc::strong_count(&self.slot) == 1 {
            return; // nobody waits any more
        }
        let panicked = || Error::from_panic(&"the call did not end by itself");
        let without = || if std::thread::panicking() { panicked() } else { Error::cancelled() };
        lock(&self.slot.result).get_or_insert_with(|| Err(without()));
        self.bridge.finished(self.slot.clone());
    }
}

/// A call under way. Awaited once; where its task is cancelled it is dropped, and the request with it.
#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Pending {
    slot: Arc<Slot>,
    /// The steps of the asyncio future.
    steps: Py<PyIterator>,
    task: AbortHandle,
    decimals: Decimals,
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
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let result = lock(&self.slot.result).take();
        let reply = result.unwrap_or_else(|| Err(Error::config("call", "a call is awaited once"))).or_raise(py)?;
        reply.into_python(py, self.decimals)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
