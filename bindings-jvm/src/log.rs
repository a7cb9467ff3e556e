//! Warnings of the core, for a log in Kotlin.

use egito::binding::{Log, LogLevel, LogMessage, log_to};

/// Receives warnings.
#[uniffi::export(callback_interface)]
pub trait NativeLog: Send + Sync {
    /// Receives a warning as one line, on the thread that does the work. It must not throw.
    fn warn(&self, line: String);
}

/// Passes the warnings of all clients to the log from now on. Does nothing if another one receives them.
#[uniffi::export]
pub fn log_warnings_to(log: Box<dyn NativeLog>) {
    log_to(Warnings(log));
}

struct Warnings(Box<dyn NativeLog>);

impl Log for Warnings {
    fn level(&self) -> LogLevel {
        LogLevel::Warning
    }

    fn log(&self, _: LogLevel, message: LogMessage) {
        self.0.warn(message.to_string());
    }
}
