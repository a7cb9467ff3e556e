//! Responses of calls as JSON, for callers who ask for them.

use egito::Response;
use egito::binding::header_texts;

/// Returns the parts of a response, whose value is this JSON, as `lib/response.ts` reads them. The time is in nanoseconds: an
/// integer, which no setting of the caller's turns into another type.
pub fn to_json<T>(response: &Response<T>, value: &str) -> String {
    let Response { status, headers, attempts, call_id, elapsed, .. } = response;
    let headers = serde_json::to_string(&header_texts(headers).collect::<Vec<_>>()).expect("texts are JSON");
    format!("[{value},{status},{headers},{attempts},{call_id},{}]", elapsed.as_nanos())
}
