//! Passes the `tracing` events of the core to the log of another language.

use std::fmt::{Debug, Display, Formatter};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::{Interest, Subscriber};
use tracing::{Event, Level, Metadata, span};

const TARGET: &str = "egito";

/// A log that receives the messages of the core. Those of its HTTP and TLS crates, which may contain secrets, are not passed on.
///
/// ```
/// use egito::binding::{Log, LogLevel, LogMessage, log_to};
///
/// struct Warnings;
///
/// impl Log for Warnings {
///     fn level(&self) -> LogLevel {
///         LogLevel::Warning
///     }
///
///     fn log(&self, _: LogLevel, message: LogMessage) {
///         eprintln!("{message}");
///     }
/// }
///
/// assert!(log_to(Warnings));
/// ```
pub trait Log: Send + Sync + 'static {
    /// Returns the level of the messages that are logged at present. After it has changed, call [`log_level_changed`].
    fn level(&self) -> LogLevel;

    /// Logs a message, on the thread that does the work.
    fn log(&self, level: LogLevel, message: LogMessage);
}

/// The level of a message or a log. Each includes the ones before it.
///
/// ```
/// use egito::binding::LogLevel;
///
/// assert!(LogLevel::Warning < LogLevel::Debug);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Nothing is logged.
    Off,
    /// Failures that no call reports, such as a token that could not be stored.
    Warning,
    /// Every attempt, and every pause before a retry.
    Debug,
}

/// A message and its data, which contain no secrets, records or filters. Displayed as one line.
///
/// ```
/// use egito::binding::LogMessage;
///
/// let message = LogMessage { text: "attempt".to_owned(), fields: vec![("action", "get".to_owned())] };
/// assert_eq!(message.to_string(), "attempt action=get");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogMessage {
    /// The text, such as `attempt`.
    pub text: String,
    /// Names and values.
    pub fields: Vec<(&'static str, String)>,
}

/// Passes all messages of this process to a log from now on. Returns whether it could: a process has one.
///
/// See [`Log`] for an example:
///
/// ```
/// # use egito::binding::{Log, LogLevel, LogMessage, log_to};
/// # struct Nothing;
/// # impl Log for Nothing {
/// #     fn level(&self) -> LogLevel { LogLevel::Off }
/// #     fn log(&self, _: LogLevel, _: LogMessage) {}
/// # }
/// assert!(log_to(Nothing));
/// assert!(!log_to(Nothing));
/// ```
pub fn log_to(log: impl Log) -> bool {
    tracing::subscriber::set_global_default(Forwarder(log)).is_ok()
}

/// Reads the level of the log again.
///
/// ```
/// egito::binding::log_level_changed();
/// ```
pub fn log_level_changed() {
    tracing::callsite::rebuild_interest_cache();
}

struct Forwarder<L>(L);

impl<L: Log> Subscriber for Forwarder<L> {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.target() == TARGET { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == TARGET && !metadata.is_span() && level_of(*metadata.level()) <= self.0.level()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(match self.0.level() {
            LogLevel::Off => LevelFilter::OFF,
            LogLevel::Warning => LevelFilter::WARN,
            LogLevel::Debug => LevelFilter::DEBUG,
        })
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = LogMessage::default();
        event.record(&mut message);
        self.0.log(level_of(*event.metadata().level()), message);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1) // no span is enabled
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

fn level_of(level: Level) -> LogLevel {
    if level <= Level::WARN { LogLevel::Warning } else { LogLevel::Debug }
}

impl LogMessage {
    fn add(&mut self, name: &'static str, value: String) {
        if name == "message" {
            self.text = value;
        } else {
            self.fields.push((name, value));
        }
    }
}

impl Visit for LogMessage {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field.name(), value.to_owned());
    }
}

impl Display for LogMessage {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)?;
        self.fields.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}
