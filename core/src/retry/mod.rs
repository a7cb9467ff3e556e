//! What to do after a failed attempt. Pure: facts in, a verdict out.

mod attempts;
mod backoff;
mod quota;
mod retry_after;
mod sent;

pub(crate) use attempts::{Attempts, Rules};
pub(crate) use quota::Quota;
pub(crate) use retry_after::retry_after;
pub(crate) use sent::Sent;

use crate::settings::Settings;
use std::time::Duration;

/// Which failures a call may be repeated after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Reads and logins, and writes that end in the same state: after every passing failure.
    Always,
    /// A create and unknown actions: only where it surely was not done.
    OnlyIfNotDone,
}

/// A failed attempt, as far as repeating goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No connection, or TLS failed: the server saw nothing.
    NotStarted,
    /// 429, with the pause the server asks for.
    RateLimited(Option<Duration>),
    /// 5xx, with the pause the server asks for.
    ServerError(Option<Duration>),
    /// The connection broke or the answer did not come in time.
    Lost,
    /// 401: the token was refused before anything ran. Repeated with a new token, not after a pause.
    TokenRefused,
    /// A real answer, or a mistake that repeating cannot mend.
    Final,
}

/// The verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Try again after this pause.
    Retry(Duration),
    /// Give the error to the caller.
    GiveUp,
}

/// The settings that rule repeating.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    pub max_retries: u32,
    pub backoff_base: Duration,
    pub backoff_max: Duration,
    pub retry_after_max: Duration,
}

impl From<&Settings> for Policy {
    fn from(settings: &Settings) -> Self {
        Self {
            max_retries: settings.max_retries,
            backoff_base: settings.backoff_base,
            backoff_max: settings.backoff_max,
            retry_after_max: settings.retry_after_max,
        }
    }
}

impl Policy {
    /// Decides after the `attempt`-th attempt (the first is 1), with `left` of the call's time, and chance from 0 to 1.
    pub(crate) fn verdict(&self, rule: Repeat, failure: Failure, attempt: u32, left: Duration, chance: f64) -> Verdict {
        let (asked, allowed) = match failure {
            Failure::NotStarted => (None, true),
            Failure::RateLimited(asked) => (asked, true),
            Failure::ServerError(asked) => (asked, rule == Repeat::Always),
            Failure::Lost => (None, rule == Repeat::Always),
            Failure::TokenRefused | Failure::Final => (None, false),
        };
        if !allowed || attempt > self.max_retries || asked.is_some_and(|pause| pause > self.retry_after_max) {
            return Verdict::GiveUp;
        }
        let pause = asked.unwrap_or_else(|| backoff::pause(self.backoff_base, self.backoff_max, attempt, chance));
        if pause >= left { Verdict::GiveUp } else { Verdict::Retry(pause) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy {
        max_retries: 2,
        backoff_base: Duration::from_secs(1),
        backoff_max: Duration::from_secs(3),
        retry_after_max: Duration::from_mins(2),
    };
    const HOUR: Duration = Duration::from_secs(3600);

    fn verdict(rule: Repeat, failure: Failure, attempt: u32) -> Verdict {
        POLICY.verdict(rule, failure, attempt, HOUR, 0.5)
    }

    #[test]
    fn a_create_is_repeated_only_where_it_surely_was_not_done() {
        let pause = Verdict::Retry(Duration::from_millis(500));
        let rule = Repeat::OnlyIfNotDone;
        assert_eq!(verdict(rule, Failure::NotStarted, 1), pause);
        assert_eq!(verdict(rule, Failure::RateLimited(None), 1), pause);
        assert_eq!(verdict(rule, Failure::ServerError(None), 1), Verdict::GiveUp);
        assert_eq!(verdict(rule, Failure::Lost, 1), Verdict::GiveUp);
    }

    #[test]
    fn max_retries_counts_the_attempts_after_the_first() {
        assert_ne!(verdict(Repeat::Always, Failure::Lost, 2), Verdict::GiveUp);
        assert_eq!(verdict(Repeat::Always, Failure::Lost, 3), Verdict::GiveUp);
    }

    #[test]
    fn a_pause_that_the_server_asks_for_is_obeyed_up_to_the_cap_and_the_time_left() {
        let asked = |seconds| Failure::RateLimited(Some(Duration::from_secs(seconds)));
        assert_eq!(verdict(Repeat::Always, asked(120), 1), Verdict::Retry(Duration::from_secs(120)));
        assert_eq!(verdict(Repeat::Always, asked(121), 1), Verdict::GiveUp);
        let little = POLICY.verdict(Repeat::Always, asked(10), 1, Duration::from_secs(10), 0.5);
        assert_eq!(little, Verdict::GiveUp);
    }
}
