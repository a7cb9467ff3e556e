//! What a request that brought no response died of.

use super::{SendError, tls};
use crate::error::{Code, Error, Outcome};
use crate::retry::{Failure, Sent};
use std::error::Error as StdError;

/// Sorts an error of the HTTP library.
pub(super) fn of(error: reqwest::Error, sent: &Sent) -> SendError {
    let error = error.without_url(); // which may hold a token
    if error.is_builder() {
        return not_sendable(&error);
    }
    let connecting = error.is_connect();
    let failure = if connecting { Failure::NotStarted } else { progress(sent) };
    if connecting && error.is_timeout() {
        return too_slow("connect_timeout", failure);
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

/// No request can be made of this.
pub(super) fn not_sendable(why: &dyn StdError) -> SendError {
    let message = format!("this cannot be sent: {}; is a filter, an id or a parameter too long?", chain(why));
    SendError { failure: Failure::Final, error: Error::config("request", message) }
}

/// A time limit was reached.
pub(super) fn too_slow(limit: &'static str, failure: Failure) -> SendError {
    let message = format!("no answer in time; the limit is the setting `{limit}`");
    let error = Error::new(Code::Timeout, message).with(|d| d.limit = Some(limit));
    SendError { failure, error: with_outcome(error, failure) }
}

/// A request's turn did not come in time. Nothing was sent, and who waits again would begin at the end of the row.
pub(super) fn no_turn() -> SendError {
    let message =
        "its turn did not come in time (`max_concurrency`, `requests_per_second`); the limit is the setting `timeout`";
    let error = Error::new(Code::Timeout, message).with(|d| d.limit = Some("timeout"));
    SendError { failure: Failure::Final, error: with_outcome(error, Failure::NotStarted) }
}

/// What is known of a request that got no answer, and is given up where it has not gone out.
pub(super) fn progress(sent: &Sent) -> Failure {
    if sent.give_up() { Failure::NotStarted } else { Failure::Lost }
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
