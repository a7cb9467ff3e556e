//! Responses of calls as JSON, for callers that ask for them.

use egito::Response;
use egito::binding::header_texts;

/// Returns the parts of a response with this JSON as its value, as `lib/response.ts` reads them. The time is in nanoseconds: no
/// setting changes the type of an integer.
pub fn to_json<T>(response: &Response<T>, value: &str) -> String {
    let Response { status, headers, attempts, call_id, elapsed, .. } = response;
    let headers = serde_json::to_string(&header_texts(headers).collect::<Vec<_>>()).expect("strings are JSON");
    format!("[{value},{status},{headers},{attempts},{call_id},{}]", elapsed.as_nanos())
}
