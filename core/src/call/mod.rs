//! The story of one call: take a token, build the request, send it, read the answer, ask whether to repeat.

mod action;
mod form;
mod request;

pub(crate) use action::Action;

use crate::auth::{self, AccessToken, Lent, Tokens};
use crate::cancel::Cancel;
use crate::clock::SharedClock;
use crate::decimals;
use crate::envelope::{Answer, Wanted};
use crate::error::{Code, Error, Outcome, Result};
use crate::events::{Event, Events};
use crate::id::RecordId;
use crate::retry::{Attempts, Failure, Policy, Rules, retry_after};
use crate::secret::Secrets;
use crate::settings::{Decimals, Method, Settings};
use crate::transport::{Gate, Response, Transport};
use futures_util::FutureExt;
use serde_json::value::RawValue;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tracing::Instrument;
use url::Url;

/// One wish of the user, with all its attempts.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub entity: String,
    pub action: Action,
    pub method: Method,
    pub params: Params,
}

/// What a call carries.
#[derive(Clone, Debug)]
pub(crate) enum Params {
    /// A record, an id or both.
    Record { id: Option<RecordId>, record: Option<Box<RawValue>> },
    /// Names and values.
    Query(Vec<(String, String)>),
}

/// Everything calls share, and the connections they use.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    shared: Arc<Shared>,
    transport: Transport,
    cancel: Option<Cancel>,
    own: Option<Arc<Own>>,
}

/// What the calls of this engine alone go by.
#[derive(Debug)]
struct Own {
    settings: Arc<Settings>,
    rules: Rules,
}

#[derive(Debug)]
struct Shared {
    settings: Arc<Settings>,
    address: Url,
    rules: Rules,
    secrets: Arc<Secrets>,
    tokens: Tokens,
    closed: AtomicBool,
}

impl Engine {
    pub(crate) fn new(settings: Settings, clock: SharedClock) -> Result<Self> {
        settings.check_token_store()?;
        Self::with_events(settings, clock, Arc::default())
    }

    fn with_events(settings: Settings, clock: SharedClock, events: Arc<Events>) -> Result<Self> {
        let address = settings.check()?;
        let gate = Gate::new(settings.max_concurrency, settings.requests_per_second, clock.clone());
        let transport = Transport::new(&settings, &address, Arc::new(gate), events.clone())?;
        let settings = Arc::new(settings);
        let rules = Rules { policy: Policy::from(&*settings), clock, quota: Arc::default(), events };
        let secrets = Arc::new(auth::secrets(&settings));
        let tokens = Tokens::new(settings.clone(), address.clone(), secrets.clone(), rules.clone());
        let closed = AtomicBool::new(false);
        let shared = Arc::new(Shared { settings, address, rules, secrets, tokens, closed });
        Ok(Self { shared, transport, cancel: None, own: None })
    }

    /// The same client with connections of its own, for another runtime.
    pub(crate) fn with_own_connections(&self) -> Result<Self> {
        Ok(Self { transport: self.transport.with_own_connections()?, ..self.clone() })
    }

    /// A client with the same settings and listeners that shares nothing else with this one.
    pub(crate) fn anew(&self) -> Result<Self> {
        let Rules { clock, events, .. } = &self.shared.rules;
        let new = Self::with_events(self.shared.settings.as_ref().clone(), clock.clone(), events.clone())?;
        new.shared.closed.store(self.is_closed(), Ordering::Release);
        Ok(Self { cancel: self.cancel.clone(), ..new }.with_options_of(self))
    }

    /// The same client, whose calls go by other settings, see [`Settings::with_options`].
    pub(crate) fn with_options(&self, json: &[u8]) -> Result<Self> {
        Ok(self.going_by(Arc::new(self.settings().with_options(json)?)))
    }

    /// The same client, whose calls take no longer than this.
    pub(crate) fn with_timeout(&self, timeout: Duration) -> Self {
        self.going_by(Arc::new(Settings { timeout, ..self.settings().clone() }))
    }

    /// The same client, whose calls go by the options of another.
    pub(crate) fn with_options_of(&self, other: &Self) -> Self {
        other.own.as_ref().map_or_else(|| self.clone(), |own| self.going_by(own.settings.clone()))
    }

    fn going_by(&self, settings: Arc<Settings>) -> Self {
        let rules = Rules { policy: Policy::from(&*settings), ..self.shared.rules.clone() };
        Self { own: Some(Arc::new(Own { settings, rules })), ..self.clone() }
    }

