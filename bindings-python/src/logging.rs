//! What the core tells `tracing` goes to Python's `logging`, under the name `egito`.

use crate::ending::inside;
use crate::reentrancy::Calling;
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

/// Whether the logger took debug messages when a call last began: asking it each time needs the interpreter.
static DEBUG_WANTED: AtomicBool = AtomicBool::new(false);

/// Listens to the core for as long as this module is loaded.
pub(crate) fn listen() {
    // An error means that it listens already.
    drop(tracing::subscriber::set_global_default(ToPython));
}

/// A call begins: whoever set the level of the logger meanwhile is heard. Programs that never import `logging` do not pay for it.
pub(crate) fn look_at_level(py: Python<'_>) -> PyResult<()> {
    static MODULES: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static IS_ENABLED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if IS_ENABLED.get(py).is_none() && !MODULES.import(py, "sys", "modules")?.contains("logging")? {
        return Ok(());
    }
    let Some(_inside) = inside() else { return Ok(()) };
    let is_enabled = IS_ENABLED.get_or_try_init(py, || logger(py)?.getattr(py, "isEnabledFor"))?.bind(py);
    DEBUG_WANTED.store(is_enabled.call1((DEBUG,))?.is_truthy()?, Ordering::Relaxed);
    Ok(())
}

/// The logger, silent where the program has not set up logging: a library prints nothing.
fn logger(py: Python<'_>) -> PyResult<&Py<PyAny>> {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    LOGGER.get_or_try_init(py, || {
        let logging = py.import("logging")?;
        let logger = logging.call_method1("getLogger", (NAME,))?;
        logger.call_method1("addHandler", (logging.call_method0("NullHandler")?,))?;
        Ok(logger.unbind())
    })
}

struct ToPython;

impl tracing::Subscriber for ToPython {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.target() == NAME { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let wanted = *metadata.level() <= Level::WARN || DEBUG_WANTED.load(Ordering::Relaxed);
        metadata.target() == NAME && !metadata.is_span() && wanted
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::DEBUG)
    }

    fn event(&self, event: &Event<'_>) {
        let mut told = Told::default();
        event.record(&mut told);
        let level = if *event.metadata().level() <= Level::WARN { WARNING } else { DEBUG };
        let _calling = Calling::here();
        Python::try_attach(|py| {
            let Some(_inside) = inside() else { return };
            if let Err(raised) = told.log(py, level) {
                raised.write_unraisable(py, None);
            }
        });
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1) // there are none, since none is enabled
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// The message and the fields of an event.
#[derive(Default)]
struct Told {
    message: String,
    fields: Vec<(&'static str, String)>,
}

impl Told {
    /// One line for people, and the fields as the record's attribute `egito` for programs.
    fn log(self, py: Python<'_>, level: u8) -> PyResult<()> {
        let fields = PyDict::new(py);
        let mut line = self.message;
        for (name, value) in self.fields {
            let _ = write!(line, " {name}={value}"); // writing to a String does not fail
            fields.set_item(name, value)?;
        }
        let (extra, options) = (PyDict::new(py), PyDict::new(py));
        extra.set_item(NAME, fields)?;
        options.set_item("extra", extra)?;
        logger(py)?.bind(py).call_method("log", (level, "%s", line), Some(&options))?;
        Ok(())
    }
}

impl Visit for Told {
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
