//! Responses: HTTP status and headers of a call.

use crate::client::egito_client;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, unchecked_string};
use crate::handle::{Handle, HandleTag, free, handle, if_live, require};
use crate::panic::infallible;
use egito_core::binding::header_texts;
use egito_core::{Error, Response};
use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr::null;

/// The HTTP response of a call: its status and headers. Immutable and thread-safe.
pub struct egito_response {
    tag: HandleTag,
    core: Response<()>,
    headers: Vec<(CString, CString)>,
    json: CString,
}
handle!(egito_response, b"e_respon");

impl egito_response {
    fn new(core: Response<()>) -> Self {
        let text = |text: String| CString::new(text).expect("HTTP and JSON have no NUL");
        let Response { status, headers, attempts, call_id, elapsed, .. } = &core;
        let headers: Vec<(&str, String)> = header_texts(headers).collect();
        let json = serde_json::json!({
            "status": status,
            "headers": headers,
            "attempts": attempts,
            "call_id": call_id,
            "elapsed": elapsed.as_secs_f64(),
        });
        let json = text(json.to_string());
        let headers = headers.into_iter().map(|(name, value)| (text(name.to_owned()), text(value))).collect();
        Self { tag: HandleTag::new(Self::TAG), core, headers, json }
    }
}

/// Creates a second handle for a client. It keeps the HTTP response of its last call for egito_client_response, so
/// create one handle per thread that reads responses. Both handles share the login, the connections and the counters.
///
/// other: receives the second handle; free it with egito_client_free, before or after the first. Closing one closes
///   both.
/// Fails with EGITO_ERROR_CONFIG if an argument is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_with_response(
    client: Option<&egito_client>,
    other: *mut *mut egito_client,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let other = Out::required("other", other)?;
        other.handle(require("client", client)?.with_response());
        Ok(())
    })
}

/// Returns the HTTP response of the last call of a handle from egito_client_with_response, also if the call failed.
///
/// For a cursor of the handle it is the response of the last page that was fetched. Calls of a bulk keep no responses;
/// their events have the status.
/// response: receives the response; free it with egito_response_free. Receives NULL if the last call got no response,
///   and before the first call.
/// Fails with EGITO_ERROR_CONFIG if the handle keeps no responses. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_response(
    client: Option<&egito_client>,
    response: *mut *mut egito_response,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let response = Out::required("response", response)?;
        let sink = require("client", client)?.response.as_ref().ok_or_else(no_response_kept)?;
        response.handle_or_null(sink.get().map(|last| egito_response::new((*last).clone())));
        Ok(())
    })
}

/// Returns the HTTP status, such as 200; 0 if response is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_status(response: Option<&egito_response>) -> c_int {
    infallible(0, || if_live(response).map_or(0, |response| response.core.status.into()))
}

/// Returns the value of a header; NULL if it is missing, and if response is NULL.
///
/// name: name of the header, in any case.
/// index: 0 for the first value, 1 for the second one of a header that was sent several times, and so on.
/// Secrets are replaced by [removed], and so is the whole value of set-cookie, www-authenticate and similar headers.
/// Bytes beyond ASCII are read as Latin-1 and returned as UTF-8.
/// Do not free the string: it belongs to the response. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_header(
    response: Option<&egito_response>,
    name: *const c_char,
    index: usize,
) -> *const c_char {
    infallible(null(), || {
        let (response, name) = (if_live(response), unchecked_string(name));
        let values = response
            .iter()
            .flat_map(|response| &response.headers)
            .filter(|(known, _)| name.is_some_and(|name| known.as_bytes().eq_ignore_ascii_case(name.to_bytes())));
        borrowed(values.map(|(_, value)| value.as_c_str()).nth(index))
    })
}

/// Returns the number of header lines, for egito_response_header_name and egito_response_header_value; 0 if response is
/// NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_header_count(response: Option<&egito_response>) -> usize {
    infallible(0, || if_live(response).map_or(0, |response| response.headers.len()))
}

/// Returns the name of a header line by its index from 0, in lowercase; NULL after the last one, and if response is
/// NULL.
///
/// Do not free the string: it belongs to the response. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_header_name(response: Option<&egito_response>, index: usize) -> *const c_char {
    infallible(null(), || borrowed(line(response, index).map(|(name, _)| name.as_c_str())))
}

/// Returns the value of a header line by its index from 0; NULL after the last one, and if response is NULL. See
/// egito_response_header.
///
/// Do not free the string: it belongs to the response. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_header_value(response: Option<&egito_response>, index: usize) -> *const c_char {
    infallible(null(), || borrowed(line(response, index).map(|(_, value)| value.as_c_str())))
}

/// Returns the number of requests of the call; 0 if response is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_attempts(response: Option<&egito_response>) -> u32 {
    infallible(0, || if_live(response).map_or(0, |response| response.core.attempts))
}

/// Returns the number of the call, which its events have as `call`; 0 if response is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_call_id(response: Option<&egito_response>) -> u64 {
    infallible(0, || if_live(response).map_or(0, |response| response.core.call_id))
}

/// Returns the seconds from the start of the call to the response, including retries and backoff; 0 if response is
/// NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_elapsed(response: Option<&egito_response>) -> f64 {
    infallible(0.0, || if_live(response).map_or(0.0, |response| response.core.elapsed.as_secs_f64()))
}

/// Returns the whole response as one JSON object with the members `status`, `headers` (a list of names with values),
/// `attempts`, `call_id` and `elapsed`; NULL if response is NULL.
///
/// Do not free the string: it belongs to the response. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_json(response: Option<&egito_response>) -> *const c_char {
    infallible(null(), || borrowed(if_live(response).map(|response| response.json.as_c_str())))
}

/// Frees a response. NULL is allowed. Any thread, after all other uses of the response.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_free(response: *mut egito_response) {
    infallible((), || free(response));
}

fn line(response: Option<&egito_response>, index: usize) -> Option<&(CString, CString)> {
    if_live(response)?.headers.get(index)
}

fn borrowed(text: Option<&CStr>) -> *const c_char {
    text.map_or(null(), CStr::as_ptr)
}

fn no_response_kept() -> Error {
    Error::config("client", "this handle keeps no responses; create one that does with egito_client_with_response")
}
