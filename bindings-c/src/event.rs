//! Events and statistics of a client.

use crate::callback::{EventListener, egito_free_callback};
use crate::client::egito_client;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::Out;
use crate::handle::require;
use egito_core::{Event, EventHook};
use std::ffi::{CString, c_char, c_void};
use std::sync::Arc;

/// Receives an event at the end of every attempt, including logins; with the setting start_events also at its start.
///
/// event_json: {"kind": "end", "call": 1, "action": "get", "entity": "Account", "entry": null, "method": "GET", "host":
///   "firma.egito.pl", "attempt": 1, "status": 200, "code": null, "elapsed": 0.012, "bytes": 1187}. kind is "start" or
///   "end". call is the number of the call: all its attempts have it, and so does its login. A login has the action
///   "login" and the entity null. entry is the id of the outbox entry that the call belongs to, or null. elapsed is in
///   seconds. bytes is the size of the response body, 0 for a login and at a start. The string is valid until the
///   function returns, and contains no secrets.
/// user: the pointer that was passed to egito_client_on_event.
/// Called on the thread that makes the call, on the thread of a bulk, or on the thread that reads ahead; on several
/// threads at once if there are several. The call waits for the function, and so do all calls of a bulk. Inside of it,
/// calls to the server fail with EGITO_ERROR_CONFIG.
pub type egito_event_callback = Option<unsafe extern "C" fn(event_json: *const c_char, user: *mut c_void)>;

/// Sets the function that receives the events of a client. A client has one: a new one replaces the old one.
///
/// callback: see egito_event_callback; NULL removes it.
/// user: passed to the callback; may be NULL.
/// free_user: called with user after its last use: after the callback was replaced, or after the client and all its
///   cursors and bulks were freed, on any thread; at once if this function fails. May be NULL.
/// Fails with EGITO_ERROR_CONFIG if client is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_on_event(
    client: Option<&egito_client>,
    callback: egito_event_callback,
    user: *mut c_void,
    free_user: egito_free_callback,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let listener = EventListener::new(callback, user, free_user);
        require("client", client)?.core.on_event(listener.has_callback().then(|| hook(listener)));
        Ok(())
    })
}

/// Returns the statistics of a client.
///
/// stats_json: receives {"calls": 3, "attempts": 4, "retries": 1, "logins": 1, "bytes_sent": 120, "bytes_received":
///   3400}; free it with egito_string_free. Later versions may add members.
/// Fails with EGITO_ERROR_CONFIG if an argument is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_stats(
    client: Option<&egito_client>,
    stats_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let stats_json = Out::required("stats_json", stats_json)?;
        let stats = serde_json::to_string(&require("client", client)?.core.stats());
        stats_json.string(stats.expect("stats are plain numbers"))
    })
}

fn hook(listener: EventListener) -> EventHook {
    Arc::new(move |event: &Event| {
        let json = serde_json::to_string(event).expect("events are plain data");
        listener.notify(&CString::new(json).expect("JSON has no NUL"));
    })
}
