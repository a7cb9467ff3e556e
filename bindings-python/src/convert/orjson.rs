//! Pages → Python objects by orjson, if the program has installed it: it is faster than a parser that uses the stable ABI.
//!
//! `tests/test_orjson.py` compares its results with those of `decode`, which reads what orjson would change or refuses.

use crate::runtime::finalization::FinalizationGuard;
use egito::binding::longest_integer;
use egito::{Decimals, Page};
use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyBytes;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The oldest version of orjson that is used, as tested.
const OLDEST: (u32, u32) = (3, 10);

/// Integers of this many bytes, with their sign, fit into 64 bits. orjson converts longer ones to floats.
const EXACT_INTEGER: usize = 19;

/// Bytes of pages after which orjson is imported: the import takes as long as orjson saves on this number of bytes.
const IMPORT_AFTER: usize = 8 << 20;

/// The function `orjson.loads`; `None` if it cannot be used.
static LOADS: PyOnceLock<Option<Py<PyAny>>> = PyOnceLock::new();

/// Parses the records of a page. Returns `None` if it must be parsed without orjson.
pub(super) fn parse_page<'py>(py: Python<'py>, page: &Page, decimals: Decimals) -> PyResult<Option<Bound<'py, PyAny>>> {
    if decimals == Decimals::Decimal || longest_integer(page) > EXACT_INTEGER {
        return Ok(None);
    }
    let json = page.json();
    let Some(loads) = loads(py, json.len())? else { return Ok(None) };
    match loads.bind(py).call1((PyBytes::new(py, &json),)) {
        // It refuses numbers that do not fit into a float.
        Err(refused) if refused.is_instance_of::<PyValueError>(py) => Ok(None),
        parsed => parsed.map(Some),
    }
}

/// Returns `orjson.loads` if the program has imported orjson, or has read so many bytes that importing it saves time.
fn loads(py: Python<'_>, size: usize) -> PyResult<Option<&Py<PyAny>>> {
    static MODULES: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static SEEN: AtomicUsize = AtomicUsize::new(0);
    if let Some(found) = LOADS.get(py) {
        return Ok(found.as_ref());
    }
    let is_imported = MODULES.import(py, "sys", "modules")?.contains("orjson")?;
    let seen = SEEN.fetch_add(size, Ordering::Relaxed).saturating_add(size);
    if !is_imported && (seen < IMPORT_AFTER || !gil_is_enabled(py)?) {
        return Ok(None);
    }
    let Some(_guard) = FinalizationGuard::acquire() else { return Ok(None) };
    let found = LOADS.get_or_try_init(py, || match find(py) {
        Err(unusable) if unusable.is_instance_of::<PyException>(py) => Ok(None), // as if it were not installed
        found => found,
    })?;
    Ok(found.as_ref())
}

/// Imports orjson. Returns `None` for an old version.
fn find(py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
    let module = py.import("orjson")?;
    let version: String = module.getattr("__version__")?.extract()?;
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version < OLDEST {
        return Ok(None);
    }
    module.getattr("loads").map(|loads| Some(loads.unbind()))
}

/// Returns whether the interpreter has a GIL. Without one, importing a module that needs it would enable it.
fn gil_is_enabled(py: Python<'_>) -> PyResult<bool> {
    match py.import("sys")?.getattr_opt("_is_gil_enabled")? {
        Some(is_enabled) => is_enabled.call0()?.is_truthy(),
        None => Ok(true), // before Python 3.13
    }
}
