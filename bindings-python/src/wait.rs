//! Waiting for a call: the interpreter is released meanwhile, and Ctrl-C ends it. One call waits on a thread at a time.

use crate::ending::inside;
use crate::errors::OrRaise;
use crate::logging::look_at_level;
use crate::reentrancy::Calling;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::cell::{Cell, RefCell};

/// Waits for a call on this thread.
pub(crate) fn wait<T: Send>(py: Python<'_>, call: impl FnOnce() -> egito::Result<T> + Send) -> PyResult<T> {
    look_at_level(py)?;
    let result = detached(py, call)?;
    outcome(py, result)
}

/// Runs what waits without the interpreter.
pub(crate) fn detached<T: Send>(py: Python<'_>, call: impl FnOnce() -> T + Send) -> PyResult<T> {
    let _calling = Calling::begin().or_raise(py)?;
    Ok(py.detach(call))
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
        Calling::take_refused(); // by an earlier call
        py.check_signals().or_else(|raised| tell_of_nested_call(py, raised))
    });
    let raised = raised.and_then(Result::err);
    let interrupted = raised.is_some();
    RAISED.set(raised);
    interrupted
}

/// A signal handler that wanted to make a call of its own has failed; the call that it interrupted goes on.
fn tell_of_nested_call(py: Python<'_>, raised: PyErr) -> PyResult<()> {
    if !Calling::take_refused() || raised.get_type(py).name()? != "ConfigError" {
        return Err(raised);
    }
    raised.write_unraisable(py, None);
    Ok(())
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
