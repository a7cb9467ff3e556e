//! Counts the attempts of one call, measures its time, reports its events and waits between attempts.

use super::budget::RetryBudget;
use super::{AttemptError, Idempotency, RetryDecision, RetryPolicy, SendState};
use crate::clock::SharedClock;
use crate::error::{Code, Error, Outcome};
use crate::events::{CallInfo, Event, EventKind, Events};
use std::sync::Arc;
use std::time::{Duration, Instant};
use url::{Position, Url};

/// How many new tokens the server may refuse until a call fails.
const MAX_TOKEN_REFUSALS: u32 = 3;

/// Maximum delay before a call is sent again after the server refused a new token.
const MAX_TOKEN_DELAY: Duration = Duration::from_millis(300);

/// The state that the retries of all calls of a client share.
#[derive(Clone, Debug)]
pub(crate) struct RetryContext {
    pub clock: SharedClock,
    pub events: Arc<Events>,
    budget: Arc<RetryBudget>,
    /// The server's host, for events.
    host: Arc<str>,
    /// The setting `start_events`.
    has_start_events: bool,
}

impl RetryContext {
    pub(crate) fn new(clock: SharedClock, events: Arc<Events>, server: &Url, has_start_events: bool) -> Self {
        let host = server[Position::BeforeHost..Position::AfterPort].into();
        Self { clock, events, budget: Arc::default(), host, has_start_events }
    }
}

/// The attempts of one call so far.
pub(crate) struct Attempts<'a> {
    context: &'a RetryContext,
    call_info: CallInfo,
    policy: RetryPolicy,
    idempotency: Idempotency,
    started: Instant,
    timeout: Duration,
    count: u32,
    retries: u32,
    /// How often the server refused a token that was new.
    refusals: u32,
    may_have_been_done: bool,
    current: Option<Attempt>,
}

/// The attempt in flight.
struct Attempt {
    state: SendState,
    started: Instant,
    /// Whether an event reported its start, but none its end yet.
    is_open: bool,
}

impl<'a> Attempts<'a> {
    pub(crate) fn start(
        context: &'a RetryContext,
        call_info: CallInfo,
        policy: RetryPolicy,
        idempotency: Idempotency,
        timeout: Duration,
    ) -> Self {
        let started = context.clock.now();
        let (count, retries, refusals, may_have_been_done, current) = Default::default();
        Self {
            context,
            call_info,
            policy,
            idempotency,
            started,
            timeout,
            count,
            retries,
            refusals,
            may_have_been_done,
            current,
        }
    }

    /// Starts the next attempt. The transport records in the returned state when it sends the request.
    pub(crate) fn begin(&mut self) -> SendState {
        self.count += 1;
        let RetryContext { clock, events, has_start_events, .. } = self.context;
        let is_open = *has_start_events && events.has_listeners();
        if is_open {
            events.report(&self.event(EventKind::Start));
        }
        let attempt = Attempt { state: SendState::default(), started: clock.now(), is_open };
        self.current.insert(attempt).state.clone()
    }

    /// Returns the call, as its events describe it.
    pub(crate) fn call_info(&self) -> &CallInfo {
        &self.call_info
    }

    fn event(&self, kind: EventKind) -> Event {
        let CallInfo { call, tag, action, entity, entry, method } = &self.call_info;
        Event {
            kind,
            call: *call,
            action: action.to_string(),
            entity: entity.as_ref().map(ToString::to_string),
            entry: *entry,
            method,
            host: self.context.host.to_string(),
            attempt: self.count,
            status: None,
            code: None,
            elapsed: 0.0,
            bytes: 0,
            tag: *tag,
        }
    }

    /// Reports the end of the current attempt.
    pub(crate) fn report(&mut self, status: Option<u16>, code: Option<Code>, bytes: usize) {
        let RetryContext { clock, events, .. } = self.context;
        let started = self.current.as_ref().map_or(self.started, |attempt| attempt.started);
        if let Some(attempt) = &mut self.current {
            attempt.is_open = false;
        }
        if events.has_listeners() {
            let elapsed = clock.now().saturating_duration_since(started).as_secs_f64();
            events.report(&Event { status, code, elapsed, bytes: bytes as u64, ..self.event(EventKind::End) });
        }
    }

    /// Returns how many attempts were made.
    pub(crate) fn count(&self) -> u32 {
        self.count
    }

    /// Returns the remaining time of the call.
    pub(crate) fn time_left(&self) -> Duration {
        self.timeout.saturating_sub(self.elapsed())
    }

    /// Returns the time since the call began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.context.clock.now().saturating_duration_since(self.started)
    }

    /// Returns whether an earlier attempt may have been done.
    pub(crate) fn may_have_been_done(&self) -> bool {
        self.may_have_been_done
    }

    /// Abandons the attempt in flight, if there is one. Returns false if it may already have been sent.
    pub(crate) fn abandon(&self) -> bool {
        self.current.as_ref().is_none_or(|attempt| attempt.state.abandon())
    }

    /// Waits before the call is sent again with another token, or returns the error if the call has failed. The server refused the
    /// token of the current attempt before it did anything. `is_new` says whether that token came from a login of this call.
    ///
    /// One refusal of a new token is not enough to fail: on servers with tokens in a database, a login of another program removes the
    /// shared token for a moment. A random delay separates programs that race.
    pub(crate) async fn wait_for_token(&mut self, is_new: bool, error: Error) -> Result<(), Error> {
        self.current = None;
        if !is_new {
            return Ok(());
        }
        self.refusals += 1;
        let clock = &self.context.clock;
        let delay = MAX_TOKEN_DELAY.mul_f64(clock.random());
        if self.refusals == MAX_TOKEN_REFUSALS || delay >= self.time_left() {
            return Err(error);
        }
        clock.sleep(delay).await;
        Ok(())
    }

    /// Records that the call succeeded, which refills the retry budget.
    pub(crate) fn succeeded(&self) {
        self.context.budget.deposit(self.retries);
    }

    /// Waits before the next attempt, or returns the error if the call has failed.
    ///
    /// Only this counts as a retry. Another attempt with a new token does not.
    pub(crate) async fn wait_for_retry(&mut self, failed: AttemptError) -> Result<(), Error> {
        let AttemptError { failure, error } = failed;
        let RetryContext { clock, events, budget, .. } = self.context;
        let attempt = self.retries + 1;
        match self.policy.decide(self.idempotency, failure, attempt, self.time_left(), clock.random()) {
            RetryDecision::Retry(delay) if budget.withdraw() => {
                self.may_have_been_done |= error.outcome() == Some(Outcome::Unknown);
                self.current = None;
                self.retries += 1;
                events.retrying(self.count, delay);
                clock.sleep(delay).await;
                Ok(())
            }
            _ => Err(error),
        }
    }
}

impl Drop for Attempts<'_> {
    /// Reports the end of a cancelled attempt if its start was reported.
    fn drop(&mut self) {
        if self.current.as_ref().is_some_and(|attempt| attempt.is_open) {
            self.report(None, Some(Code::Cancelled), 0);
        }
    }
}
