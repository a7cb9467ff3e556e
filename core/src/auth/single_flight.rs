//! Runs one login at a time. Calls that need a token wait for the login in flight and share its result.

use super::login::{Login, LoginContext, is_refusal};
use super::store::TokenStore;
use super::token::AccessToken;
use super::token_request::TokenResponse;
use crate::background_runtime::is_background_thread;
use crate::error::{Code, Error, Result};
use crate::retry::{REFUSAL_TTL, RetryPolicy};
use secrecy::ExposeSecret;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// The current token, and the login that renews it.
#[derive(Debug)]
pub(super) struct SingleFlight {
    login: Login,
    store: Option<TokenStore>,
    current: RwLock<Option<AccessToken>>,
    /// Whether a login before the expiry of a token returned the same token. If so, tokens are used until they expire.
    login_returns_same_token: AtomicBool,
    /// Number of the last login that has begun. The first is 1.
    begun: AtomicU64,
    /// Number of the last login that has ended, with or without success.
    ended: AtomicU64,
    /// Locked while a login is in flight; holds the result of the last one.
    last: Arc<Mutex<Option<LoginResult>>>,
}

/// The result of a login.
#[derive(Debug)]
struct LoginResult {
    number: u64,
    at: Instant,
    /// Maximum number of its retries.
    max_retries: u32,
    result: Result<AccessToken>,
}

/// The last logins that had begun and ended when a call found that it needs one.
#[derive(Clone, Copy)]
pub(crate) struct LoginEpoch {
    begun: u64,
    ended: u64,
}

impl LoginResult {
    /// Returns whether it failed, and a call with this policy might have retried more often.
    fn had_fewer_retries(&self, policy: &RetryPolicy) -> bool {
        self.max_retries < policy.max_retries && self.result.as_ref().is_err_and(|error| !is_refusal(error))
    }

    /// Returns whether it was refused so recently that no call tries again.
    fn was_just_refused(&self, now: Instant) -> bool {
        self.result.as_ref().is_err_and(is_refusal) && now < self.at + REFUSAL_TTL
    }
}

impl SingleFlight {
    pub(super) fn new(login: Login) -> Self {
        let store = TokenStore::of(login.settings(), login.address(), login.retry().clock.clone());
        let (current, login_returns_same_token, begun, ended, last) = Default::default();
        Self { login, store, current, login_returns_same_token, begun, ended, last }
    }

    pub(super) fn epoch(&self) -> LoginEpoch {
        let ended = self.ended.load(Ordering::Acquire);
        LoginEpoch { begun: self.begun.load(Ordering::Acquire), ended }
    }

    /// Returns the current token while it is valid.
    pub(super) fn valid_token(&self) -> Option<AccessToken> {
        let now = self.login.now();
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().filter(|token| token.is_fresh(now)).cloned()
    }

    /// Logs in although there is a token, and returns the response and whether its token is the current one.
    pub(super) async fn log_in_again(&self, context: LoginContext) -> Result<(TokenResponse, bool)> {
        let granted = Box::pin(self.login.run_once(context)).await?;
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        let is_same = current.is_some_and(|current| current.value() == granted.token.value());
        self.keep(granted.token.clone());
        Ok((granted, is_same))
    }

    /// Logs in, or returns the result of the login in flight.
    pub(super) async fn log_in(
        this: &Arc<Self>,
        refused: Option<&AccessToken>,
        context: LoginContext,
        epoch: LoginEpoch,
    ) -> Result<AccessToken> {
        let begun = this.login.now();
        let last = this.last.clone().lock_owned().await;
        if let Some(shared) = last.as_ref().and_then(|last| this.shared(last, epoch, refused, &context.policy)) {
            return shared;
        }
        let context = context.after(this.login.now().saturating_duration_since(begun));
        let (owner, refused) = (this.clone(), refused.cloned());
        let work = async move { owner.log_in_holding_lock(last, refused.as_ref(), context).await };
        if this.login.uses_refresh_token() && tasks_outlive_calls() {
            return tokio::spawn(work).await.unwrap_or_else(|ended| match ended.try_into_panic() {
                Ok(panic) => Err(Error::from_panic(&*panic)),
                Err(_) => Err(Error::cancelled()),
            });
        }
        work.await
    }

