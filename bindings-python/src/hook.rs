//! The program's own listener for events, `on_event=` of a client.

use crate::ending::inside;
use crate::errors::OrRaise;
use crate::event_context::{EventContext, run_in};
use crate::json;
use crate::reentrancy::Calling;
use crate::wait;
use egito::{Decimals, Error, Event, EventHook};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::{Arc, Mutex, PoisonError};

/// What events are told to. The client shows it to Python's collector, since it often refers to the client.
#[derive(Default)]
pub(crate) struct Hook(Mutex<Option<Py<PyAny>>>);

impl Hook {
    /// None where nobody listens.
    pub(crate) fn new(hook: &Bound<'_, PyAny>) -> PyResult<Option<Arc<Self>>> {
        if hook.is_none() {
            return Ok(None);
        }
        if !hook.is_callable() {
            let message = "`on_event` is a function that is called with an `egito.Event`";
            return Err(Error::config("on_event", message)).or_raise(hook.py());
        }
        EventContext::keep();
        Ok(Some(Arc::new(Self(Mutex::new(Some(hook.clone().unbind()))))))
    }

    /// Called on the thread that the attempt ended on: the caller's own, or one of a bulk or a list.
    pub(crate) fn called_at_once(self: &Arc<Self>) -> EventHook {
        let hook = self.clone();
        Arc::new(move |event| {
            let _calling = Calling::here();
            let context = EventContext::of(event);
            if let Some(Err(interruption)) = Python::try_attach(|py| hook.call(py, event, context.as_ref())) {
                wait::interrupt(interruption);
            }
        })
    }

    /// What it raises must not change what became of the call: only what a signal handler raised in it comes out.
    pub(crate) fn call(&self, py: Python<'_>, event: &Event, context: Option<&Arc<Py<PyAny>>>) -> PyResult<()> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let Some(_inside) = inside() else { return Ok(()) };
        let Some(hook) = self.get(py) else { return Ok(()) };
        let called = serde_json::to_vec(event)
            .map_err(|e| pyo3::exceptions::PyValueError::new_err(e.to_string()))
            .and_then(|json| json::parse(py, &json, Decimals::Float))
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
        // A collector never waits.
        let hook = self.0.try_lock();
        hook.ok().and_then(|hook| hook.as_ref().map(|hook| visit.call(hook))).unwrap_or(Ok(()))
    }

    pub(crate) fn clear(&self) {
        let hook = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(hook); // after the lock was given back: it may run code
    }

    fn get(&self, py: Python<'_>) -> Option<Py<PyAny>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|hook| hook.clone_ref(py))
    }
}
