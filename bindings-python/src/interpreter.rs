//! One interpreter a process: classes and cached objects are kept in statics, which another interpreter must not touch.

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use std::sync::OnceLock;

/// Refuses every interpreter but the first that imports this module.
pub(crate) fn check(py: Python<'_>) -> PyResult<()> {
    static FIRST: OnceLock<usize> = OnceLock::new();
    // Each interpreter has builtins of its own; the address is only compared.
    let this = py.import("builtins")?.as_ptr().addr();
    if *FIRST.get_or_init(|| this) == this {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "egito cannot be used in more than one interpreter of a process; use threads, or processes (multiprocessing)",
    ))
}
