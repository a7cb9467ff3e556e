//! The client: creates, configures, closes and frees it.

use crate::callback;
use crate::cancellation::egito_cancellation_token;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, optional_string, required_string};
use crate::handle::{Handle, HandleTag, free, handle, if_live, require};
use crate::panic::infallible;
use egito_core::binding::{ResponseSink, report_to_json, with_response_sink};
use egito_core::blocking::Client;
use egito_core::{ProbeOptions, Settings};
use std::ffi::c_char;

/// A client for one customer's Egito. Thread-safe.
pub struct egito_client {
    tag: HandleTag,
    pub(crate) core: Client,
    /// Keeps the response of its calls, if requested.
    pub(crate) response: Option<ResponseSink>,
}
handle!(egito_client, b"e_client");

impl egito_client {
    fn new(core: Client) -> Self {
        Self { tag: HandleTag::new(Self::TAG), core, response: None }
    }

    /// Returns a handle whose calls keep their response.
    pub(crate) fn with_response(&self) -> Self {
        let sink = ResponseSink::default();
        Self { response: Some(sink.clone()), ..Self::new(with_response_sink(&self.core, &sink)) }
    }

    /// Returns a handle for the same client with other options or another cancellation token. It keeps responses if
    /// this one does.
    fn with_core(&self, core: Client) -> Self {
        Self { response: self.response.clone(), ..Self::new(core) }
    }
}

/// Creates a client from settings. Sends nothing: the first call logs in.
///
/// settings_json: one JSON object, such as
///   {"name": "firma", "client_id": "...", "client_secret": "...", "username": "jan@firma", "password": "..."}
///   Durations are in seconds (`timeout`) or milliseconds (`timeout_ms`). Unknown settings are refused.
/// client: receives the client; free it with egito_client_free.
/// Fails with EGITO_ERROR_CONFIG if a setting is missing, unknown or invalid; the error names it. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_new(
    settings_json: *const c_char,
    client: *mut *mut egito_client,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let client = Out::required("client", client)?;
        let settings = Settings::from_json(required_string("settings_json", settings_json)?.as_bytes())?;
        client.handle(egito_client::new(Client::new(settings)?));
        Ok(())
    })
}

/// Creates a client from the environment: EGITO_NAME (or EGITO_BASE_URL), EGITO_API_ID, EGITO_API_SECRET,
/// EGITO_USERNAME and EGITO_PASSWORD, variables of other settings such as EGITO_PAGE_SIZE, and the file that
/// EGITO_CONFIG names.
///
/// settings_json: NULL, or further settings as in egito_client_new, which override those of the environment.
/// client: receives the client; free it with egito_client_free.
/// Fails like egito_client_new. Thread-safe, as long as no thread changes the environment.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_from_env(
    settings_json: *const c_char,
    client: *mut *mut egito_client,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let client = Out::required("client", client)?;
        let settings = optional_string("settings_json", settings_json)?.unwrap_or("{}");
        client.handle(egito_client::new(Client::new(Settings::from_env(settings.as_bytes())?)?));
        Ok(())
    })
}

/// Creates a client from a TOML file with settings. The environment is not read.
///
/// path: the file. Its names are those of egito_client_new in snake_case.
/// settings_json: NULL, or further settings as in egito_client_new, which override those of the file.
/// client: receives the client; free it with egito_client_free.
/// Fails like egito_client_new; the error has the path and the line. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_from_file(
    path: *const c_char,
    settings_json: *const c_char,
    client: *mut *mut egito_client,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let client = Out::required("client", client)?;
        let settings = optional_string("settings_json", settings_json)?.unwrap_or("{}");
        let settings = Settings::from_file(required_string("path", path)?, settings.as_bytes())?;
        client.handle(egito_client::new(Client::new(settings)?));
        Ok(())
    })
}

