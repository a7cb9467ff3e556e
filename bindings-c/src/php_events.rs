//! For the PHP package only: queues the events of a client until PHP takes them, since threads of the library cannot
//! call PHP. Not part of egito.h.

use crate::client::egito_client;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::Out;
use crate::handle::{Handle, HandleTag, free, handle, require};
use crate::panic::infallible;
use egito_core::{Event, EventHook};
use std::collections::VecDeque;
use std::ffi::c_char;
use std::sync::{Arc, Mutex, PoisonError};

/// Maximum number of queued events; the oldest are dropped first.
const MAX_QUEUED: usize = 10_000;

/// The queued events of a client.
pub struct egito_php_events {
    tag: HandleTag,
    queue: Arc<Mutex<VecDeque<String>>>,
}
handle!(egito_php_events, b"e_phpev_");

/// Queues the events of a client from now on. Replaces the listener of the client.
///
/// events: receives the queue; free it with egito_php_events_free.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_events_new(
    client: Option<&egito_client>,
    events: *mut *mut egito_php_events,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let events = Out::required("events", events)?;
        let queue = Arc::<Mutex<VecDeque<String>>>::default();
        require("client", client)?.core.on_event(Some(hook(queue.clone())));
        events.handle(egito_php_events { tag: HandleTag::new(egito_php_events::TAG), queue });
        Ok(())
    })
}

/// Takes the queued events, as one JSON array.
///
/// json: receives the array, or NULL if the queue is empty; free it with egito_string_free.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_events_take(
    events: Option<&egito_php_events>,
    json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let json = Out::required("json", json)?;
        let mut queue = require("events", events)?.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<String> = queue.drain(..).collect();
        drop(queue);
        json.string_or_null((!all.is_empty()).then(|| format!("[{}]", all.join(","))))
    })
}

/// Frees a queue. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_events_free(events: *mut egito_php_events) {
    infallible((), || free(events));
}

fn hook(queue: Arc<Mutex<VecDeque<String>>>) -> EventHook {
    Arc::new(move |event: &Event| {
        let json = serde_json::to_string(event).expect("events are plain data");
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.len() == MAX_QUEUED {
            queue.pop_front();
        }
        queue.push_back(json);
    })
}
