//! Waits for calls on the calling thread. The interpreter is released meanwhile, and signals can interrupt the wait.

use crate::convert::errors::{IntoPyResult, exception};
use crate::events::logging::refresh_level;
use crate::runtime::reentrancy::CallGuard;
use crate::runtime::signals::take_interruption;
use pyo3::prelude::*;

/// Makes a call. If a signal handler raises during the call, the result of the call is added to its exception.
pub(crate) fn wait<T: Send>(py: Python<'_>, call: impl FnOnce() -> egito::Result<T> + Send) -> PyResult<T> {
    refresh_level(py)?;
    let result = detached(py, call)?;
    match take_interruption() {
        Some(interruption) => Err(with_result(py, interruption, result)),
        None => result.into_py_result(py),
    }
}

/// Runs work that waits, and releases the interpreter meanwhile.
pub(crate) fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    let _call = CallGuard::start().into_py_result(py)?;
    Ok(py.detach(work))
}

/// Returns the result of work on this thread, or the exception that interrupted it.
pub(crate) fn unless_interrupted<T>(py: Python<'_>, result: egito::Result<T>) -> PyResult<T> {
    match take_interruption() {
        Some(interruption) => Err(interruption),
        None => result.into_py_result(py),
    }
}

/// Adds the result of a call to the exception that interrupted it: the error of a write, which says whether it may have been done,
/// as `__context__`, or a note that the call succeeded.
fn with_result<T>(py: Python<'_>, interruption: PyErr, result: egito::Result<T>) -> PyErr {
    let raised = interruption.value(py);
    // An error here would hide the interruption.
    drop(match result {
        Ok(_) if raised.hasattr("add_note").unwrap_or(false) => {
            raised.call_method1("add_note", ("egito: the interrupted call succeeded; its result is lost",)).map(drop)
        }
        Err(error)
            if error.outcome().is_some() && raised.getattr("__context__").is_ok_and(|context| context.is_none()) =>
        {
            raised.setattr("__context__", exception(py, &error).into_value(py))
        }
        _ => Ok(()),
    });
    interruption
}