/// Checks the settings on the server, and finds those that it needs. Writes nothing unless the options ask for it.
///
/// options_json: NULL, or a JSON object with `entities` (names whose lists are read), `write` (the entity of a test
///   record that is created, changed and deleted), `record` (its fields) and `timeout` (120 seconds).
/// report_json: receives {"checks": [...], "settings": {...}, "facts": {...}, "is_ok": true, "text": "...", "toml":
///   "...", "snippets": {...}, ...}; free it with egito_string_free. `toml` is a file for egito_client_from_file, and
///   `snippets` has the settings as environment variables (`env`) and as code (`c`, `cpp`, `python`, ...). Later
///   versions may add members. The report contains no secrets and no data of the customer.
/// Fails with EGITO_ERROR_CONFIG for an invalid option or a closed client, and with EGITO_ERROR_CANCELLED. Failed
/// checks are part of the report. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_probe(
    client: Option<&egito_client>,
    options_json: *const c_char,
    report_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let report_json = Out::required("report_json", report_json)?;
        callback::check_may_block()?;
        let options = optional_string("options_json", options_json)?.unwrap_or("{}");
        let report = require("client", client)?.core.probe(&ProbeOptions::from_json(options.as_bytes())?)?;
        report_json.string(report_to_json(&report))
    })
}

/// Closes a client: later calls fail with EGITO_ERROR_CONFIG, cursors return no more records, and idle connections are
/// closed.
///
/// Waits for calls in flight of other threads, at most for the setting close_timeout (5 seconds). Calls that are still
/// in flight then fail with EGITO_ERROR_CANCELLED, or with EGITO_ERROR_OUTCOME_UNKNOWN if a create was sent. Does not
/// wait inside a listener. The client must still be freed. Does nothing if client is NULL, or the second time.
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_close(client: Option<&egito_client>) {
    infallible((), || {
        if let Some(client) = if_live(client) {
            client.core.close();
        }
    });
}

/// Creates a second handle for a client. Calls through it can be cancelled. Both handles share the login, the settings
/// and the counters.
///
/// token: aborts the calls, cursors and bulks of the second handle, and no others.
/// other: receives the second handle; free it with egito_client_free, before or after the first. Closing one closes
///   both.
/// Fails with EGITO_ERROR_CONFIG if an argument is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_with_cancellation(
    client: Option<&egito_client>,
    token: Option<&egito_cancellation_token>,
    other: *mut *mut egito_client,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let other = Out::required("other", other)?;
        let client = require("client", client)?;
        other.handle(client.with_core(client.core.with_cancellation(&require("token", token)?.core)));
        Ok(())
    })
}

/// Creates a second handle for a client. Calls through it use other settings. Both handles share the login, the
/// connections and the counters.
///
/// options_json: one JSON object with settings of single calls, such as {"timeout_ms": 500, "max_retries": 0}.
/// other: receives the second handle; free it with egito_client_free, before or after the first. Closing one closes
///   both.
/// Fails with EGITO_ERROR_CONFIG for an invalid value, and for a setting that single calls cannot have. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_with_options(
    client: Option<&egito_client>,
    options_json: *const c_char,
    other: *mut *mut egito_client,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let other = Out::required("other", other)?;
        let client = require("client", client)?;
        other.handle(
            client.with_core(client.core.with_options(required_string("options_json", options_json)?.as_bytes())?),
        );
        Ok(())
    })
}

/// Frees a client. NULL is allowed. Its cursors and bulks keep working. Any thread, after all other uses of the handle.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_free(client: *mut egito_client) {
    infallible((), || free(client));
}

/// Panics inside the library, so that a test can check EGITO_ERROR_INTERNAL. Not part of the API.
#[cfg(feature = "test-panic")]
#[unsafe(no_mangle)]
pub extern "C" fn egito_panic_for_tests(client: Option<&egito_client>, error: *mut *mut egito_error) -> egito_status {
    fallible(error, || egito_core::binding::blocking_panic_for_tests(&require("client", client)?.core))
}
