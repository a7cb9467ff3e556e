//! What a request that brought no response died of.

use super::{SendError, tls};
use crate::error::{Code, Error, Outcome};
use crate::retry::{Failure, Sent};
use std::error::Error as StdError;

/// Sorts an error of the HTTP library.
pub(super) fn of(error: reqwest::Error, sent: &Sent) -> SendError {
    let error = error.without_url();
    let connecting = error.is_connect();
    if error.is_builder() {
        let message = format!("this cannot be sent: {}; is a filter, an id or a parameter too long?", chain(&error));
        return SendError { failure: Failure::Final, error: Error::config("request", message) };
    }
    let failure = if connecting { Failure::NotStarted } else { progress(sent) };
    if error.is_timeout() {
        return too_slow(if connecting { "connect_timeout" } else { "read_timeout" }, failure);
    }
    let cause = chain(&error);
    let refused = connecting.then(|| tls::advice(&error)).flatten();
    let error = match refused {
        Some(advice) => Error::new(Code::Tls, format!("no secure connection to the server: {advice}")),
        None if connecting => Error::new(Code::Connection, format!("no connection to the server: {cause}")),
        None => Error::new(Code::Connection, format!("the connection broke before the answer was complete: {cause}")),
    };
    SendError { failure, error: with_outcome(error, failure).with(|d| d.cause = Some(cause)) }
}

/// A time limit was reached.
pub(super) fn too_slow(limit: &'static str, failure: Failure) -> SendError {
    let message = format!("no answer in time; the limit is the setting `{limit}`");
    let error = Error::new(Code::Timeout, message).with(|d| d.limit = Some(limit));
    SendError { failure, error: with_outcome(error, failure) }
}

/// What is known of a request that got no answer.
pub(super) fn progress(sent: &Sent) -> Failure {
    if sent.get() { Failure::Lost } else { Failure::NotStarted }
}

/// An error and its causes as one text.
pub(super) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = cause.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        source = cause.source();
    }
    text
}

fn with_outcome(error: Error, failure: Failure) -> Error {
    let outcome = if failure == Failure::NotStarted { Outcome::NotSent } else { Outcome::Unknown };
    error.with(|d| d.outcome = Some(outcome))
}
