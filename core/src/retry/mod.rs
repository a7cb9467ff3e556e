//! Decides whether a failed attempt is retried. The decision does no I/O.

mod attempts;
mod backoff;
mod budget;
mod retry_after;
mod send_state;

pub(crate) use attempts::{Attempts, RetryContext};
pub(crate) use retry_after::retry_after;
pub(crate) use send_state::SendState;

use crate::error::{Code, Error};
use crate::settings::Settings;
use std::time::Duration;

/// How long a refused login, at the server or at a proxy, is remembered, without another attempt. Otherwise many calls at once could
/// lock the user's account.
pub(crate) const REFUSAL_TTL: Duration = Duration::from_secs(5);

/// Whether a call can be retried if it may have been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idempotency {
    /// Reads, logins, and writes that end in the same state: retried after every transient failure.
    Idempotent,
    /// Creates and custom actions: retried only if they were certainly not done.
    NotIdempotent,
}

/// The kind of a failure, for the decision about a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No connection, or TLS failed: the request was not sent.
    NotSent,
    /// 429, with the delay that the server asks for.
    RateLimited(Option<Duration>),
    /// 5xx, with the delay that the server asks for.
    ServerError(Option<Duration>),
    /// The connection broke, or the response timed out. The request may have been processed.
    ResponseLost,
    /// 401: the server refused the token before it did anything. Sent again with a new token, which is not a retry.
    TokenRefused,
    /// A definite response, or an error that a retry cannot fix.
    Final,
}

/// A failed attempt: its error, and the kind of the failure.
#[derive(Debug)]
pub(crate) struct AttemptError {
    pub failure: Failure,
    pub error: Error,
}

impl AttemptError {
    pub(crate) fn new(failure: Failure, error: Error) -> Self {
        Self { failure, error }
    }

    /// Classifies an error response. `retry_after` is the value of its header.
    pub(crate) fn from_response(error: Error, retry_after: Option<Duration>) -> Self {
        let failure = match error.code() {
            Code::RateLimited => Failure::RateLimited(retry_after),
            Code::Server => Failure::ServerError(retry_after),
            _ => return error.into(),
        };
        Self::new(failure, error.with(|d| d.retry_after = retry_after.map(|delay| delay.as_secs_f64())))
    }
}

/// An error that no retry can fix.
impl From<Error> for AttemptError {
    fn from(error: Error) -> Self {
        Self::new(Failure::Final, error)
    }
}

/// The decision after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// Retry after this delay.
    Retry(Duration),
    /// Return the error to the caller.
    Fail,
}

/// The settings for retries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryPolicy {
    pub max_retries: u32,
    pub backoff_base: Duration,
    pub backoff_max: Duration,
    pub retry_after_max: Duration,
}

impl From<&Settings> for RetryPolicy {
    fn from(settings: &Settings) -> Self {
        Self {
            max_retries: settings.max_retries,
            backoff_base: settings.backoff_base,
            backoff_max: settings.backoff_max,
            retry_after_max: settings.retry_after_max,
        }
    }
}

impl RetryPolicy {
    /// Decides after attempt number `attempt` (the first is 1). `time_left` is that of the call, `jitter` a number from 0 to 1.
    pub(crate) fn decide(
        &self,
        idempotency: Idempotency,
        failure: Failure,
        attempt: u32,
        time_left: Duration,
        jitter: f64,
    ) -> RetryDecision {
        let (retry_after, allowed) = match failure {
            Failure::NotSent => (None, true),
            Failure::RateLimited(retry_after) => (retry_after, true),
            Failure::ServerError(retry_after) => (retry_after, idempotency == Idempotency::Idempotent),
            Failure::ResponseLost => (None, idempotency == Idempotency::Idempotent),
            Failure::TokenRefused | Failure::Final => (None, false),
        };
        if !allowed || attempt > self.max_retries || retry_after.is_some_and(|delay| delay > self.retry_after_max) {
            return RetryDecision::Fail;
        }
        let delay = retry_after.unwrap_or_else(|| backoff::delay(self.backoff_base, self.backoff_max, attempt, jitter));
        if delay >= time_left { RetryDecision::Fail } else { RetryDecision::Retry(delay) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy {
        max_retries: 2,
        backoff_base: Duration::from_secs(1),
        backoff_max: Duration::from_secs(3),
        retry_after_max: Duration::from_mins(2),
    };
    const HOUR: Duration = Duration::from_secs(3600);

    fn decide(idempotency: Idempotency, failure: Failure, attempt: u32) -> RetryDecision {
        POLICY.decide(idempotency, failure, attempt, HOUR, 0.5)
    }

    #[test]
    fn a_create_is_retried_only_if_it_was_certainly_not_done() {
        let retry = RetryDecision::Retry(Duration::from_millis(500));
        let create = Idempotency::NotIdempotent;
        assert_eq!(decide(create, Failure::NotSent, 1), retry);
        assert_eq!(decide(create, Failure::RateLimited(None), 1), retry);
        assert_eq!(decide(create, Failure::ServerError(None), 1), RetryDecision::Fail);
        assert_eq!(decide(create, Failure::ResponseLost, 1), RetryDecision::Fail);
    }

    #[test]
    fn max_retries_does_not_count_the_first_attempt() {
        assert_ne!(decide(Idempotency::Idempotent, Failure::ResponseLost, 2), RetryDecision::Fail);
        assert_eq!(decide(Idempotency::Idempotent, Failure::ResponseLost, 3), RetryDecision::Fail);
    }

    #[test]
    fn retry_after_is_obeyed_up_to_its_maximum_and_the_time_left() {
        let asked = |seconds| Failure::RateLimited(Some(Duration::from_secs(seconds)));
        assert_eq!(decide(Idempotency::Idempotent, asked(120), 1), RetryDecision::Retry(Duration::from_secs(120)));
        assert_eq!(decide(Idempotency::Idempotent, asked(121), 1), RetryDecision::Fail);
        let no_time = POLICY.decide(Idempotency::Idempotent, asked(10), 1, Duration::from_secs(10), 0.5);
        assert_eq!(no_time, RetryDecision::Fail);
    }
}
