//! The login itself: one grant, repeated where the server is only out of breath.

use super::store::Kept;
use super::token::AccessToken;
use super::{grant, refusal};
use crate::error::{Code, Error, Result};
use crate::events::Event;
use crate::retry::{Attempts, Failure, Policy, Repeat, Rules, Sent, retry_after};
use crate::secret::Secrets;
use crate::settings::Settings;
use crate::transport::{Place, Transport};
use secrecy::{ExposeSecret, SecretString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use url::Url;

/// What a call lends to its login: connections, its own rules of repeating, and what is left of its time.
#[derive(Clone)]
pub(crate) struct Lent {
    pub transport: Transport,
    pub policy: Policy,
    pub left: Duration,
}

impl Lent {
    /// The same, once some of the time has passed.
    pub(super) fn after(self, passed: Duration) -> Self {
        Self { left: self.left.saturating_sub(passed), ..self }
    }
}

/// How a login ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// The first login is 1.
    pub number: u64,
    pub at: Instant,
    /// How often it might have been repeated.
    pub max_retries: u32,
    pub result: Result<AccessToken>,
}

impl Ended {
    /// Whether it failed though calls with this policy might have gone on.
    pub(super) fn gave_up_early(&self, policy: &Policy) -> bool {
        self.max_retries < policy.max_retries && self.result.as_ref().is_err_and(|error| !is_refusal(error))
    }

    /// Whether it was a refusal that still counts.
    pub(super) fn was_just_refused(&self, now: Instant) -> bool {
        self.result.as_ref().is_err_and(is_refusal) && now < self.at + refusal::REMEMBERED
    }
}

/// Whether the server answered and gave no token, in whatever form: an account is locked by tries, not by how they are answered.
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(error.code(), Code::Auth | Code::UnexpectedResponse)
        && error.details().status.is_some_and(|status| status < 500 && status != 429)
}

/// What a login needs.
pub(super) struct Login {
    settings: Arc<Settings>,
    address: Url,
    secrets: Arc<Secrets>,
    rules: Rules,
    /// The newest refresh token: each may be good for one use only.
    refresh_token: Mutex<Option<SecretString>>,
    unstored: AtomicBool,
}

impl Login {
    pub(super) fn new(settings: Arc<Settings>, address: Url, secrets: Arc<Secrets>, rules: Rules) -> Self {
        let refresh_token = Mutex::new(settings.refresh_grant().cloned());
        Self { settings, address, secrets, rules, refresh_token, unstored: AtomicBool::new(false) }
    }

    pub(super) fn now(&self) -> Instant {
        self.rules.clock.now()
    }

    /// Logs in. Errors carry no attempts: those of the call count, not the login's.
    pub(super) async fn run(&self, lent: Lent) -> Result<AccessToken> {
        let Lent { transport, policy, left } = lent;
        let rules = Rules { policy, ..self.rules.clone() };
        let mut attempts = Attempts::start(&rules, Repeat::Always, left);
        loop {
            let place = transport.enter(attempts.left()).await.map_err(|e| self.named(e.error))?;
            let sent = attempts.begin();
            let begun = self.now();
            let result = self.attempt(&transport, place, &sent, attempts.left()).await;
            self.report(&result, attempts.count(), begun);
            match result {
                Ok(token) => {
                    attempts.succeeded();
                    return Ok(token);
                }
                Err((failure, error)) => attempts.pause_after(failure, self.named(error)).await?,
            }
        }
    }

    /// Takes over what another process has learned.
    pub(super) fn learn(&self, kept: &Kept) {
        kept.secrets().for_each(|secret| self.secrets.add_token(secret));
        if self.unstored.load(Ordering::Acquire) {
            return; // what is in the file is older than ours
        }
        if let Some(newest) = &kept.refresh_token {
            *self.lock() = Some(newest.as_str().into());
        }
    }

    /// Whether what was learned at the last login is in the file.
    pub(super) fn is_stored(&self, stored: bool) {
        self.unstored.store(!stored, Ordering::Release);
    }

    /// The newest refresh token; none where there is a password, since it is never used then.
    pub(super) fn refresh_token(&self) -> Option<SecretString> {
        self.lock().clone()
    }

    /// What the next login will show: to tell one from another, never to be kept.
    pub(super) fn credentials(&self) -> SecretString {
        let shown = self.refresh_token().or_else(|| self.settings.password().cloned()).unwrap_or_default();
        format!("{}\n{}", self.settings.client_secret.expose_secret(), shown.expose_secret()).into()
    }

    /// Whether what it shows is good for one login only, so that an answer that nobody reads locks the user out.
    pub(super) fn uses_up_its_token(&self) -> bool {
        self.settings.refresh_grant().is_some()
    }

    fn report(&self, result: &std::result::Result<AccessToken, (Failure, Error)>, attempt: u32, begun: Instant) {
        let events = &self.rules.events;
        events.counters.logins.add(1);
        if !events.wanted() {
            return;
        }
        let error = result.as_ref().err().map(|(_, error)| error);
        events.report(&Event {
            action: "login".into(),
            entity: None,
            attempt,
            status: error.map_or(Some(200), |error| error.details().status),
            code: error.map(Error::code),
            elapsed: self.now().saturating_duration_since(begun).as_secs_f64(),
            bytes: 0,
        });
    }

    async fn attempt(
        &self,
        transport: &Transport,
        place: Place<'_>,
        sent: &Sent,
        left: Duration,
    ) -> std::result::Result<AccessToken, (Failure, Error)> {
        let refresh_token = self.refresh_token();
        let request = grant::request(&self.settings, &self.address, refresh_token.as_ref());
        // Once it is sent, the answer is worth more than the time of the call.
        let more = if self.uses_up_its_token() { self.settings.read_timeout } else { Duration::ZERO };
        let response =
            transport.send(place, request, sent, left.saturating_add(more)).await.map_err(|e| (e.failure, e.error))?;
        let granted = grant::read(&response.received, self.now()).map_err(|error| {
            let asked =
                response.retry_after.as_deref().and_then(|value| retry_after(value, self.rules.clock.calendar()));
            let failure = match response.received.status {
                429 => Failure::RateLimited(asked),
                500.. => Failure::ServerError(asked),
                _ => Failure::Final,
            };
            (failure, error.with(|d| d.retry_after = asked.map(|pause| pause.as_secs_f64())))
        })?;
        self.secrets.add_token(granted.token.value());
        if let Some(new) = granted.refresh_token {
            self.secrets.add_token(new.expose_secret());
            *self.lock() = Some(new).filter(|_| self.uses_up_its_token());
        }
        Ok(granted.token)
    }

    /// A login's own failure leaves the call unsent, however it failed.
    fn named(&self, error: Error) -> Error {
        let error = error.with(|d| {
            d.outcome = Some(crate::error::Outcome::NotSent);
            d.message = format!("login: {}", d.message);
        });
        self.secrets.clean(error)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<SecretString>> {
        self.refresh_token.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("address", &self.address.as_str()).finish_non_exhaustive()
    }
}
