//! Events come in the context (`contextvars`) of the call that caused them, on whatever thread they arise.

use egito::Event;
use egito::binding::tag_of;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The contexts of calls under way, by the tags that their events have.
static CONTEXTS: Mutex<BTreeMap<u64, Arc<Py<PyAny>>>> = Mutex::new(BTreeMap::new());
static TAGS: AtomicU64 = AtomicU64::new(0);
static ARE_WANTED: AtomicBool = AtomicBool::new(false);

/// The context of a call, list or bulk, kept for as long as this lives.
#[derive(Debug, Default)]
pub(crate) struct EventContext {
    /// The tag of its events; 0 for none.
    tag: u64,
}

impl EventContext {
    /// Called once somebody listens: from now on contexts are kept.
    pub(crate) fn keep() {
        ARE_WANTED.store(true, Ordering::Relaxed);
    }

    /// Returns the context that is active now; none while nobody listens.
    pub(crate) fn current(py: Python<'_>) -> PyResult<Self> {
        static COPY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        if !ARE_WANTED.load(Ordering::Relaxed) {
            return Ok(Self::default());
        }
        let context = COPY.import(py, "contextvars", "copy_context")?.call0()?.unbind();
        let tag = TAGS.fetch_add(1, Ordering::Relaxed) + 1;
        contexts().insert(tag, Arc::new(context));
        Ok(Self { tag })
    }

    pub(crate) fn tag(&self) -> u64 {
        self.tag
    }

    /// Returns the context of an event's call.
    pub(crate) fn of(event: &Event) -> Option<Arc<Py<PyAny>>> {
        contexts().get(&tag_of(event)).cloned()
    }
}

impl Drop for EventContext {
    fn drop(&mut self) {
        if self.tag != 0 {
            let context = contexts().remove(&self.tag);
            drop(context); // after the lock was given back: it may run code
        }
    }
}

/// Calls a listener in a context. A copy, because events of one bulk arise on several threads at a time.
pub(crate) fn run_in<'py>(
    context: Option<&Arc<Py<PyAny>>>,
    listener: &Bound<'py, PyAny>,
    event: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    match context {
        Some(context) => context.bind(listener.py()).call_method0("copy")?.call_method1("run", (listener, event)),
        None => listener.call1((event,)),
    }
}

fn contexts() -> MutexGuard<'static, BTreeMap<u64, Arc<Py<PyAny>>>> {
    CONTEXTS.lock().unwrap_or_else(PoisonError::into_inner)
}
