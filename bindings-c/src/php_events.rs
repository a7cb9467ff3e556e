//! For the PHP package alone: what a client does, kept until PHP asks. PHP code cannot be called from threads of the library. No
//! part of egito.h.

use crate::client::egito_client;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::Out;
use crate::handle::{Handle, Mark, free, handle, needed};
use crate::panic::infallible;
use egito_core::{Event, EventHook};
use std::collections::VecDeque;
use std::ffi::c_char;
use std::sync::{Arc, Mutex, PoisonError};

/// More events than this are not kept; the oldest go first.
const MAX_KEPT: usize = 10_000;

/// The events of a client that were not taken yet.
pub struct egito_php_events {
    mark: Mark,
    queue: Arc<Mutex<VecDeque<String>>>,
}
handle!(egito_php_events, b"e_phpev_");

/// Keeps the events of a client from now on. It is the client's one listener.
///
/// events: receives the queue; free it with egito_php_events_free.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_events_new(
    client: Option<&egito_client>,
    events: *mut *mut egito_php_events,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let events = Out::needed("events", events)?;
        let queue = Arc::<Mutex<VecDeque<String>>>::default();
        needed("client", client)?.core.on_event(Some(hook(queue.clone())));
        events.handle(egito_php_events { mark: Mark::new(egito_php_events::KIND), queue });
        Ok(())
    })
}

/// Takes the events that were kept since the last time, as one JSON array.
///
/// json: receives the array, or NULL where there are none; free it with egito_string_free.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_events_take(
    events: Option<&egito_php_events>,
    json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let json = Out::needed("json", json)?;
        let mut queue = needed("events", events)?.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<String> = queue.drain(..).collect();
        drop(queue);
        json.text_or_null((!all.is_empty()).then(|| format!("[{}]", all.join(","))))
    })
}

/// Frees a queue. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_events_free(events: *mut egito_php_events) {
    infallible((), || free(events));
}

fn hook(queue: Arc<Mutex<VecDeque<String>>>) -> EventHook {
    Arc::new(move |event: &Event| {
        let json = serde_json::to_string(event).expect("events are plain data");
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.len() == MAX_KEPT {
            queue.pop_front();
        }
        queue.push_back(json);
    })
}
