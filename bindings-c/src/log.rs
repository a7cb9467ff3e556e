//! What the library does, told line by line to a function of the program.

use crate::callback::{LogListener, egito_free_callback};
use crate::error::{egito_error, egito_status, fallible};
use egito_core::{Error, Result};
use std::ffi::{CString, c_char, c_int, c_void};
use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Arc, Once, PoisonError, RwLock};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::{Interest, Subscriber};
use tracing::{Event, Level, Metadata, span};

/// How much is told: everything up to the given level.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum egito_log_level {
    /// Nothing.
    EGITO_LOG_OFF = 0,
    /// What went wrong where no call could say it, such as a token that could not be stored.
    EGITO_LOG_WARNING = 1,
    /// Every attempt and every pause before a repeat as well.
    EGITO_LOG_DEBUG = 2,
}

/// Is told one line.
///
/// level: an egito_log_level.
/// line: a sentence and its data, such as "attempt action=get entity=Account attempt=1 status=200"; without a line end, good
///   until the function returns. No secret, record or filter stands in it.
/// user: as it was given to egito_log_to.
/// It is called on the thread that does the work, on several at a time where several work, and should return quickly.
pub type egito_log_callback = Option<unsafe extern "C" fn(level: c_int, line: *const c_char, user: *mut c_void)>;

/// Has a function told what all clients of this process do. There is one such function; a later one takes its place.
///
/// level: an egito_log_level; EGITO_LOG_OFF ends it.
/// callback: see egito_log_callback; NULL ends it.
/// user: handed to the callback as it is; may be NULL.
/// free_user: called with user once it is needed no more, on whichever thread that happens; at once where this function fails.
///   May be NULL.
/// Fails with EGITO_ERROR_CONFIG where there is no such level. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_log_to(
    level: c_int,
    callback: egito_log_callback,
    user: *mut c_void,
    free_user: egito_free_callback,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let listener = LogListener::new(callback, user, free_user);
        log_to(filter(level)?, listener)
    })
}

static LISTENER: RwLock<Option<Arc<LogListener>>> = RwLock::new(None);
/// As `egito_log_level`.
static LEVEL: AtomicI32 = AtomicI32::new(0);

fn log_to(level: c_int, listener: LogListener) -> Result<()> {
    static SUBSCRIBED: Once = Once::new();
    let listener = listener.listens().then(|| Arc::new(listener)).filter(|_| level > 0);
    LEVEL.store(if listener.is_some() { level } else { 0 }, Relaxed);
    let before = std::mem::replace(&mut *LISTENER.write().unwrap_or_else(PoisonError::into_inner), listener);
    drop(before); // nothing is locked: what it frees may come here itself
    let mut taken = Ok(());
    SUBSCRIBED.call_once(|| taken = tracing::subscriber::set_global_default(Lines));
    tracing::callsite::rebuild_interest_cache();
    taken.map_err(|_| Error::config("callback", "something else in this program listens to the library already"))
}

fn filter(level: c_int) -> Result<c_int> {
    let known = (egito_log_level::EGITO_LOG_OFF as c_int..=egito_log_level::EGITO_LOG_DEBUG as c_int).contains(&level);
    if known { Ok(level) } else { Err(Error::config("level", format!("{level} is no egito_log_level"))) }
}

/// Turns events of the library into lines. What its HTTP and TLS parts say is not looked at: secrets could stand in it.
struct Lines;

impl Subscriber for Lines {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.target() == "egito" { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        !metadata.is_span() && metadata.target() == "egito" && level_of(*metadata.level()) <= LEVEL.load(Relaxed)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(match LEVEL.load(Relaxed) {
            0 => LevelFilter::OFF,
            1 => LevelFilter::WARN,
            _ => LevelFilter::DEBUG,
        })
    }

    fn event(&self, event: &Event<'_>) {
        let listener = LISTENER.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener {
            let mut line = Line::default();
            event.record(&mut line);
            let line = CString::new((line.message + &line.data).replace('\0', "")).unwrap_or_default();
            listener.log(level_of(*event.metadata().level()), &line);
        }
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

fn level_of(level: Level) -> c_int {
    if level <= Level::WARN {
        egito_log_level::EGITO_LOG_WARNING as c_int
    } else {
        egito_log_level::EGITO_LOG_DEBUG as c_int
    }
}

#[derive(Default)]
struct Line {
    message: String,
    data: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a String cannot fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.data, " {name}={value:?}"),
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = match field.name() {
            "message" => write!(self.message, "{value}"),
            name => write!(self.data, " {name}={value}"),
        };
    }
}
