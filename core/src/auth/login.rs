//! Logs in: sends one OAuth grant, and retries it after transient failures.

use super::store::StoredToken;
use super::token::AccessToken;
use super::token_request::{self, TokenResponse};
use crate::error::{Code, Error, Outcome, Result};
use crate::events::CallInfo;
use crate::retry::{AttemptError, Attempts, Idempotency, RetryContext, RetryPolicy, SendState};
use crate::secret::Secrets;
use crate::settings::Settings;
use crate::transport::{Permit, Transport};
use secrecy::{ExposeSecret, SecretString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use url::Url;

/// The data that a call passes to the login that it needs: its connections, its retry policy and its remaining time.
#[derive(Clone)]
pub(crate) struct LoginContext {
    pub transport: Transport,
    pub policy: RetryPolicy,
    pub time_left: Duration,
    /// The call that needs the login, for events.
    pub call: u64,
    pub tag: u64,
}

impl LoginContext {
    /// Returns the context after `passed` of its time.
    pub(super) fn after(self, passed: Duration) -> Self {
        Self { time_left: self.time_left.saturating_sub(passed), ..self }
    }
}

/// Gets tokens from the server.
pub(crate) struct Login {
    settings: Arc<Settings>,
    address: Url,
    secrets: Arc<Secrets>,
    retry: RetryContext,
    /// The newest refresh token. The server may accept each one only once.
    refresh_token: Mutex<Option<SecretString>>,
    /// Whether the newest refresh token could not be written to the token file.
    file_is_stale: AtomicBool,
}

impl Login {
    pub(crate) fn new(settings: Arc<Settings>, address: Url, secrets: Arc<Secrets>, retry: RetryContext) -> Self {
        let refresh_token = Mutex::new(settings.refresh_grant().cloned());
        Self { settings, address, secrets, retry, refresh_token, file_is_stale: AtomicBool::new(false) }
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn address(&self) -> &Url {
        &self.address
    }

    pub(super) fn retry(&self) -> &RetryContext {
        &self.retry
    }

    pub(super) fn now(&self) -> Instant {
        self.retry.clock.now()
    }

    /// Logs in. Its errors have no count of attempts, since `attempts` counts those of the call that needs the login.
    pub(super) async fn run(&self, context: LoginContext) -> Result<AccessToken> {
        let LoginContext { transport, policy, time_left, call, tag } = context;
        let call_info = CallInfo { call, tag, action: "login".into(), entity: None, entry: None, method: "POST" };
        let mut attempts = Attempts::start(&self.retry, call_info, policy, Idempotency::Idempotent, time_left);
        loop {
            let permit = transport.acquire(attempts.time_left()).await.map_err(|e| self.login_error(e.error))?;
            let state = attempts.begin();
            self.retry.events.counters.logins.add(1);
            let result = self.attempt(&transport, permit, &state, attempts.time_left()).await;
            let error = result.as_ref().err().map(|failed| &failed.error);
            let status = error.map_or(Some(200), |error| error.details().status);
            attempts.report(status, error.map(Error::code), 0);
            match result {
                Ok(token) => {
                    attempts.succeeded();
                    return Ok(token);
                }
                Err(AttemptError { failure, error }) => {
                    attempts.wait_for_retry(AttemptError::new(failure, self.login_error(error))).await?;
                }
            }
        }
    }

    /// Sends one more login, without retries, and returns its response. Calls do not use its token.
    pub(super) async fn run_once(&self, context: LoginContext) -> Result<TokenResponse> {
        let LoginContext { transport, policy, time_left, call, tag } = context;
        let call_info = CallInfo { call, tag, action: "login".into(), entity: None, entry: None, method: "POST" };
        let mut attempts = Attempts::start(&self.retry, call_info, policy, Idempotency::Idempotent, time_left);
        let permit = transport.acquire(time_left).await.map_err(|failed| self.login_error(failed.error))?;
        let state = attempts.begin();
        self.retry.events.counters.logins.add(1);
        let result = self.request_token(&transport, permit, &state, time_left).await;
        let error = result.as_ref().err().map(|failed| &failed.error);
        attempts.report(error.map_or(Some(200), |error| error.details().status), error.map(Error::code), 0);
        let granted = result.map_err(|failed| self.login_error(failed.error))?;
        self.secrets.add_token(granted.token.value());
        Ok(granted)
    }

    async fn request_token(
        &self,
        transport: &Transport,
        permit: Permit<'_>,
        state: &SendState,
        time_left: Duration,
    ) -> std::result::Result<TokenResponse, AttemptError> {
        let refresh_token = self.refresh_token();
        let request = token_request::request(&self.settings, refresh_token.as_ref());
        // The response may have the only valid refresh token, so it is awaited even after the call's timeout.
        let extra = if self.uses_refresh_token() { self.settings.read_timeout } else { Duration::ZERO };
        let response = transport.send(permit, request, state, time_left.saturating_add(extra)).await?;
        token_request::read(&response.received, self.now())
            .map_err(|error| AttemptError::from_response(error, response.retry_after(self.retry.clock.system_time())))
    }

    async fn attempt(
        &self,
        transport: &Transport,
        permit: Permit<'_>,
        state: &SendState,
        time_left: Duration,
    ) -> std::result::Result<AccessToken, AttemptError> {
        let granted = self.request_token(transport, permit, state, time_left).await?;
        self.secrets.add_token(granted.token.value());
        if let Some(new) = granted.refresh_token {
            self.secrets.add_token(new.expose_secret());
            *self.lock() = Some(new).filter(|_| self.uses_refresh_token());
        }
        Ok(granted.token)
    }

    /// Marks an error as the login's. The call itself was not sent.
    fn login_error(&self, error: Error) -> Error {
        let error = error.with(|d| {
            d.outcome = Some(Outcome::NotSent);
            d.message = format!("login: {}", d.message);
        });
        self.secrets.redact(error)
    }

    /// Uses the refresh token that another process stored, and redacts its tokens in errors.
    pub(super) fn adopt(&self, stored: &StoredToken) {
        stored.secrets().for_each(|secret| self.secrets.add_token(secret));
        if self.file_is_stale.load(Ordering::Acquire) {
            return;
        }
        if let Some(newest) = &stored.refresh_token {
            *self.lock() = Some(newest.as_str().into());
        }
    }

    /// Records whether the result of the last login was written to the token file.
    pub(super) fn set_stored(&self, stored: bool) {
        self.file_is_stale.store(!stored, Ordering::Release);
    }

    /// Returns the newest refresh token; `None` if a password is used instead.
    pub(super) fn refresh_token(&self) -> Option<SecretString> {
        self.lock().clone()
    }

    /// Returns the credentials that the next login sends, for comparison. They must never be stored.
    pub(super) fn credentials(&self) -> SecretString {
        let secret = self.refresh_token().or_else(|| self.settings.password().cloned()).unwrap_or_default();
        format!("{}\n{}", self.settings.client_secret.expose_secret(), secret.expose_secret()).into()
    }

    /// Returns whether the client logs in with a refresh token. The server may accept it only once: if the response were lost, the user
    /// could not log in again.
    pub(super) fn uses_refresh_token(&self) -> bool {
        self.settings.refresh_grant().is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Option<SecretString>> {
        self.refresh_token.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether the server responded without a token. Each such response may count towards locking the account.
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(error.code(), Code::Auth | Code::UnexpectedResponse)
        && error.details().status.is_some_and(|status| status < 500 && status != 429)
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("address", &self.address.as_str()).finish_non_exhaustive()
    }
}
