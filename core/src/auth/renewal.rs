//! One login at a time, and who shares how it ended.

use super::login::{Ended, Lent, Login, is_refusal};
use super::store::TokenStore;
use super::token::AccessToken;
use crate::error::{Code, Error, Result};
use crate::retry::{Policy, Rules};
use crate::secret::Secrets;
use crate::settings::Settings;
use secrecy::ExposeSecret;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{Mutex, OwnedMutexGuard};
use url::Url;

/// The token in hand, and the way to the next one.
#[derive(Debug)]
pub(super) struct Renewal {
    login: Login,
    store: Option<TokenStore>,
    current: RwLock<Option<AccessToken>>,
    /// The number of the last login that has begun; the first is 1.
    begun: AtomicU64,
    /// The number of the last login that has ended, well or badly.
    ended: AtomicU64,
    /// Held while a login is under way; holds how the last one ended.
    gate: Arc<Gate>,
}

type Gate = Mutex<Option<Ended>>;

/// The last logins that had begun and ended when a call found that it needs one.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    begun: u64,
    ended: u64,
}

impl Renewal {
    pub(super) fn new(settings: Arc<Settings>, address: Url, secrets: Arc<Secrets>, rules: Rules) -> Self {
        let store = TokenStore::of(&settings, &address, rules.clock.clone());
        let login = Login::new(settings, address, secrets, rules);
        let (begun, ended) = Default::default();
        Self { login, store, current: RwLock::default(), begun, ended, gate: Arc::default() }
    }

    pub(super) fn seen(&self) -> Seen {
        let ended = self.ended.load(Ordering::Acquire);
        Seen { begun: self.begun.load(Ordering::Acquire), ended }
    }

    /// The token in hand, while it lives.
    pub(super) fn live(&self) -> Option<AccessToken> {
        let now = self.login.now();
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().filter(|token| token.is_fresh(now)).cloned()
    }

    /// One login for all who wait.
    pub(super) async fn renew(
        this: &Arc<Self>,
        refused: Option<&AccessToken>,
        lent: Lent,
        seen: Seen,
    ) -> Result<AccessToken> {
        let begun = this.login.now();
        let gate = this.gate.clone().lock_owned().await;
        if let Some(shared) = gate.as_ref().and_then(|last| this.shared(last, seen, refused, &lent.policy)) {
            return shared;
        }
        let lent = lent.after(this.login.now().saturating_duration_since(begun));
        let (owner, refused) = (this.clone(), refused.cloned());
        let work = async move { owner.log_in(gate, refused.as_ref(), lent).await };
        if this.login.uses_up_its_token() && outlives_a_call() {
            return tokio::spawn(work).await.unwrap_or_else(|ended| match ended.try_into_panic() {
                Ok(panic) => Err(Error::from_panic(&*panic)),
                Err(_) => Err(Error::cancelled()),
            });
        }
        work.await
    }

    /// The login of the one call that goes ahead.
    async fn log_in(
        &self,
        mut gate: OwnedMutexGuard<Option<Ended>>,
        refused: Option<&AccessToken>,
        lent: Lent,
    ) -> Result<AccessToken> {
        let number = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
        let max_retries = lent.policy.max_retries;
        let (result, age) = match &self.store {
            Some(store) => self.log_in_with(store, refused, lent).await,
            None => (self.login.run(lent).await, Duration::ZERO),
        };
        let result = result.map(|token| self.keep(token));
        if result.as_ref().is_err_and(was_its_own) {
            return result;
        }
        self.ended.store(number, Ordering::Release);
        let now = self.login.now();
        let at = now.checked_sub(age).unwrap_or(now);
        *gate = Some(Ended { number, at, max_retries, result: result.clone() });
        result
    }

    /// One login for all processes: while one logs in, the others wait and then find its token in the store, or its refusal.
    ///
    /// Also says how long ago it ended, where it was another's.
    async fn log_in_with(
        &self,
        store: &TokenStore,
        refused: Option<&AccessToken>,
        lent: Lent,
    ) -> (Result<AccessToken>, Duration) {
        let begun = self.login.now();
        let lock = match store.lock(lent.left).await {
            Ok(lock) => lock,
            Err(error) => return (Err(error), Duration::ZERO),
        };
        if let Some(kept) = store.read() {
            self.login.learn(&kept);
            let token = store.token(&kept);
            let was_refused = refused.is_some_and(|refused| refused.value() == token.value());
            if token.is_fresh(self.login.now()) && !was_refused {
                return (Ok(token), Duration::ZERO);
            }
        }
        let credentials = self.login.credentials();
        if let Some((error, age)) = store.refusal(credentials.expose_secret()) {
            return (Err(error), age);
        }
        let result = self.login.run(lent.after(self.login.now().saturating_duration_since(begun))).await;
        match &result {
            Ok(token) => {
                let newest = self.login.refresh_token();
                self.login.is_stored(lock.is_some() && store.write(token, newest.as_ref()));
            }
            Err(error) if lock.is_some() && is_refusal(error) => {
                store.refuse(error, credentials.expose_secret());
            }
            Err(_) => {}
        }
        (result, Duration::ZERO)
    }

    /// The end of a login that was under way while the caller waited, or of one that was refused a moment ago.
    fn shared(
        &self,
        last: &Ended,
        seen: Seen,
        refused: Option<&AccessToken>,
        policy: &Policy,
    ) -> Option<Result<AccessToken>> {
        let just_refused = last.was_just_refused(self.login.now());
        let same =
            last.result.as_ref().is_ok_and(|token| refused.is_some_and(|refused| refused.value() == token.value()));
        // A login that began before the token was refused may have brought it while it still lived.
        let is_news = last.number > if same { seen.begun } else { seen.ended };
        (is_news && !last.gave_up_early(policy) || just_refused).then(|| last.result.clone())
    }

    fn keep(&self, token: AccessToken) -> AccessToken {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let same = current.as_ref().is_some_and(|known| known.value() == token.value());
        let token = if same { token.used_to_its_end() } else { token };
        *current = Some(token.clone());
        token
    }
}

/// Whether a login ended only because its own call had no more time: the others try for themselves.
fn was_its_own(error: &Error) -> bool {
    error.code() == Code::Timeout && error.details().limit == Some("timeout")
}

/// Whether a task goes on here once the call that began it is gone. A runtime of one thread may never run again.
fn outlives_a_call() -> bool {
    Handle::try_current().is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread)
}
