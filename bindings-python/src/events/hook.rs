//! The event hook of a client: its option `on_event`.

use super::context::{EventContext, run_in};
use crate::convert::decode;
use crate::convert::errors::IntoPyResult;
use crate::runtime::finalization::FinalizationGuard;
use crate::runtime::reentrancy::CallGuard;
use crate::runtime::signals;
use egito::{Decimals, Error, Event, EventHook};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::{Arc, Mutex, PoisonError};

/// The function that receives events. Clients show it to the garbage collector of Python, since it often refers to the client.
#[derive(Default)]
pub(crate) struct Hook(Mutex<Option<Py<PyAny>>>);

impl Hook {
    /// Returns `None` for the Python value `None`.
    pub(crate) fn new(hook: &Bound<'_, PyAny>) -> PyResult<Option<Arc<Self>>> {
        if hook.is_none() {
            return Ok(None);
        }
        if !hook.is_callable() {
            let class = hook.get_type().name().map_or_else(|_| "?".into(), |name| name.to_string());
            let message = format!("invalid `on_event`: expected a function of one event, got a value of type {class}");
            return Err(Error::config("on_event", message)).into_py_result(hook.py());
        }
        EventContext::enable();
        Ok(Some(Arc::new(Self(Mutex::new(Some(hook.clone().unbind()))))))
    }

    /// Returns a core hook that calls this one on the thread of the attempt: that of the caller, of a bulk or of a list.
    pub(crate) fn on_attempt_thread(self: &Arc<Self>) -> EventHook {
        let hook = self.clone();
        Arc::new(move |event| {
            let _call = CallGuard::enter();
            let context = EventContext::of(event);
            if let Some(Err(interruption)) = Python::try_attach(|py| hook.call(py, event, context.as_ref())) {
                signals::interrupt(interruption);
            }
        })
    }

    /// Calls the function. Its exceptions must not change the result of the call, so they go to `sys.unraisablehook`; exceptions of
    /// signal handlers are returned.
    pub(crate) fn call(&self, py: Python<'_>, event: &Event, context: Option<&Arc<Py<PyAny>>>) -> PyResult<()> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let Some(_guard) = FinalizationGuard::acquire() else { return Ok(()) };
        let Some(hook) = self.get(py) else { return Ok(()) };
        let called = serde_json::to_vec(event)
            .map_err(|e| pyo3::exceptions::PyValueError::new_err(e.to_string()))
            .and_then(|json| decode::parse(py, &json, Decimals::Float))
            .and_then(|details| CLASS.import(py, "egito._events", "Event")?.call((), Some(details.cast()?)))
            .and_then(|event| run_in(context, hook.bind(py), event));
        match called {
            Err(raised) if raised.is_instance_of::<PyException>(py) => {
                raised.write_unraisable(py, Some(hook.bind(py)));
                Ok(())
            }
            result => result.map(drop),
        }
    }

    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        // The garbage collector must not wait for a lock.
        let hook = self.0.try_lock();
        hook.ok().and_then(|hook| hook.as_ref().map(|hook| visit.call(hook))).unwrap_or(Ok(()))
    }

    pub(crate) fn clear(&self) {
        let hook = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(hook); // after the lock is released, because it may run Python code
    }

    fn get(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|hook| hook.clone_ref(py))
    }
}
