//! Limits a process to one interpreter: classes and cached objects are in statics, which other interpreters must not use.

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use std::sync::OnceLock;

/// Fails in every interpreter except the first one that imports this module.
pub(crate) fn check(py: Python<'_>) -> PyResult<()> {
    static FIRST: OnceLock<usize> = OnceLock::new();
    // Each interpreter has its own builtins. The address is only compared.
    let this = py.import("builtins")?.as_ptr().addr();
    if *FIRST.get_or_init(|| this) == this {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "egito cannot be used in more than one interpreter of a process; use threads, or processes (multiprocessing)",
    ))
}