    /// The same client, whose calls end once `cancel` says so, too.
    pub(crate) fn cancelled_by(&self, cancel: &Cancel) -> Self {
        Self { cancel: Some(cancel.within(self.cancel())), ..self.clone() }
    }

    /// What ends this engine's calls, if anything does.
    pub(crate) fn cancel(&self) -> Option<&Cancel> {
        self.cancel.as_ref()
    }

    pub(crate) fn settings(&self) -> &Settings {
        self.own.as_ref().map_or(&self.shared.settings, |own| &own.settings)
    }

    fn rules(&self) -> &Rules {
        self.own.as_ref().map_or(&self.shared.rules, |own| &own.rules)
    }

    /// Later calls fail; those under way go on.
    pub(crate) fn close(&self) {
        self.shared.closed.store(true, Ordering::Release);
    }

    /// Whether the client was closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.shared.closed.load(Ordering::Acquire)
    }

    /// Carries out the call. Whatever happens inside, a panic included, comes out as an error that names the call.
    pub(crate) async fn run(&self, call: Call) -> Result<Answer> {
        self.events().counters.calls.add(1);
        let mut attempts = Attempts::start(self.rules(), call.action.repeat(), self.settings().timeout);
        let span = tracing::debug_span!(target: "egito", "call", action = call.action.name(), entity = call.entity);
        let work = caught(self.attempt_until_done(&call, &mut attempts)).instrument(span);
        let result = self.until_cancelled(work).await;
        result.map_err(|error| finished(self.shared.secrets.clean(error), call, &attempts))
    }

    pub(crate) async fn panic_for_tests(&self) -> Result<()> {
        caught(async { panic!("a panic for tests") }).await
    }

    /// Drops the work, and with it the request under way, once the caller no longer waits.
    pub(crate) async fn until_cancelled<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let Some(cancel) = &self.cancel else { return work.await };
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Error::cancelled()),
            result = work => result,
        }
    }

    async fn attempt_until_done(&self, call: &Call, attempts: &mut Attempts<'_>) -> Result<Answer> {
        if self.is_closed() {
            return Err(Error::config("client", "the client is closed; make a new one"));
        }
        let mut token = match self.shared.tokens.live() {
            Some(token) => token,
            None => in_time(attempts.left(), self.shared.tokens.current(self.lend(attempts))).await?,
        };
        let mut renewed = false;
        loop {
            match self.attempt(call, &token, attempts).await {
                Ok(answer) => {
                    attempts.succeeded();
                    return Ok(answer);
                }
                Err((Failure::TokenRefused, _)) if !renewed => {
                    renewed = true;
                    attempts.answered();
                    token = self.renewed(&token, attempts).await?;
                }
                Err((_, error)) if attempts.maybe_done() && is_gone(call, &error) => {
                    attempts.succeeded();
                    return Ok(Answer::Id(None));
                }
                Err((failure, error)) => attempts.pause_after(failure, error).await?,
            }
        }
    }

    async fn attempt(
        &self,
        call: &Call,
        token: &AccessToken,
        attempts: &mut Attempts<'_>,
    ) -> std::result::Result<Answer, (Failure, Error)> {
        let request = request::build(call, self.settings(), &self.shared.address, token);
        let request = request.map_err(|error| (Failure::Final, error))?;
        let place = self.transport.enter(attempts.left()).await.map_err(|e| (e.failure, e.error))?;
        let sent = attempts.begin();
        self.events().counters.attempts.add(1);
        let begun = attempts.elapsed();
        let answered = self.transport.send(place, request, &sent, attempts.left()).await;
        let answered = answered.map_err(|e| (e.failure, e.error));
        let (status, bytes) = answered.as_ref().map_or((None, 0), |r| (Some(r.received.status), r.received.body.len()));
        let result = answered.and_then(|response| self.read(call, response));
        if self.events().wanted() {
            self.events().report(&Event {
                action: call.action.name().to_owned(),
                entity: Some(call.entity.clone()),
                attempt: attempts.count(),
                status,
                code: result.as_ref().err().map(|(_, error)| error.code()),
                elapsed: attempts.elapsed().saturating_sub(begun).as_secs_f64(),
                bytes: bytes as u64,
            });
        }
        result
    }

    /// Where attempts are reported and counted.
    pub(crate) fn events(&self) -> &Events {
        &self.shared.rules.events
    }

    async fn renewed(&self, refused: &AccessToken, attempts: &Attempts<'_>) -> Result<AccessToken> {
        in_time(attempts.left(), self.shared.tokens.after(refused, self.lend(attempts))).await
    }

    /// What a login is made with that this call needs.
    fn lend(&self, attempts: &Attempts<'_>) -> Lent {
        Lent { transport: self.transport.clone(), policy: self.rules().policy.clone(), left: attempts.left() }
    }

    fn read(&self, call: &Call, response: Response) -> std::result::Result<Answer, (Failure, Error)> {
        let Response { mut received, retry_after: header } = response;
        let wanted = call.action.wanted();
        if self.settings().decimals == Decimals::String
            && matches!(wanted, Wanted::Record | Wanted::Page | Wanted::Json)
        {
            received.body = decimals::as_text(received.body);
        }
        received.read(wanted, self.settings().list_key.as_deref()).map_err(|error| {
            let asked = header.as_deref().and_then(|value| retry_after(value, self.shared.rules.clock.calendar()));
            let failure = match error.code() {
                Code::RateLimited => Failure::RateLimited(asked),
                Code::Server => Failure::ServerError(asked),
                Code::Auth => Failure::TokenRefused,
                _ => Failure::Final,
            };
            let seconds = asked
                .filter(|_| matches!(failure, Failure::RateLimited(_) | Failure::ServerError(_)))
                .map(|pause| pause.as_secs_f64());
            (failure, error.with(|d| d.retry_after = seconds))
        })
    }
}

