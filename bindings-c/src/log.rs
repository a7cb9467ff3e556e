//! Logging: sends log lines of the library to a callback.

use crate::callback::{LogListener, egito_free_callback};
use crate::error::{egito_error, egito_status, fallible};
use egito_core::binding::{self, Log, LogLevel, LogMessage};
use egito_core::{Error, Result};
use std::ffi::{CString, c_char, c_int, c_void};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::sync::{Arc, Once, PoisonError, RwLock};

/// Log levels: each includes the ones before it.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum egito_log_level {
    /// Logs nothing.
    EGITO_LOG_OFF = 0,
    /// Logs failures that no call reports, such as a token that could not be stored.
    EGITO_LOG_WARNING = 1,
    /// Also logs every attempt, and every pause before a retry.
    EGITO_LOG_DEBUG = 2,
}

/// Receives one log line.
///
/// level: an egito_log_level.
/// line: a message and its data, such as "attempt action=get entity=Account attempt=1 status=200", without a line end.
///   Valid until the function returns. Contains no secrets, records or filters.
/// user: the pointer that was passed to egito_log_to.
/// Called on the thread that does the work, on several threads at once if there are several. It should return quickly.
pub type egito_log_callback = Option<unsafe extern "C" fn(level: c_int, line: *const c_char, user: *mut c_void)>;

/// Sets the function that receives the log lines of all clients of this process. There is one: a new one replaces the
/// old one.
///
/// level: an egito_log_level; EGITO_LOG_OFF stops logging.
/// callback: see egito_log_callback; NULL stops logging.
/// user: passed to the callback; may be NULL.
/// free_user: called with user after its last use, on any thread; at once if this function fails. May be NULL.
/// Fails with EGITO_ERROR_CONFIG for an unknown level. Thread-safe.
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
        log_to(checked_level(level)?, listener)
    })
}

static LISTENER: RwLock<Option<Arc<LogListener>>> = RwLock::new(None);
/// Current `egito_log_level`.
static LEVEL: AtomicI32 = AtomicI32::new(0);

fn log_to(level: c_int, listener: LogListener) -> Result<()> {
    static SUBSCRIBED: Once = Once::new();
    let listener = listener.has_callback().then(|| Arc::new(listener)).filter(|_| level > 0);
    LEVEL.store(if listener.is_some() { level } else { 0 }, Relaxed);
    let previous = std::mem::replace(&mut *LISTENER.write().unwrap_or_else(PoisonError::into_inner), listener);
    drop(previous); // without a lock: its free_user may call this function
    let mut subscribed = true;
    SUBSCRIBED.call_once(|| subscribed = binding::log_to(Lines));
    binding::log_level_changed();
    if subscribed {
        Ok(())
    } else {
        Err(Error::config("callback", "another tracing subscriber is already installed in this program"))
    }
}

fn checked_level(level: c_int) -> Result<c_int> {
    let known = (egito_log_level::EGITO_LOG_OFF as c_int..=egito_log_level::EGITO_LOG_DEBUG as c_int).contains(&level);
    if known {
        Ok(level)
    } else {
        Err(Error::config("level", format!("invalid `level`: expected an egito_log_level, got {level}")))
    }
}

/// Passes messages to the callback as lines.
struct Lines;

impl Log for Lines {
    fn level(&self) -> LogLevel {
        match LEVEL.load(Relaxed) {
            0 => LogLevel::Off,
            1 => LogLevel::Warning,
            _ => LogLevel::Debug,
        }
    }

    fn log(&self, level: LogLevel, message: LogMessage) {
        let listener = LISTENER.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener {
            let line = CString::new(message.to_string().replace('\0', "")).unwrap_or_default();
            listener.log(number_of(level), &line);
        }
    }
}

fn number_of(level: LogLevel) -> c_int {
    let number = match level {
        LogLevel::Off => egito_log_level::EGITO_LOG_OFF,
        LogLevel::Warning => egito_log_level::EGITO_LOG_WARNING,
        LogLevel::Debug => egito_log_level::EGITO_LOG_DEBUG,
    };
    number as c_int
}
