//! Responses: HTTP status and headers of a call.

use crate::client::egito_client;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, bytes};
use crate::handle::{Handle, Mark, free, handle, live, needed};
use crate::panic::infallible;
use egito_core::binding::header_texts;
use egito_core::{Error, Response};
use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr::null;

/// The HTTP response of a call: its status and headers. It never changes, so any number of threads may read it.
pub struct egito_response {
    mark: Mark,
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
        Self { mark: Mark::new(Self::KIND), core, headers, json }
    }
}

/// Makes a second handle for a client, whose calls keep their HTTP response for egito_client_response. Both share the login, the
/// connections and the counters.
///
/// other: receives the second handle; free it with egito_client_free, before or after the first. Closing one closes both.
/// Fails with EGITO_ERROR_CONFIG for a NULL. Any thread. Give each thread that asks for responses a handle of its own.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_with_response(
    client: Option<&egito_client>,
    other: *mut *mut egito_client,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let other = Out::needed("other", other)?;
        other.handle(needed("client", client)?.with_response());
        Ok(())
    })
}

/// Gives the HTTP response of the last call that was made with a handle from egito_client_with_response, also of one that failed.
///
/// For a cursor that was begun with the handle it is the response of the page that was fetched last. Bulks keep no order: events
/// tell the status of each of their attempts.
/// response: receives the response; free it with egito_response_free. Receives NULL where the last call got no response, and before
///   the first call.
/// Fails with EGITO_ERROR_CONFIG where the handle keeps no responses. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_client_response(
    client: Option<&egito_client>,
    response: *mut *mut egito_response,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let response = Out::needed("response", response)?;
        let sink = needed("client", client)?.response.as_ref().ok_or_else(keeps_none)?;
        response.handle_or_null(sink.get().map(|last| egito_response::new((*last).clone())));
        Ok(())
    })
}

/// The HTTP status, such as 200; 0 where response is NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_status(response: Option<&egito_response>) -> c_int {
    infallible(0, || live(response).map_or(0, |response| response.core.status.into()))
}

/// The value of a header; NULL where there is none, and where response is NULL.
///
/// name: its name, in letters of any case.
/// index: 0 for the first value, 1 for the second of a header that was sent several times, and so on.
/// Secrets are replaced by [removed], and so is the whole value of set-cookie, www-authenticate and the like. A byte of the value
/// beyond ASCII is the character of its number, in UTF-8.
/// The text is the response's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_header(
    response: Option<&egito_response>,
    name: *const c_char,
    index: usize,
) -> *const c_char {
    infallible(null(), || {
        let (response, name) = (live(response), bytes(name));
        let values = response
            .iter()
            .flat_map(|response| &response.headers)
            .filter(|(known, _)| name.is_some_and(|name| known.as_bytes().eq_ignore_ascii_case(name.to_bytes())));
        borrowed(values.map(|(_, value)| value.as_c_str()).nth(index))
    })
}

/// How many header lines there are, for egito_response_header_name and egito_response_header_value. 0 where response is NULL. Any
/// thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_header_count(response: Option<&egito_response>) -> usize {
    infallible(0, || live(response).map_or(0, |response| response.headers.len()))
}

/// The name of a header line by its index from 0, in small letters; NULL behind the last one, and where response is NULL.
///
/// The text is the response's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_header_name(response: Option<&egito_response>, index: usize) -> *const c_char {
    infallible(null(), || borrowed(line(response, index).map(|(name, _)| name.as_c_str())))
}

/// The value of a header line by its index from 0; NULL behind the last one, and where response is NULL. See egito_response_header.
///
/// The text is the response's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_header_value(response: Option<&egito_response>, index: usize) -> *const c_char {
    infallible(null(), || borrowed(line(response, index).map(|(_, value)| value.as_c_str())))
}

/// How many requests were made for the call; 0 where response is NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_attempts(response: Option<&egito_response>) -> u32 {
    infallible(0, || live(response).map_or(0, |response| response.core.attempts))
}

/// The number of the call: the `call` of its events. 0 where response is NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_call_id(response: Option<&egito_response>) -> u64 {
    infallible(0, || live(response).map_or(0, |response| response.core.call_id))
}

/// Seconds from the start of the call to the response, with earlier attempts and the pauses between them; 0 where response is NULL.
/// Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_elapsed(response: Option<&egito_response>) -> f64 {
    infallible(0.0, || live(response).map_or(0.0, |response| response.core.elapsed.as_secs_f64()))
}

/// The whole response as one JSON object, with the members `status`, `headers` (a list of names with values), `attempts`, `call_id` and
/// `elapsed`; NULL where response is NULL.
///
/// The text is the response's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_json(response: Option<&egito_response>) -> *const c_char {
    infallible(null(), || borrowed(live(response).map(|response| response.json.as_c_str())))
}

/// Frees a response. NULL is fine. Any thread, once no other one reads it.
#[unsafe(no_mangle)]
pub extern "C" fn egito_response_free(response: *mut egito_response) {
    infallible((), || free(response));
}

fn line(response: Option<&egito_response>, index: usize) -> Option<&(CString, CString)> {
    live(response)?.headers.get(index)
}

fn borrowed(text: Option<&CStr>) -> *const c_char {
    text.map_or(null(), CStr::as_ptr)
}

fn keeps_none() -> Error {
    Error::config("client", "this handle keeps no responses; make one that does with egito_client_with_response")
}
