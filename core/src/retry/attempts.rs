//! The attempts of one call: counts them, knows what is left of its time, pauses between them.

use super::{Failure, Policy, Repeat, Verdict};
use crate::clock::SharedClock;
use crate::error::Error;
use std::time::{Duration, Instant};

/// One call's attempts so far.
pub(crate) struct Attempts<'a> {
    policy: &'a Policy,
    clock: &'a SharedClock,
    rule: Repeat,
    started: Instant,
    limit: Duration,
    count: u32,
    retries: u32,
}

impl<'a> Attempts<'a> {
    pub(crate) fn start(policy: &'a Policy, clock: &'a SharedClock, rule: Repeat, limit: Duration) -> Self {
        Self { policy, clock, rule, started: clock.now(), limit, count: 0, retries: 0 }
    }

    /// Counts one more attempt, right before it is sent.
    pub(crate) fn begin(&mut self) {
        self.count += 1;
    }

    /// How many attempts were made.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// What is left of the call's time.
    pub(crate) fn left(&self) -> Duration {
        self.limit.saturating_sub(self.elapsed())
    }

    /// Time since the call began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.clock.now().saturating_duration_since(self.started)
    }

    /// Pauses before the next attempt, or gives the error back where there shall be none.
    ///
    /// Only what comes through here counts as a retry: a repeat after a refused token does not.
    pub(crate) async fn pause_after(&mut self, failure: Failure, error: Error) -> Result<(), Error> {
        let verdict = self.policy.verdict(self.rule, failure, self.retries + 1, self.left(), self.clock.fraction());
        match verdict {
            Verdict::GiveUp => Err(error),
            Verdict::Retry(pause) => {
                self.retries += 1;
                self.clock.sleep(pause).await;
                Ok(())
            }
        }
    }
}
