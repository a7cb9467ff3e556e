//! Waiting for a call: the interpreter is released meanwhile, and Ctrl-C ends it.

use crate::ending::inside;
use crate::errors::OrRaise;
use crate::logging::look_at_level;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::cell::{Cell, RefCell};

/// Waits for a call on this thread.
pub(crate) fn wait<T: Send>(py: Python<'_>, call: impl FnOnce() -> egito::Result<T> + Send) -> PyResult<T> {
    look_at_level(py)?;
    let result = py.detach(call);
    outcome(py, result)
}

/// What a call that ended on this thread came to: its result, or what a signal handler raised meanwhile.
pub(crate) fn outcome<T>(py: Python<'_>, result: egito::Result<T>) -> PyResult<T> {
    match RAISED.take() {
        Some(raised) => Err(raised),
        None => result.or_raise(py),
    }
}

/// Lets the call on this thread end soon, and raise this instead of its result.
pub(crate) fn interrupt(raised: PyErr) {
    RAISED.set(Some(raised));
}

/// Whether the waiting thread was interrupted; what its signal handler raised is kept for [`wait`].
pub(crate) fn interrupted() -> bool {
    if RAISED.with_borrow(Option::is_some) {
        return true;
    }
    let process = std::process::id();
    if MAIN.get() == Some((process, false)) {
        return false; // only the main thread hears of signals: the others need not ask for the interpreter
    }
    let raised = Python::try_attach(|py| {
        let Some(_inside) = inside() else { return Ok(()) };
        if MAIN.get().is_none_or(|(known, _)| known != process) {
            MAIN.set(Some((process, is_main_thread(py)?)));
        }
        py.check_signals()
    });
    let raised = raised.and_then(Result::err);
    let interrupted = raised.is_some();
    RAISED.set(raised);
    interrupted
}

fn is_main_thread(py: Python<'_>) -> PyResult<bool> {
    static CURRENT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static MAIN_THREAD: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let current = CURRENT.import(py, "threading", "current_thread")?.call0()?;
    Ok(current.is(&MAIN_THREAD.import(py, "threading", "main_thread")?.call0()?))
}

thread_local! {
    static RAISED: RefCell<Option<PyErr>> = const { RefCell::new(None) };
    /// Whether this is the main thread of this process: a thread that forks becomes the main one of the child.
    static MAIN: Cell<Option<(u32, bool)>> = const { Cell::new(None) };
}
