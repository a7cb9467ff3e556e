//! A circuit breaker: holds the calls of a bulk during an outage of the server, and rejects them once the outage is too long or the
//! proxy refuses its login.

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

/// Default of the maximum duration of an outage.
const DEFAULT_OUTAGE_TIMEOUT: Duration = Duration::from_secs(300);

/// Maximum pause between two probes, and maximum time to wait for the response to one.
const PROBE_INTERVAL: Duration = Duration::from_secs(15);

/// Minimum pause before a probe, if the setting `backoff_base` is less.
const MIN_PAUSE: Duration = Duration::from_millis(50);

/// Sends the calls of a bulk, or holds them.
///
/// During an outage (the circuit is open) all calls wait. The first of them probes the server with a small read. Once the probe
/// has a response, that call is sent alone, as a trial. Its response ends the outage, and the other calls are sent.
#[derive(Debug)]
pub(super) struct CircuitBreaker {
    entity: Arc<str>,
    action: BulkAction,
    outage_timeout: Duration,
    pub counter: ProgressCounter,
    outage: Mutex<Outage>,
    /// Locked by the call that probes, until its own result is known.
    probing: AsyncMutex<Probing>,
    /// The error of all further calls, once the outage was too long, or the proxy refused its login.
    final_error: OnceLock<Error>,
}

/// The right to probe the server.
#[derive(Debug, Default)]
struct Probing {
    /// Number of probes during the current outage.
    probes: u32,
}

impl CircuitBreaker {
    pub(super) fn new(entity: Arc<str>, action: BulkAction) -> Self {
        Self {
            entity,
            action,
            outage_timeout: DEFAULT_OUTAGE_TIMEOUT,
            counter: ProgressCounter::default(),
            outage: Mutex::default(),
            probing: AsyncMutex::default(),
            final_error: OnceLock::new(),
        }
    }

    /// Returns a new breaker with other limits.
    pub(super) fn with_limits(&self, outage_timeout: Option<Duration>, max_failures: Option<u64>) -> Self {
        Self {
            outage_timeout: outage_timeout.unwrap_or(self.outage_timeout),
            counter: ProgressCounter::new(max_failures.or(self.counter.max_failures())),
            ..Self::new(self.entity.clone(), self.action)
        }
    }

    /// Waits until a call may be sent, and makes it. `cancel` ends the wait. So does closing the client, after which calls fail at
    /// once.
    pub(super) async fn call<F>(
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
            () = cancel.requested.cancelled() => return Err(self.not_sent(Error::cancelled())),
            () = self.counter.limit_reached().cancelled() => return Err(self.too_many_failures()),
            () = engine.closed() => None,
            trial = self.wait_for_outage_end(engine) => trial?,
        };
        let result = cancel.run(engine.clock(), call()).await;
        if !engine.is_closed() {
            // The calls of a closed client were cancelled, which says nothing about the server.
            self.outage().record(ServerSignal::of(&result), trial.is_some(), engine.clock().now());
        }
        if let (Err(_), Some(error)) = (&result, engine.proxy_refusal()) {
            self.final_error.get_or_init(|| self.not_sent(error)); // more attempts could lock the proxy's user
        }
        if let Some(mut probing) = trial.filter(|_| !self.is_outage()) {
            probing.probes = 0;
        }
        result
    }

    /// Returns the error for further calls, if none is sent any more.
    pub(super) fn rejection(&self) -> Option<Error> {
        if self.counter.limit_reached().is_cancelled() {
            return Some(self.too_many_failures());
        }
        self.final_error.get().cloned()
    }

    /// Rejects further calls with this error, and returns it.
    pub(super) fn stop(&self, error: Error) -> Error {
        let error = self.not_sent(error);
        self.final_error.get_or_init(|| error.clone());
        error
    }

    /// Returns the name of the entity.
    pub(super) fn entity(&self) -> &Arc<str> {
        &self.entity
    }

    /// Waits until a call may be sent. Returns the right to probe if the call is the trial.
    async fn wait_for_outage_end(&self, engine: &Engine) -> Result<Option<AsyncMutexGuard<'_, Probing>>> {
        if !self.is_outage() {
            return Ok(None);
        }
        let mut probing = self.probing.lock().await;
        loop {
            if let Some(error) = self.final_error.get() {
                return Err(error.clone());
            }
            let Some(time_left) = self.outage_time_left(engine.clock().now()) else { return Ok(None) };
            if time_left.is_zero() {
                return Err(self.reject_further_calls());
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

    /// Requests one record of a list. Returns whether the server responds, with whatever status; a response of a proxy does not
    /// count.
    async fn responds(&self, engine: &Engine, time_left: Duration) -> bool {
        let timeout = engine.context().timeout().min(PROBE_INTERVAL).min(time_left).as_secs_f64().max(0.001);
        let Ok(engine) = engine.with_options(format!("{{\"max_retries\": 0, \"timeout\": {timeout}}}").as_bytes())
        else {
            return true; // cannot fail: these are valid settings with a shorter timeout
        };
        let result = engine.run(probe(&self.entity, engine.settings())).await;
        !matches!(ServerSignal::of(&result), ServerSignal::NoResponse(_))
    }

    fn is_outage(&self) -> bool {
        !self.outage_timeout.is_zero() && self.outage().current().is_some()
    }

    /// Returns how much longer the current outage may last; `None` if there is none.
    fn outage_time_left(&self, now: Instant) -> Option<Duration> {
        let outage = self.outage();
        let (since, _) = outage.current()?;
        Some(self.outage_timeout.saturating_sub(now.saturating_duration_since(since)))
    }

    fn reject_further_calls(&self) -> Error {
        let outage = self.outage();
        let message = format!(
            "not sent: no response from the server for {} s (option `outage_timeout` of the bulk); run the bulk again later",
            self.outage_timeout.as_secs_f64()
        );
        let error = Error::new(Code::Connection, message);
        let error = match outage.current() {
            Some((_, last)) => error.caused_by(last),
            None => error,
        };
        self.final_error.get_or_init(|| self.not_sent(error)).clone()
    }

    fn too_many_failures(&self) -> Error {
        let limit = self.counter.max_failures().unwrap_or_default();
        let message = format!("not sent: {limit} rows of the bulk have failed (option `max_failures`)");
        self.not_sent(Error::new(Code::Cancelled, message))
    }

    /// Adds the details of an input that was not sent to its error.
    pub(super) fn not_sent(&self, error: Error) -> Error {
        error.with(|d| {
            d.outcome = (!self.action.only_reads()).then_some(Outcome::NotSent);
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
