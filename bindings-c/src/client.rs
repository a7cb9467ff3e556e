//! The client: made, closed, freed.

use crate::error::{egito_error, egito_status};
use crate::ffi::{Out, needed, optional_text, text};
use crate::panic::{fallible, infallible};
use egito_core::Settings;
use egito_core::blocking::Client;
use std::ffi::c_char;

/// The connection to one customer's Egito. Any number of threads may use one client at a time.
pub struct egito_client {
    pub(crate) core: Client,
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
        client.handle(egito_client { core: Client::new(settings)? });
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
        client.handle(egito_client { core: Client::new(Settings::from_env(settings.as_bytes())?)? });
        Ok(())
    })
}

/// Closes a client: calls and cursors that begin a request later fail with EGITO_ERROR_CONFIG, those under way go on.
///
/// The client must still be freed. NULL and a second close are fine. Any thread, also while others use the client.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_close(client: Option<&egito_client>) {
    infallible((), || {
        if let Some(client) = client {
            client.core.close();
        }
    });
}

/// Frees a client. NULL is fine. No other thread may use the client any more; its cursors go on by themselves.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_free(client: Option<Box<egito_client>>) {
    infallible((), || drop(client));
}

/// Panics inside the library, so that a test can see it come out as EGITO_ERROR_INTERNAL. No part of the API.
#[unsafe(no_mangle)]
pub extern "C" fn egito_panic_for_tests(client: Option<&egito_client>, error: *mut *mut egito_error) -> egito_status {
    fallible(error, || needed("client", client)?.core.panic_for_tests())
}
