//! Passes the messages of the core to the logger `egito` of Python's `logging`.

use crate::runtime::finalization::FinalizationGuard;
use crate::runtime::reentrancy::CallGuard;
use egito::binding::{self, Log, LogLevel, LogMessage};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use std::sync::atomic::{AtomicBool, Ordering};

const NAME: &str = "egito";
/// `logging.DEBUG` and `logging.WARNING`.
const DEBUG: u8 = 10;
const WARNING: u8 = 30;

/// Whether the logger was enabled for debug messages when the last call started. Asking it for each message would need the interpreter.
static DEBUG_ENABLED: AtomicBool = AtomicBool::new(false);

/// Subscribes to the messages of the core.
pub(crate) fn subscribe() {
    binding::log_to(PythonLog); // false if the module was imported before, in this process
}

/// Reads the level of the logger again, at the start of a call. Does nothing in programs that do not import `logging`.
pub(crate) fn refresh_level(py: Python<'_>) -> PyResult<()> {
    static MODULES: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static IS_ENABLED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if IS_ENABLED.get(py).is_none() && !MODULES.import(py, "sys", "modules")?.contains("logging")? {
        return Ok(());
    }
    let Some(_guard) = FinalizationGuard::acquire() else { return Ok(()) };
    let is_enabled = IS_ENABLED.get_or_try_init(py, || logger(py)?.getattr(py, "isEnabledFor"))?.bind(py);
    let is_enabled = is_enabled.call1((DEBUG,))?.is_truthy()?;
    if DEBUG_ENABLED.swap(is_enabled, Ordering::Relaxed) != is_enabled {
        binding::log_level_changed();
    }
    Ok(())
}

/// Returns the logger. Without a logging configuration of the program it prints nothing.
fn logger(py: Python<'_>) -> PyResult<&Py<PyAny>> {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    LOGGER.get_or_try_init(py, || {
        let logging = py.import("logging")?;
        let logger = logging.call_method1("getLogger", (NAME,))?;
        logger.call_method1("addHandler", (logging.call_method0("NullHandler")?,))?;
        Ok(logger.unbind())
    })
}

struct PythonLog;

impl Log for PythonLog {
    fn level(&self) -> LogLevel {
        if DEBUG_ENABLED.load(Ordering::Relaxed) { LogLevel::Debug } else { LogLevel::Warning }
    }

    fn log(&self, level: LogLevel, message: LogMessage) {
        let level = if level == LogLevel::Warning { WARNING } else { DEBUG };
        let _call = CallGuard::enter();
        Python::try_attach(|py| {
            let Some(_guard) = FinalizationGuard::acquire() else { return };
            if let Err(raised) = write(py, level, message) {
                raised.write_unraisable(py, None);
            }
        });
    }
}

/// Logs one line for people. Programs find the fields in the attribute `egito` of the record.
fn write(py: Python<'_>, level: u8, message: LogMessage) -> PyResult<()> {
    let line = message.to_string();
    let fields = PyDict::new(py);
    for (name, value) in message.fields {
        fields.set_item(name, value)?;
    }
    let (extra, options) = (PyDict::new(py), PyDict::new(py));
    extra.set_item(NAME, fields)?;
    options.set_item("extra", extra)?;
    logger(py)?.bind(py).call_method("log", (level, "%s", line), Some(&options))?;
    Ok(())
}
