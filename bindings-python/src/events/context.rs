//! Delivers events in the context (`contextvars`) of the call that caused them, on any thread.

use egito::Event;
use egito::binding::tag_of;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The contexts of calls in flight, by the tags of their events.
static CONTEXTS: Mutex<BTreeMap<u64, Arc<Py<PyAny>>>> = Mutex::new(BTreeMap::new());
static LAST_TAG: AtomicU64 = AtomicU64::new(0);
static HAS_HOOKS: AtomicBool = AtomicBool::new(false);

/// The context of a call, list or bulk. It is stored until this is dropped.
#[derive(Debug, Default)]
pub(crate) struct EventContext {
    /// Tag of the events; 0 if no context is stored.
    tag: u64,
}

impl EventContext {
    /// Stores contexts from now on. Called for the first hook.
    pub(crate) fn enable() {
        HAS_HOOKS.store(true, Ordering::Relaxed);
    }

    /// Stores the current context, if there are hooks.
    pub(crate) fn current(py: Python<'_>) -> PyResult<Self> {
        static COPY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        if !HAS_HOOKS.load(Ordering::Relaxed) {
            return Ok(Self::default());
        }
        let context = COPY.import(py, "contextvars", "copy_context")?.call0()?.unbind();
        let tag = LAST_TAG.fetch_add(1, Ordering::Relaxed) + 1;
        contexts().insert(tag, Arc::new(context));
        Ok(Self { tag })
    }

    pub(crate) fn tag(&self) -> u64 {
        self.tag
    }

    /// Returns the context of the call that caused an event.
    pub(crate) fn of(event: &Event) -> Option<Arc<Py<PyAny>>> {
        contexts().get(&tag_of(event)).cloned()
    }
}

impl Drop for EventContext {
    fn drop(&mut self) {
        if self.tag != 0 {
            let context = contexts().remove(&self.tag);
            drop(context); // after the lock is released, because it may run Python code
        }
    }
}

/// Calls a hook in a copy of the context: events of one bulk can come on several threads at the same time.
pub(crate) fn run_in<'py>(
    context: Option<&Arc<Py<PyAny>>>,
    hook: &Bound<'py, PyAny>,
    event: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    match context {
        Some(context) => context.bind(hook.py()).call_method0("copy")?.call_method1("run", (hook, event)),
        None => hook.call1((event,)),
    }
}

fn contexts() -> MutexGuard<'static, BTreeMap<u64, Arc<Py<PyAny>>>> {
    CONTEXTS.lock().unwrap_or_else(PoisonError::into_inner)
}