    /// Logs in while the caller holds the lock.
    async fn log_in_holding_lock(
        &self,
        mut last: OwnedMutexGuard<Option<LoginResult>>,
        refused: Option<&AccessToken>,
        context: LoginContext,
    ) -> Result<AccessToken> {
        let number = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
        let max_retries = context.policy.max_retries;
        let (result, age) = match &self.store {
            Some(store) => self.log_in_with_store(store, refused, context).await,
            None => (Box::pin(self.login.run(context)).await, Duration::ZERO),
        };
        let result = result.map(|token| self.keep(token));
        if result.as_ref().is_err_and(reached_own_timeout) {
            return result;
        }
        self.ended.store(number, Ordering::Release);
        let now = self.login.now();
        let at = now.checked_sub(age).unwrap_or(now);
        *last = Some(LoginResult { number, at, max_retries, result: result.clone() });
        result
    }

    /// Logs in once for all processes that share the token store. While one logs in, the others wait, and then find its token or its
    /// refusal in the store.
    ///
    /// Also returns the age of the result, if another process stored it.
    async fn log_in_with_store(
        &self,
        store: &TokenStore,
        refused: Option<&AccessToken>,
        context: LoginContext,
    ) -> (Result<AccessToken>, Duration) {
        let begun = self.login.now();
        let lock = match store.lock(context.time_left).await {
            Ok(lock) => lock,
            Err(error) => return (Err(error), Duration::ZERO),
        };
        if let Some(stored) = store.read() {
            self.login.adopt(&stored);
            let token = store.token(&stored);
            let was_refused = refused.is_some_and(|refused| refused.value() == token.value());
            if self.with_renewal_time(token.clone()).is_fresh(self.login.now()) && !was_refused {
                return (Ok(token), Duration::ZERO);
            }
        }
        let credentials = self.login.credentials();
        if let Some((error, age)) = store.refusal(credentials.expose_secret()) {
            return (Err(error), age);
        }
        let result = Box::pin(self.login.run(context.after(self.login.now().saturating_duration_since(begun)))).await;
        match &result {
            Ok(token) => {
                let newest = self.login.refresh_token();
                self.login.set_stored(lock.is_some() && store.write(token, newest.as_ref()));
            }
            Err(error) if lock.is_some() && is_refusal(error) => {
                store.refuse(error, credentials.expose_secret());
            }
            Err(_) => {}
        }
        (result, Duration::ZERO)
    }

    /// Returns the last result if this caller can share it: the login ended while the caller waited, or was refused a moment ago.
    fn shared(
        &self,
        last: &LoginResult,
        epoch: LoginEpoch,
        refused: Option<&AccessToken>,
        policy: &RetryPolicy,
    ) -> Option<Result<AccessToken>> {
        let is_same_token =
            last.result.as_ref().is_ok_and(|token| refused.is_some_and(|refused| refused.value() == token.value()));
        // A login that began before the token was refused may have returned that token while it was still valid.
        let newest_known = if is_same_token { epoch.begun } else { epoch.ended };
        let is_new = last.number > newest_known && !last.had_fewer_retries(policy);
        (is_new || last.was_just_refused(self.login.now())).then(|| last.result.clone())
    }

    /// Returns the token with the time of its renewal: some time before it expires, or only once it has expired if earlier logins
    /// return the same token.
    fn with_renewal_time(&self, token: AccessToken) -> AccessToken {
        if self.login_returns_same_token.load(Ordering::Relaxed) { token.without_early_renewal() } else { token }
    }

    /// Makes this the current token.
    fn keep(&self, token: AccessToken) -> AccessToken {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|known| known.value() == token.value()) {
            self.login_returns_same_token.store(true, Ordering::Relaxed);
        }
        let token = self.with_renewal_time(token);
        *current = Some(token.clone());
        token
    }
}

/// Returns whether a login failed only because its own call timed out. Other callers then log in themselves.
fn reached_own_timeout(error: &Error) -> bool {
    error.code() == Code::Timeout && error.details().limit == Some("timeout")
}

/// Returns whether a spawned task continues after its call has ended. A current-thread runtime may not run again after the call.
fn tasks_outlive_calls() -> bool {
    Handle::try_current().is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread)
        || is_background_thread()
}