/// A panic becomes the error `internal`: it must not take the host program down.
async fn caught<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let result = AssertUnwindSafe(work).catch_unwind().await;
    result.unwrap_or_else(|panic| Err(Error::from_panic(&*panic)))
}

/// Waiting for a login that another call began counts towards this call's time, too.
async fn in_time(left: Duration, login: impl Future<Output = Result<AccessToken>>) -> Result<AccessToken> {
    tokio::time::timeout(left, login).await.unwrap_or_else(|_| {
        Err(Error::new(Code::Timeout, "the login took too long; the limit is the setting `timeout`").with(|d| {
            d.limit = Some("timeout");
            d.outcome = Some(Outcome::NotSent);
        }))
    })
}

/// A delete that meets "not found" on its own repeat has succeeded.
fn is_gone(call: &Call, error: &Error) -> bool {
    call.action == Action::Delete && error.code() == Code::NotFound
}

/// The error, clean of secrets, with everything that is known about the call it ended.
fn finished(error: Error, call: Call, attempts: &Attempts<'_>) -> Error {
    let Call { entity, action, params, .. } = call;
    let lost = matches!(error.code(), Code::Connection | Code::Timeout) && error.outcome() == Some(Outcome::Unknown);
    let maybe_done = lost && matches!(action, Action::Create | Action::Other(_));
    error.with(|d| {
        if d.code == Code::Validation {
            d.tell_errors();
        }
        d.message = format!("{} {entity}: {}", action.name(), d.message);
        if maybe_done {
            d.code = Code::OutcomeUnknown;
        }
        d.attempts = attempts.count();
        d.elapsed = Some(attempts.elapsed().as_secs_f64());
        if d.code == Code::Permission {
            d.category = action.category();
        }
        // An attempt before may have been done, whatever the last one met.
        let answered = matches!(d.code, Code::Validation | Code::Permission | Code::NotFound);
        if attempts.maybe_done() && !answered {
            d.outcome = Some(Outcome::Unknown);
        }
        if matches!(d.code, Code::Cancelled | Code::Internal) {
            let unknown = attempts.in_flight() || attempts.maybe_done();
            d.outcome = Some(if unknown { Outcome::Unknown } else { Outcome::NotSent });
        }
        if d.outcome == Some(Outcome::Unknown) && matches!(action, Action::Create | Action::Other(_)) {
            d.message.push_str("; it may have been done, so look in Egito before you send it again");
        }
        if action.is_read() {
            d.outcome = None;
        }
        if let Params::Record { id, record } = params {
            d.id = id;
            d.record = record.filter(|_| d.outcome == Some(Outcome::Unknown));
        }
        d.entity = Some(entity);
        d.action = Some(action.name().to_owned());
    })
}
