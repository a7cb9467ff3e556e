//! Signals that arrive during a call: Python's handlers run on the waiting thread, and an exception of theirs interrupts the call.

use super::finalization::FinalizationGuard;
use super::reentrancy::CallGuard;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::cell::{Cell, RefCell};

thread_local! {
    /// The exception that interrupted the call on this thread.
    static INTERRUPTION: RefCell<Option<PyErr>> = const { RefCell::new(None) };
    /// Whether this is the main thread of this process. After `fork` the forking thread is the main thread of the child.
    static IS_MAIN_THREAD: Cell<Option<(u32, bool)>> = const { Cell::new(None) };
}

/// Interrupts the call on this thread: it ends soon and raises this exception.
pub(crate) fn interrupt(exception: PyErr) {
    INTERRUPTION.set(Some(exception));
}

/// Returns the exception that interrupted the call on this thread, once.
pub(crate) fn take_interruption() -> Option<PyErr> {
    INTERRUPTION.take()
}

/// Runs the handlers of pending signals, and returns whether the call on this thread was interrupted.
pub(crate) fn interrupted() -> bool {
    if INTERRUPTION.with_borrow(Option::is_some) {
        return true;
    }
    let process = std::process::id();
    if IS_MAIN_THREAD.get() == Some((process, false)) {
        return false; // only the main thread handles signals: other threads need not acquire the interpreter
    }
    let raised = Python::try_attach(|py| {
        let Some(_guard) = FinalizationGuard::acquire() else { return Ok(()) };
        if IS_MAIN_THREAD.get().is_none_or(|(known, _)| known != process) {
            IS_MAIN_THREAD.set(Some((process, is_main_thread(py)?)));
        }
        CallGuard::take_refused(); // of an earlier call
        py.check_signals().or_else(|raised| ignore_nested_call(py, raised))
    });
    let raised = raised.and_then(Result::err);
    let interrupted = raised.is_some();
    INTERRUPTION.set(raised);
    interrupted
}

/// Reports a handler that failed because it made a nested call. The call that waits goes on.
fn ignore_nested_call(py: Python<'_>, raised: PyErr) -> PyResult<()> {
    if !CallGuard::take_refused() || raised.get_type(py).name()? != "ConfigError" {
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
