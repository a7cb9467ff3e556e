//! What a client does: counted, and told as it happens.

use crate::callback::{EventListener, egito_free_callback};
use crate::client::egito_client;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::Out;
use crate::handle::needed;
use egito_core::{Event, EventHook};
use std::ffi::{CString, c_char, c_void};
use std::sync::Arc;

/// Receives the end of every attempt, logins included, and with the setting start_events also its start.
///
/// event_json: {"kind": "end", "call": 1, "action": "get", "entity": "Account", "method": "GET", "host": "firma.egito.pl",
///   "attempt": 1, "status": 200, "code": null, "elapsed": 0.012, "bytes": 1187}. kind is "start" or "end"; call is the number of
///   the call, which all its attempts and the login that it needed have. The action of a login is "login", its entity null. elapsed
///   is in seconds, bytes are those of the answer's body, 0 for a login and at a start. The text is good until the function returns. No secret stands in it.
/// user: as it was given to egito_client_on_event.
/// It is called on the thread that makes the call; for a bulk on the bulk's own, and for what is read ahead on the one that reads
/// ahead: on several at a time where there are several. The call waits for it, and so do all calls of its bulk. From inside, calls
/// that need the server are EGITO_ERROR_CONFIG.
pub type egito_event_callback = Option<unsafe extern "C" fn(event_json: *const c_char, user: *mut c_void)>;

/// Has a function called at the end of every attempt of a client. A client has one; a later one takes its place.
///
/// callback: see egito_event_callback; NULL for none.
/// user: handed to the callback as it is; may be NULL.
/// free_user: called with user once it is needed no more: after another callback took its place, or after the client and all
///   its cursors and bulks were freed, on whichever thread that happens; at once where this function fails. May be NULL.
/// Fails with EGITO_ERROR_CONFIG where client is NULL. Any thread.
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
        needed("client", client)?.core.on_event(listener.listens().then(|| hook(listener)));
        Ok(())
    })
}

/// Counts what a client has done since it was made.
///
/// stats_json: receives {"calls": 3, "attempts": 4, "retries": 1, "logins": 1, "bytes_sent": 120, "bytes_received": 3400};
///   free it with egito_string_free. Later versions may count more.
/// Fails with EGITO_ERROR_CONFIG for a NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_stats(
    client: Option<&egito_client>,
    stats_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let stats_json = Out::needed("stats_json", stats_json)?;
        let stats = serde_json::to_string(&needed("client", client)?.core.stats());
        stats_json.text(stats.expect("stats are plain numbers"))
    })
}

fn hook(listener: EventListener) -> EventHook {
    Arc::new(move |event: &Event| {
        let json = serde_json::to_string(event).expect("events are plain data");
        listener.tell(&CString::new(json).expect("JSON has no NUL"));
    })
}
