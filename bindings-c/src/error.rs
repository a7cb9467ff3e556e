//! Errors: the status of every function, and the error with its details.

use crate::code::egito_code_name;
use crate::ffi::{Out, without_nul};
use crate::handle::{Handle, HandleTag, free, handle, if_live};
use crate::panic::{catch_panics, infallible};
pub use crate::status::egito_status;
use egito_core::{Error, Outcome, Result};
use std::ffi::{CString, c_char, c_int};

/// The outcome of a failed write: whether the server has done it, as far as that is known.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum egito_outcome {
    /// Not a write.
    EGITO_OUTCOME_NONE = 0,
    /// The request never reached the server, or its token was refused before anything ran.
    EGITO_OUTCOME_NOT_SENT = 1,
    /// The server responded and did not do it.
    EGITO_OUTCOME_REJECTED = 2,
    /// It may have been done.
    EGITO_OUTCOME_UNKNOWN = 3,
}

/// An error with all its details. Immutable and thread-safe.
pub struct egito_error {
    tag: HandleTag,
    error: Error,
    message: CString,
    json: CString,
}
handle!(egito_error, b"e_error_");

impl egito_error {
    pub(crate) fn new(error: Error) -> Self {
        let message = without_nul(&error.details().message);
        let json = without_nul(&error.to_json());
        Self { tag: HandleTag::new(Self::TAG), error, message, json }
    }
}

/// Returns the status of the failed function; EGITO_OK if error is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_error_code(error: Option<&egito_error>) -> egito_status {
    infallible(egito_status::EGITO_OK, || {
        if_live(error).map_or(egito_status::EGITO_OK, |error| error.error.code().into())
    })
}

/// Returns the name of the error code, such as "not_found"; "ok" if error is NULL.
///
/// Do not free the string: it is static. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_error_name(error: Option<&egito_error>) -> *const c_char {
    infallible(c"ok".as_ptr(), || {
        if_live(error).map_or(c"ok".as_ptr(), |error| egito_code_name(error.error.code() as c_int))
    })
}

/// Returns the human-readable message: what happened, and what to do. Empty if error is NULL.
///
/// Do not free the string: it belongs to the error. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_error_message(error: Option<&egito_error>) -> *const c_char {
    infallible(c"".as_ptr(), || if_live(error).map_or(c"".as_ptr(), |error| error.message.as_ptr()))
}

/// Returns the outcome of a failed write; EGITO_OUTCOME_NONE for a read, and if error is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_error_outcome(error: Option<&egito_error>) -> egito_outcome {
    infallible(egito_outcome::EGITO_OUTCOME_NONE, || match if_live(error).and_then(|error| error.error.outcome()) {
        Some(Outcome::NotSent) => egito_outcome::EGITO_OUTCOME_NOT_SENT,
        Some(Outcome::Rejected) => egito_outcome::EGITO_OUTCOME_REJECTED,
        Some(_) => egito_outcome::EGITO_OUTCOME_UNKNOWN,
        None => egito_outcome::EGITO_OUTCOME_NONE,
    })
}

/// Returns whether a retry of the same call is safe and may succeed.
///
/// True if the server is down or busy, also if an egito_update or egito_delete may have been done. False if the same
/// call would fail again, and for EGITO_ERROR_OUTCOME_UNKNOWN: a second egito_create could create a second record. The
/// detail `retry_after` of egito_error_json is the number of seconds to wait, if the server has sent it. False if error
/// is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_error_is_retryable(error: Option<&egito_error>) -> bool {
    infallible(false, || if_live(error).is_some_and(|error| error.error.is_retryable()))
}

/// Returns whether the record or its key is invalid: the server refused it, or it was refused before it was sent.
///
/// The same record would be refused again. A web form responds with HTTP 400 then, and with 502 or 503 to other errors.
/// False if error is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_error_is_invalid_record(error: Option<&egito_error>) -> bool {
    infallible(false, || if_live(error).is_some_and(|error| error.error.is_invalid_record()))
}

/// Returns the HTTP status of the last response, such as 503; 0 if there was no response, and if error is NULL.
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_error_http_status(error: Option<&egito_error>) -> i32 {
    infallible(0, || if_live(error).and_then(|error| error.error.details().status).map_or(0, i32::from))
}

/// Returns the number of requests of the failed call; 0 if error is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_error_attempts(error: Option<&egito_error>) -> u32 {
    infallible(0, || if_live(error).map_or(0, |error| error.error.details().attempts))
}

/// Returns all details as one JSON object: code, message, retryable, invalid_record, outcome, status, entity, action,
/// id, attempts, elapsed (seconds), category, setting, errors (a list of {field, message, rejected_value, object,
/// raw}), retry_after (seconds), oauth_error, oauth_description, content_type, body_start, record, limit, reason and
/// cause; null for a detail that does not apply.
///
/// Read it with egito_record_new and paths such as "errors.0.field". "{}" if error is NULL.
/// Do not free the string: it belongs to the error. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_error_json(error: Option<&egito_error>) -> *const c_char {
    infallible(c"{}".as_ptr(), || if_live(error).map_or(c"{}".as_ptr(), |error| error.json.as_ptr()))
}

/// Frees an error. NULL is allowed. Any thread, after all other uses of the error.
#[unsafe(no_mangle)]
pub extern "C" fn egito_error_free(error: *mut egito_error) {
    infallible((), || free(error));
}

/// Runs the body of a function that can fail, and returns its error through `error`. A panic becomes the error
/// `internal`.
pub(crate) fn fallible(error: *mut *mut egito_error, body: impl FnOnce() -> Result<()>) -> egito_status {
    let Err(failure) = catch_panics(body) else { return egito_status::EGITO_OK };
    let status = egito_status::from(failure.code());
    infallible((), || Out::optional(error).handle(egito_error::new(failure)));
    status
}

#[cfg(test)]
mod tests {
    use super::*;
    use egito_core::CODES;

    #[test]
    fn a_panic_in_a_function_that_can_fail_becomes_the_error_internal() {
        let status = fallible(std::ptr::null_mut(), || panic!("on purpose"));
        assert_eq!(status, egito_status::EGITO_ERROR_INTERNAL);
    }

    #[test]
    fn every_code_of_the_core_has_the_status_of_its_number_and_name() {
        for info in CODES {
            let status = egito_status::from(info.code);
            assert_eq!(status as u8, info.code as u8, "{}", info.name);
            assert_eq!(format!("{status:?}"), format!("EGITO_ERROR_{}", info.name.to_uppercase()));
        }
    }
}
