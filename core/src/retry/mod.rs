//! Decides what to do after a failed attempt. Pure: facts in, a decision out.

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

/// Whether repeating a call that may have been done is harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idempotency {
    /// Reads, logins, and writes that end in the same state: retried after every transient failure.
    Idempotent,
    /// A create and unknown actions: retried only if they were surely not done.
    NotIdempotent,
}

/// A failed attempt, as far as retries are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No connection, or TLS failed: the server saw nothing.
    NotStarted,
    /// 429, with the delay that the server asks for.
    RateLimited(Option<Duration>),
    /// 5xx, with the delay that the server asks for.
    ServerError(Option<Duration>),
    /// The connection broke or the answer did not come in time.
    Lost,
    /// 401: the token was refused before anything ran. Retried with a new token, without a delay.
    TokenRefused,
    /// A definite answer, or a mistake that a retry cannot fix.
    Final,
}

/// A failed attempt: its error, and what the failure means for a retry.
#[derive(Debug)]
pub(crate) struct AttemptError {
    pub failure: Failure,
    pub error: Error,
}

impl AttemptError {
    pub(crate) fn new(failure: Failure, error: Error) -> Self {
        Self { failure, error }
    }

    /// Classifies an answer that is an error; `retry_after` is what its header asks for.
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

/// What to do after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryDecision {
    /// Try again after this delay.
    RetryAfter(Duration),
    /// Return the error to the caller.
    GiveUp,
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
    /// Decides after the `attempt`-th attempt (the first is 1), with `time_left` of the call and `jitter` from 0 to 1.
    pub(crate) fn decide(
        &self,
        idempotency: Idempotency,
        failure: Failure,
        attempt: u32,
        time_left: Duration,
        jitter: f64,
    ) -> RetryDecision {
        let (retry_after, allowed) = match failure {
            Failure::NotStarted => (None, true),
            Failure::RateLimited(retry_after) => (retry_after, true),
            Failure::ServerError(retry_after) => (retry_after, idempotency == Idempotency::Idempotent),
            Failure::Lost => (None, idempotency == Idempotency::Idempotent),
            Failure::TokenRefused | Failure::Final => (None, false),
        };
        if !allowed || attempt > self.max_retries || retry_after.is_some_and(|delay| delay > self.retry_after_max) {
            return RetryDecision::GiveUp;
        }
        let delay = retry_after.unwrap_or_else(|| backoff::delay(self.backoff_base, self.backoff_max, attempt, jitter));
        if delay >= time_left { RetryDecision::GiveUp } else { RetryDecision::RetryAfter(delay) }
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
    fn a_create_is_retried_only_if_it_was_surely_not_done() {
        let pause = RetryDecision::RetryAfter(Duration::from_millis(500));
        let create = Idempotency::NotIdempotent;
        assert_eq!(decide(create, Failure::NotStarted, 1), pause);
        assert_eq!(decide(create, Failure::RateLimited(None), 1), pause);
        assert_eq!(decide(create, Failure::ServerError(None), 1), RetryDecision::GiveUp);
        assert_eq!(decide(create, Failure::Lost, 1), RetryDecision::GiveUp);
    }

    #[test]
    fn max_retries_counts_the_attempts_after_the_first() {
        assert_ne!(decide(Idempotency::Idempotent, Failure::Lost, 2), RetryDecision::GiveUp);
        assert_eq!(decide(Idempotency::Idempotent, Failure::Lost, 3), RetryDecision::GiveUp);
    }

    #[test]
    fn retry_after_is_obeyed_up_to_its_maximum_and_the_time_left() {
        let asked = |seconds| Failure::RateLimited(Some(Duration::from_secs(seconds)));
        assert_eq!(decide(Idempotency::Idempotent, asked(120), 1), RetryDecision::RetryAfter(Duration::from_secs(120)));
        assert_eq!(decide(Idempotency::Idempotent, asked(121), 1), RetryDecision::GiveUp);
        let no_time = POLICY.decide(Idempotency::Idempotent, asked(10), 1, Duration::from_secs(10), 0.5);
        assert_eq!(no_time, RetryDecision::GiveUp);
    }
}
