//! Reports attempts: as `tracing` events, and to a hook for programs that do not use `tracing`.

use crate::error::Code;
use crate::stats::Counters;
use serde::Serialize;
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

/// A report about one attempt: that it has ended or, with the setting `start_events`, that it starts. It contains no secrets, records
/// or filters.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// # egito_test_support::run(async |client| {
/// let events = Arc::new(Mutex::new(Vec::new()));
/// let seen = events.clone();
/// client.on_event(Some(Arc::new(move |event: &egito::Event| seen.lock().unwrap().push(event.clone()))));
/// client.accounts().get(1).await?;
///
/// let events = events.lock().unwrap();
/// assert_eq!((events[0].action.as_str(), events[0].attempt, events[0].status), ("login", 1, Some(200)));
/// assert_eq!((events[1].action.as_str(), events[1].entity.as_deref()), ("get", Some("Account")));
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Event {
    /// Whether the attempt starts or has ended.
    pub kind: EventKind,
    /// Number of the call, counted by the client from 1. All attempts of a call have the same number, and so has the login that it
    /// needs.
    pub call: u64,
    /// Action, such as `create` or `get`; or `login`.
    pub action: String,
    /// Entity of the call; `None` for a login.
    pub entity: Option<String>,
    /// Id of the outbox entry that the call belongs to, also if it only looks for the record; `None` for other calls and for a login.
    pub entry: Option<i64>,
    /// HTTP method of the request, such as `GET`.
    pub method: &'static str,
    /// Host of the server, with its port if it is not the default.
    pub host: String,
    /// Number of the attempt. The first is 1.
    pub attempt: u32,
    /// HTTP status, if there was a response.
    pub status: Option<u16>,
    /// Code of the error, if the attempt failed.
    pub code: Option<Code>,
    /// Duration of the attempt in seconds; 0 at its start.
    pub elapsed: f64,
    /// Size of the response body in bytes; 0 for a login and at a start.
    pub bytes: u64,
    /// The caller's number for the call, see [`binding::tagged`](crate::binding::tagged).
    #[serde(skip)]
    pub(crate) tag: u64,
}

/// The kind of an [`Event`].
///
/// ```
/// use egito::EventKind;
///
/// let hook: egito::EventHook = std::sync::Arc::new(|event| match event.kind {
///     EventKind::Start => println!("{} {} starts", event.method, event.host),
///     _ => println!("it took {} s", event.elapsed),
/// });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventKind {
    /// The attempt starts, before its request is sent.
    Start,
    /// The attempt has ended, with a response or an error. With start events, a cancelled attempt has this event too.
    End,
}

/// The data of a call that all its events have. The login that a call needs has its own.
#[derive(Clone, Debug)]
pub(crate) struct CallInfo {
    pub call: u64,
    pub tag: u64,
    pub action: Cow<'static, str>,
    pub entity: Option<Arc<str>>,
    pub entry: Option<i64>,
    pub method: &'static str,
}

/// A function that is called at the end of every attempt, and with the setting `start_events` also at its start.
///
/// See [`Client::on_event`](crate::Client::on_event).
///
/// ```
/// use std::sync::Arc;
///
/// let hook: egito::EventHook = Arc::new(|event| println!("{event:?}"));
/// ```
pub type EventHook = Arc<dyn Fn(&Event) + Send + Sync>;

/// Reports and counts the attempts of a client.
#[derive(Default)]
pub(crate) struct Events {
    pub counters: Counters,
    hook: RwLock<Option<EventHook>>,
    calls: AtomicU64,
}

impl Events {
    pub(crate) fn set_hook(&self, hook: Option<EventHook>) {
        let mut current = self.hook.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let previous = std::mem::replace(&mut *current, hook);
        drop(current); // dropping the previous hook may run code that calls this function
        drop(previous);
    }

    /// Returns the number of a new call.
    pub(crate) fn new_call(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Returns whether an event would have a listener. If not, the event need not be created.
    pub(crate) fn has_listeners(&self) -> bool {
        tracing::enabled!(target: "egito", tracing::Level::DEBUG) || self.hook().is_some()
    }

    pub(crate) fn report(&self, event: &Event) {
        if event.kind == EventKind::Start {
            tracing::debug!(
                target: "egito",
                action = event.action,
                entity = event.entity,
                entry = event.entry,
                attempt = event.attempt,
                "attempt starts"
            );
        } else {
            Self::log_end(event);
        }
        if let Some(hook) = self.hook() {
            // A panic of the hook must not change the result of the call.
            if catch_unwind(AssertUnwindSafe(|| hook(event))).is_err() {
                tracing::warn!(target: "egito", "the event hook panicked");
            }
        }
    }

    fn log_end(event: &Event) {
        tracing::debug!(
            target: "egito",
            action = event.action,
            entity = event.entity,
            entry = event.entry,
            attempt = event.attempt,
            status = event.status,
            code = event.code.map(Code::as_str),
            elapsed = event.elapsed,
            bytes = event.bytes,
            "attempt"
        );
    }

    /// Counts and reports a retry, before its delay.
    pub(crate) fn retrying(&self, attempt: u32, delay: Duration) {
        self.counters.retries.add(1);
        tracing::debug!(target: "egito", attempt, pause = delay.as_secs_f64(), "retry");
    }

    fn hook(&self) -> Option<EventHook> {
        self.hook.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events").field("counters", &self.counters).finish_non_exhaustive()
    }
}
