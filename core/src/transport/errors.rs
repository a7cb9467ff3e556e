//! Maps errors of the HTTP library to [`Error`] and [`Failure`].

use super::peer::Peer;
use super::proxy_login::PROXY_AUTHENTICATION_REQUIRED;
use super::tls_errors;
use crate::error::{Code, Error, Outcome, chain, without_link};
use crate::retry::{AttemptError, Failure, SendState};
use std::error::Error as StdError;

/// Classifies an error of the HTTP library.
pub(super) fn from_reqwest(error: reqwest::Error, state: &SendState, peer: &Peer) -> AttemptError {
    let error = error.without_url(); // the query may hold a token
    if error.is_builder() {
        return not_sendable(&error);
    }
    if error.is_connect() {
        return cannot_connect(&error, peer);
    }
    let failure = failure_of(state);
    let (route, why) = (peer.route(), root(&error));
    let message = if why.contains("invalid HTTP version") {
        format!("invalid response from {route}: it is not HTTP; check `base_url`")
    } else {
        format!("the connection to {route} broke before the response was complete: {why}")
    };
    AttemptError::new(failure, with_cause(Code::Connection, message, failure, &error))
}

fn cannot_connect(error: &reqwest::Error, peer: &Peer) -> AttemptError {
    let failure = Failure::NotSent;
    if error.is_timeout() {
        return timed_out("connect_timeout", failure, peer);
    }
    let causes = chain(error);
    if causes.contains("proxy authorization required") {
        return proxy_refuses_login(peer); // the HTTP library reports a 407 for a tunnel only in this text
    }
    let route = peer.route();
    let error = match tls_errors::advice(error, &peer.roots) {
        Some(advice) => with_cause(Code::Tls, format!("TLS connection to {route} failed: {advice}"), failure, error),
        None if causes.contains("tunnel error") => {
            let message =
                format!("cannot connect to {route}: the proxy refused, or is not an HTTP proxy; check `proxy`");
            with_cause(Code::Connection, message, failure, error)
        }
        None => with_cause(Code::Connection, format!("cannot connect to {route}: {}", root(error)), failure, error),
    };
    AttemptError::new(failure, error)
}

/// Returns the text of the innermost error, which names the cause.
fn root(error: &(dyn StdError + 'static)) -> String {
    tls_errors::text(error).unwrap_or_else(|| without_link(innermost(error)))
}

fn innermost(error: &(dyn StdError + 'static)) -> String {
    std::iter::successors(Some(error), |error| (*error).source()).last().unwrap_or(error).to_string()
}

/// Returns the error for a 407. It is final, since a retry with the same credentials could lock the user's account.
pub(super) fn proxy_refuses_login(peer: &Peer) -> AttemptError {
    let proxy = peer.proxy.as_deref().unwrap_or("(unknown)");
    let message = format!("the proxy {proxy} refused its user name or password (HTTP 407); check the setting `proxy`");
    Error::new(Code::Connection, message)
        .with(|d| {
            d.status = Some(PROXY_AUTHENTICATION_REQUIRED);
            d.outcome = Some(Outcome::NotSent);
        })
        .into()
}

/// Returns the error for a call that cannot be written as an HTTP request.
pub(super) fn not_sendable(why: &(dyn StdError + 'static)) -> AttemptError {
    let message = format!("invalid request: {}; check for a filter, an id or a parameter that is too long", chain(why));
    Error::config("request", message).into()
}

/// Returns the error for a body that is not encoded as `Content-Encoding` says, so it was damaged on its way.
pub(super) fn not_decoded(why: &std::io::Error, state: &SendState) -> AttemptError {
    let failure = failure_of(state);
    let message = format!("the response was damaged on its way: its content coding cannot be decoded: {why}");
    let error = Error::new(Code::Connection, message).with(|d| d.outcome = Some(outcome(failure)));
    AttemptError::new(failure, error.caused_by(why))
}

/// Returns the error for a request that reached a time limit.
pub(super) fn timed_out(limit: &'static str, failure: Failure, peer: &Peer) -> AttemptError {
    let waited_for = if limit == "connect_timeout" { "a connection to" } else { "a response from" };
    let message = format!("timed out waiting for {waited_for} {}; the limit is the setting `{limit}`", peer.route());
    AttemptError::new(failure, Error::timed_out(limit, outcome(failure), message))
}

/// Returns the error for a request that got no permit in time. It is final, since a retry would start at the end of the queue.
pub(super) fn no_permit() -> AttemptError {
    let message =
        "timed out waiting to send (`max_concurrency`, `requests_per_second`); raise `timeout` or these limits";
    Error::timed_out("timeout", Outcome::NotSent, message).into()
}

/// Returns the failure of a request without a response. Abandons one that has not been sent.
pub(super) fn failure_of(state: &SendState) -> Failure {
    if state.abandon() { Failure::NotSent } else { Failure::ResponseLost }
}

fn with_cause(code: Code, message: String, failure: Failure, cause: &reqwest::Error) -> Error {
    let error = Error::new(code, message).with(|d| d.outcome = Some(outcome(failure)));
    match tls_errors::text(cause) {
        Some(text) => error.caused_by_text(text),
        None => error.caused_by(cause),
    }
}

fn outcome(failure: Failure) -> Outcome {
    if failure == Failure::NotSent { Outcome::NotSent } else { Outcome::Unknown }
}
