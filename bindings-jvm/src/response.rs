//! Responses of calls as JSON, for callers that ask for them.

use egito::Response;
use egito::binding::header_texts;

/// Returns an array: the value, the HTTP status, the headers, the number of attempts, the number of the call, and its duration in
/// nanoseconds.
pub fn response_json<T>(response: &Response<T>, value: &[u8]) -> Vec<u8> {
    let Response { status, headers, attempts, call_id, elapsed, .. } = response;
    let headers = serde_json::to_string(&header_texts(headers).collect::<Vec<_>>()).expect("strings are JSON");
    let rest = format!(",{status},{headers},{attempts},{call_id},{}]", elapsed.as_nanos());
    [b"[", value, rest.as_bytes()].concat()
}
