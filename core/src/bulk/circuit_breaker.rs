//! Decides whether the next call of a bulk may be sent: not during an outage, and not after the bulk has given up.

use super::graceful_cancel::GracefulCancel;
use super::outage::{Outage, ServerSignal, pause};
use super::progress::ProgressCounter;
use super::row::{BulkAction, CallOutput};
use crate::call::{Action, Call, Engine, Params};
use crate::error::{Code, Error, Outcome, Result};
use crate::settings::Settings;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex as AsyncMutex, MutexGuard as AsyncMutexGuard};

/// How long an outage may last, unless the caller sets another time.
const OUTAGE_TIMEOUT: Duration = Duration::from_secs(300);

/// The longest pause between two probes, and the longest time for the response to one.
const PROBE_INTERVAL: Duration = Duration::from_secs(15);

/// The shortest pause before a probe, where the setting `backoff_base` is less.
const MIN_PAUSE: Duration = Duration::from_millis(50);

/// Lets the calls of a bulk through, or holds them.
///
/// During an outage all calls wait. The first of them probes the server with a harmless read; once that has a response, the
/// call itself is sent, alone. Its response ends the outage, and lets the others through.
#[derive(Debug)]
pub(super) struct CircuitBreaker {
    entity: Arc<str>,
    action: BulkAction,
    outage_timeout: Duration,
    pub counter: ProgressCounter,
    outage: Mutex<Outage>,
    /// Held by the one call that probes, until its own result is known.
    probing: AsyncMutex<Probing>,
    /// Why no further call is sent.
    given_up: OnceLock<Error>,
}

/// The probes of the current outage.
#[derive(Debug, Default)]
struct Probing {
    probes: u32,
}

impl CircuitBreaker {
    pub(super) fn new(entity: Arc<str>, action: BulkAction) -> Self {
        Self {
            entity,
            action,
            outage_timeout: OUTAGE_TIMEOUT,
            counter: ProgressCounter::default(),
            outage: Mutex::default(),
            probing: AsyncMutex::default(),
            given_up: OnceLock::new(),
        }
    }

    /// Returns a breaker that nothing has passed yet, with other limits.
    pub(super) fn with_limits(&self, outage_timeout: Option<Duration>, max_failures: Option<u64>) -> Self {
        Self {
            outage_timeout: outage_timeout.unwrap_or(self.outage_timeout),
            counter: ProgressCounter::new(max_failures.or(self.counter.max_failures())),
            ..Self::new(self.entity.clone(), self.action)
        }
    }

    /// Makes a call once it may be sent. Until then, `cancel` ends it.
    pub(super) async fn pass<F>(
        &self,
        engine: &Engine,
        cancel: &GracefulCancel,
        call: impl FnOnce() -> F,
    ) -> Result<CallOutput>
    where
        F: Future<Output = Result<CallOutput>>,
    {
        let trial = tokio::select! {
            biased;
            () = cancel.asked.cancelled() => return Err(self.not_sent(Error::cancelled())),
            () = self.counter.limit_reached().cancelled() => return Err(self.too_many_failures()),
            trial = self.admit(engine) => trial?,
        };
        let result = cancel.run(engine.clock(), call()).await;
        self.outage().note(ServerSignal::of(&result), trial.is_some(), engine.clock().now());
        if let Some(mut probing) = trial.filter(|_| !self.is_outage()) {
            probing.probes = 0;
        }
        result
    }

    /// Returns why no call is sent any more.
    pub(super) fn refusal(&self) -> Option<Error> {
        if self.counter.limit_reached().is_cancelled() {
            return Some(self.too_many_failures());
        }
        self.given_up.get().cloned()
    }

    /// Waits until a call may be sent. Returns the right to probe, if this call is the trial of whether the outage is over.
    async fn admit(&self, engine: &Engine) -> Result<Option<AsyncMutexGuard<'_, Probing>>> {
        if !self.is_outage() {
            return Ok(None);
        }
        let mut probing = self.probing.lock().await;
        loop {
            if let Some(error) = self.given_up.get() {
                return Err(error.clone());
            }
            let Some(time_left) = self.outage_time_left(engine.clock().now()) else { return Ok(None) };
            if time_left.is_zero() {
                return Err(self.give_up());
            }
            let settings = engine.settings();
            let pause =
                pause(settings.backoff_base.max(MIN_PAUSE), PROBE_INTERVAL, probing.probes, engine.clock().random());
            probing.probes += 1;
            engine.clock().sleep(pause.min(time_left)).await;
            if self.responds(engine, time_left).await {
                return Ok(Some(probing));
            }
        }
    }

    /// Asks the server for one record of a list. Any response but a proxy's is good, a refusal too.
    async fn responds(&self, engine: &Engine, time_left: Duration) -> bool {
        let timeout = engine.context().timeout().min(PROBE_INTERVAL).min(time_left).as_secs_f64().max(0.001);
        let Ok(engine) = engine.with_options(format!("{{\"max_retries\": 0, \"timeout\": {timeout}}}").as_bytes())
        else {
            return true; // the settings are the caller's own, with a shorter timeout
        };
        let result = engine.run(probe(&self.entity, engine.settings())).await;
        !matches!(ServerSignal::of(&result), ServerSignal::NoResponse(_))
    }

    fn is_outage(&self) -> bool {
        !self.outage_timeout.is_zero() && self.outage().current().is_some()
    }

    /// Returns how long the current outage may last; `None` if there is none.
    fn outage_time_left(&self, now: Instant) -> Option<Duration> {
        let outage = self.outage();
        let (since, _) = outage.current()?;
        Some(self.outage_timeout.saturating_sub(now.saturating_duration_since(since)))
    }

    fn give_up(&self) -> Error {
        let outage = self.outage();
        let message = format!(
            "not sent: the server gave no response for {} s (the option `outage_timeout` of the bulk)",
            self.outage_timeout.as_secs_f64()
        );
        let error = Error::new(Code::Connection, message);
        let error = match outage.current() {
            Some((_, last)) => error.caused_by(last),
            None => error,
        };
        self.given_up.get_or_init(|| self.not_sent(error)).clone()
    }

    fn too_many_failures(&self) -> Error {
        let limit = self.counter.max_failures().unwrap_or_default();
        let message = format!("not sent: {limit} rows of the bulk have failed (its option `max_failures`)");
        self.not_sent(Error::new(Code::Cancelled, message))
    }

    /// Completes the error of an input that was not sent.
    fn not_sent(&self, error: Error) -> Error {
        error.with(|d| {
            d.outcome = (self.action != BulkAction::Get).then_some(Outcome::NotSent);
            d.entity = Some(self.entity.to_string());
            d.action = Some(self.action.name().to_owned());
        })
    }

    fn outage(&self) -> MutexGuard<'_, Outage> {
        self.outage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn probe(entity: &Arc<str>, settings: &Settings) -> Call {
    let params = Params::Query(vec![(settings.limit_param.clone(), "1".to_owned())]);
    Call { entity: entity.clone(), action: Action::List, method: settings.read_method(), params }
}
