//! The attempts of one call: counts them, knows what is left of its time, pauses between them.

use super::{Failure, Policy, Quota, Repeat, Sent, Verdict};
use crate::clock::SharedClock;
use crate::error::{Error, Outcome};
use crate::events::Events;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What rules the repeats of all calls of a client.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub policy: Policy,
    pub clock: SharedClock,
    pub quota: Arc<Quota>,
    pub events: Arc<Events>,
}

/// One call's attempts so far.
pub(crate) struct Attempts<'a> {
    rules: &'a Rules,
    rule: Repeat,
    started: Instant,
    limit: Duration,
    count: u32,
    retries: u32,
    maybe_done: bool,
    /// The attempt under way, until it is answered.
    in_flight: Option<Sent>,
}

impl<'a> Attempts<'a> {
    pub(crate) fn start(rules: &'a Rules, rule: Repeat, limit: Duration) -> Self {
        Self {
            rules,
            rule,
            started: rules.clock.now(),
            limit,
            count: 0,
            retries: 0,
            maybe_done: false,
            in_flight: None,
        }
    }

    /// Counts one more attempt, right before it is sent, which is to be noted in what this gives.
    pub(crate) fn begin(&mut self) -> Sent {
        self.count += 1;
        self.in_flight.insert(Sent::default()).clone()
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
        self.rules.clock.now().saturating_duration_since(self.started)
    }

    /// Whether an attempt before may have been done.
    pub(crate) fn maybe_done(&self) -> bool {
        self.maybe_done
    }

    /// Whether an attempt is under way that may have reached the server, and of which nothing else is known yet. One that has
    /// not is given up.
    pub(crate) fn in_flight(&self) -> bool {
        self.in_flight.as_ref().is_some_and(|sent| !sent.give_up())
    }

    /// The attempt under way was answered, and nothing was done.
    pub(crate) fn answered(&mut self) {
        self.in_flight = None;
    }

    /// The call succeeded.
    pub(crate) fn succeeded(&self) {
        self.rules.quota.give_back(self.retries);
    }

    /// Pauses before the next attempt, or gives the error back where there shall be none.
    ///
    /// Only what comes through here counts as a retry: a repeat after a refused token does not.
    pub(crate) async fn pause_after(&mut self, failure: Failure, error: Error) -> Result<(), Error> {
        let Rules { policy, clock, quota, events } = self.rules;
        let verdict = policy.verdict(self.rule, failure, self.retries + 1, self.left(), clock.fraction());
        match verdict {
            Verdict::Retry(pause) if quota.take() => {
                self.maybe_done |= error.outcome() == Some(Outcome::Unknown);
                self.in_flight = None;
                self.retries += 1;
                events.retrying(self.count, pause);
                clock.sleep(pause).await;
                Ok(())
            }
            _ => Err(error),
        }
    }
}
