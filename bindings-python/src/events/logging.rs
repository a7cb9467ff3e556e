//! Forwards the `tracing` events of the core to the logger `egito` of Python's `logging`.

use crate::runtime::finalization::FinalizationGuard;
use crate::runtime::reentrancy::CallGuard;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, span};

const NAME: &str = "egito";
/// `logging.DEBUG` and `logging.WARNING`.
const DEBUG: u8 = 10;
const WARNING: u8 = 30;

/// Whether the logger was enabled for debug messages when the last call started. Asking it for each message would need the interpreter.
static DEBUG_ENABLED: AtomicBool = AtomicBool::new(false);

/// Subscribes to the events of the core.
pub(crate) fn subscribe() {
    // An error means that a subscriber is set already.
    drop(tracing::subscriber::set_global_default(PythonSubscriber));
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
    DEBUG_ENABLED.store(is_enabled.call1((DEBUG,))?.is_truthy()?, Ordering::Relaxed);
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

struct PythonSubscriber;

impl tracing::Subscriber for PythonSubscriber {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.target() == NAME { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let enabled = *metadata.level() <= Level::WARN || DEBUG_ENABLED.load(Ordering::Relaxed);
        metadata.target() == NAME && !metadata.is_span() && enabled
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::DEBUG)
    }

    fn event(&self, event: &Event<'_>) {
        let mut record = LogRecord::default();
        event.record(&mut record);
        let level = if *event.metadata().level() <= Level::WARN { WARNING } else { DEBUG };
        let _call = CallGuard::enter();
        Python::try_attach(|py| {
            let Some(_guard) = FinalizationGuard::acquire() else { return };
            if let Err(raised) = record.log(py, level) {
                raised.write_unraisable(py, None);
            }
        });
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1) // no span is enabled
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// The message and the fields of a `tracing` event.
#[derive(Default)]
struct LogRecord {
    message: String,
    fields: Vec<(&'static str, String)>,
}

impl LogRecord {
    /// Logs one line for people. Programs find the fields in the attribute `egito` of the record.
    fn log(self, py: Python<'_>, level: u8) -> PyResult<()> {
        let fields = PyDict::new(py);
        let mut line = self.message;
        for (name, value) in self.fields {
            let _ = write!(line, " {name}={value}"); // writing to a String cannot fail
            fields.set_item(name, value)?;
        }
        let (extra, options) = (PyDict::new(py), PyDict::new(py));
        extra.set_item(NAME, fields)?;
        options.set_item("extra", extra)?;
        logger(py)?.bind(py).call_method("log", (level, "%s", line), Some(&options))?;
        Ok(())
    }
}

impl Visit for LogRecord {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            name => self.fields.push((name, format!("{value:?}"))),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.fields.push((field.name(), value.to_owned()));
    }
}
