//! The client: made, closed, freed.

use crate::cancel::egito_cancel;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, optional_text, text};
use crate::handle::{Handle, Mark, free, handle, live, needed};
use crate::panic::infallible;
use egito_core::Settings;
use egito_core::binding::{ResponseSink, with_response_sink};
use egito_core::blocking::Client;
use std::ffi::c_char;

/// The connection to one customer's Egito. Any number of threads may use one client at a time.
pub struct egito_client {
    mark: Mark,
    pub(crate) core: Client,
    /// Where its calls leave their response, if they do.
    pub(crate) response: Option<ResponseSink>,
}
handle!(egito_client, b"e_client");

impl egito_client {
    fn new(core: Client) -> Self {
        Self { mark: Mark::new(Self::KIND), core, response: None }
    }

    /// Returns a handle whose calls keep their response.
    pub(crate) fn with_response(&self) -> Self {
        let sink = ResponseSink::default();
        Self { response: Some(sink.clone()), ..Self::new(with_response_sink(&self.core, &sink)) }
    }

    /// Returns a handle for the same client with another context, which keeps responses where this one does.
    fn with_core(&self, core: Client) -> Self {
        Self { response: self.response.clone(), ..Self::new(core) }
    }
}

/// Makes a client from settings. Nothing is sent yet: the first call logs in.
///
/// settings_json: one JSON object, such as
///   {"name": "firma", "client_id": "...", "client_secret": "...", "username": "jan@firma", "password": "..."}
///   Durations are seconds (`timeout`), or milliseconds (`timeout_ms`). Unknown settings are refused.
/// client: receives the client; free it with egito_client_free.
/// Fails with EGITO_ERROR_CONFIG where a setting is missing, unknown or wrong; the error names it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_new(
    settings_json: *const c_char,
    client: *mut *mut egito_client,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let client = Out::needed("client", client)?;
        let settings = Settings::from_json(text("settings_json", settings_json)?.as_bytes())?;
        client.handle(egito_client::new(Client::new(settings)?));
        Ok(())
    })
}

/// Makes a client from the environment: EGITO_NAME (or EGITO_BASE_URL), EGITO_API_ID, EGITO_API_SECRET, EGITO_USERNAME
/// and EGITO_PASSWORD.
///
/// settings_json: NULL, or further settings as in egito_client_new, which go before those of the environment.
/// client: receives the client; free it with egito_client_free.
/// Fails with EGITO_ERROR_CONFIG as egito_client_new does. Any thread, while no other one changes the environment.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_from_env(
    settings_json: *const c_char,
    client: *mut *mut egito_client,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let client = Out::needed("client", client)?;
        let settings = optional_text("settings_json", settings_json)?.unwrap_or("{}");
        client.handle(egito_client::new(Client::new(Settings::from_env(settings.as_bytes())?)?));
        Ok(())
    })
}

/// Closes a client: calls that begin later fail with EGITO_ERROR_CONFIG, cursors give no more records, and idle connections are closed.
///
/// Waits for the calls in flight of other threads, at most for the setting close_timeout (5 seconds); what is still in flight then
/// fails with EGITO_ERROR_CANCELLED, or EGITO_ERROR_OUTCOME_UNKNOWN where a create was sent. Inside a listener it does not wait.
/// The client must still be freed. NULL and a second close are fine. Any thread, also while others use the client.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_close(client: Option<&egito_client>) {
    infallible((), || {
        if let Some(client) = live(client) {
            client.core.close();
        }
    });
}

/// Makes a second handle for a client, whose calls a cancel handle ends. Both share the login, the settings and the counters.
///
/// cancel: from egito_cancel_new. It ends calls, cursors and bulks that are begun with the second handle, and no others.
/// cancellable: receives the second handle; free it with egito_client_free, before or after the first. Closing one closes both.
/// Fails with EGITO_ERROR_CONFIG for a NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_cancelled_by(
    client: Option<&egito_client>,
    cancel: Option<&egito_cancel>,
    cancellable: *mut *mut egito_client,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let cancellable = Out::needed("cancellable", cancellable)?;
        let client = needed("client", client)?;
        cancellable.handle(client.with_core(client.core.with_cancellation(&needed("cancel", cancel)?.core)));
        Ok(())
    })
}

/// Makes a second handle for a client, whose calls go by other settings. Both share the login, the connections and the counters.
///
/// options_json: one JSON object with settings that belong to single calls, such as {"timeout_ms": 500, "max_retries": 0}.
/// other: receives the second handle; free it with egito_client_free, before or after the first. Closing one closes both.
/// Fails with EGITO_ERROR_CONFIG for a wrong value, and for a setting that belongs to the whole client. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_with_options(
    client: Option<&egito_client>,
    options_json: *const c_char,
    other: *mut *mut egito_client,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let other = Out::needed("other", other)?;
        let client = needed("client", client)?;
        other.handle(client.with_core(client.core.with_options(text("options_json", options_json)?.as_bytes())?));
        Ok(())
    })
}

/// Frees a client. NULL is fine. No other thread may use the handle any more; its cursors and bulks go on by themselves.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_free(client: *mut egito_client) {
    infallible((), || free(client));
}

/// Panics inside the library, so that a test can see it come out as EGITO_ERROR_INTERNAL. No part of the API.
#[unsafe(no_mangle)]
pub extern "C" fn egito_panic_for_tests(client: Option<&egito_client>, error: *mut *mut egito_error) -> egito_status {
    fallible(error, || egito_core::binding::blocking_panic_for_tests(&needed("client", client)?.core))
}
