//! The access token: one for all calls, one login at a time.

mod grant;
mod login;
mod store;
mod token;

#[cfg(fuzzing)]
pub(crate) use grant::read as read_token;
pub(crate) use token::AccessToken;

use crate::error::{Error, Result};
use crate::retry::Rules;
use crate::secret::Secrets;
use crate::settings::Settings;
use crate::transport::Transport;
use login::{Ended, Login};
use percent_encoding::percent_decode_str;
use secrecy::ExposeSecret;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;
use store::TokenStore;
use tokio::sync::Mutex;
use url::Url;

/// A refused login is not tried again for this long: a storm of calls must not lock the user's account.
const REFUSAL_REMEMBERED: Duration = Duration::from_secs(5);

/// Where calls get their token from.
#[derive(Debug)]
pub(crate) struct Tokens {
    login: Login,
    store: Option<TokenStore>,
    current: RwLock<Option<AccessToken>>,
    /// How many logins have ended, well or badly.
    ended: AtomicU64,
    /// Held while a login is under way; holds how the last one ended.
    gate: Mutex<Option<Ended>>,
}

impl Tokens {
    pub(crate) fn new(settings: Arc<Settings>, address: Url, secrets: Arc<Secrets>, rules: Rules) -> Self {
        let store = TokenStore::of(&settings, &address, rules.clock.clone());
        let login = Login::new(settings, address, secrets, rules);
        Self { login, store, current: RwLock::default(), ended: AtomicU64::new(0), gate: Mutex::default() }
    }

    /// The token to send a call with; logs in where there is none that lives.
    pub(crate) async fn current(&self, transport: &Transport, left: Duration) -> Result<AccessToken> {
        let ended = self.ended.load(Ordering::Acquire);
        match self.live() {
            Some(token) => Ok(token),
            None => self.renewed(None, transport, left, ended).await,
        }
    }

    /// The token to repeat a call with, after the server refused `refused`.
    pub(crate) async fn after(
        &self,
        refused: &AccessToken,
        transport: &Transport,
        left: Duration,
    ) -> Result<AccessToken> {
        let ended = self.ended.load(Ordering::Acquire);
        if let Some(token) = self.live().filter(|token| token.value() != refused.value()) {
            return Ok(token);
        }
        self.renewed(Some(refused), transport, left, ended).await
    }

    /// A login is rare: boxed, it makes the future of every call a good deal smaller.
    async fn renewed(
        &self,
        refused: Option<&AccessToken>,
        transport: &Transport,
        left: Duration,
        seen: u64,
    ) -> Result<AccessToken> {
        Box::pin(self.renew(refused, transport, left, seen)).await
    }

    /// The token in hand, while it lives.
    pub(crate) fn live(&self) -> Option<AccessToken> {
        let now = self.login.now();
        let current = self.current.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        current.as_ref().filter(|token| token.is_fresh(now)).cloned()
    }

    /// One login for all who wait. `seen` is how many had ended when the caller found that it needs one.
    async fn renew(
        &self,
        refused: Option<&AccessToken>,
        transport: &Transport,
        left: Duration,
        seen: u64,
    ) -> Result<AccessToken> {
        let begun = self.login.now();
        let mut gate = self.gate.lock().await;
        if let Some(shared) = gate.as_ref().and_then(|last| self.shared(last, seen, refused)) {
            return shared;
        }
        let left = left.saturating_sub(self.login.now().saturating_duration_since(begun));
        let result = match &self.store {
            Some(store) => self.log_in_with(store, refused, transport, left).await,
            None => self.login.run(transport, left).await,
        };
        let result = result.map(|token| self.keep(token));
        if result.as_ref().is_err_and(|error| !is_refusal(error)) {
            return result; // its own caller may have had less time than the others, who try for themselves
        }
        let number = self.ended.fetch_add(1, Ordering::AcqRel) + 1;
        *gate = Some(Ended { number, at: self.login.now(), result: result.clone() });
        result
    }

    /// One login for all processes: while one logs in, the others wait and then find its token in the store.
    async fn log_in_with(
        &self,
        store: &TokenStore,
        refused: Option<&AccessToken>,
        transport: &Transport,
        left: Duration,
    ) -> Result<AccessToken> {
        let begun = self.login.now();
        let _lock = store.lock(left).await?;
        if let Some(kept) = store.read() {
            self.login.learn(&kept);
            let token = store.token(&kept);
            let was_refused = refused.is_some_and(|refused| refused.value() == token.value());
            if token.is_fresh(self.login.now()) && !was_refused {
                return Ok(token);
            }
        }
        let left = left.saturating_sub(self.login.now().saturating_duration_since(begun));
        let token = self.login.run(transport, left).await?;
        let newest = self.login.refresh_token();
        self.login.is_stored(store.write(&token, newest.as_ref()));
        Ok(token)
    }

    /// The end of a login that was under way while the caller waited, or of one that was refused a moment ago.
    fn shared(&self, last: &Ended, seen: u64, refused: Option<&AccessToken>) -> Option<Result<AccessToken>> {
        let just_refused = last.is_refusal() && self.login.now() < last.at + REFUSAL_REMEMBERED;
        let same =
            last.result.as_ref().is_ok_and(|token| refused.is_some_and(|refused| refused.value() == token.value()));
        ((last.number > seen && !same) || just_refused).then(|| last.result.clone())
    }

    fn keep(&self, token: AccessToken) -> AccessToken {
        let mut current = self.current.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let same = current.as_ref().is_some_and(|known| known.value() == token.value());
        let token = if same { token.used_to_its_end() } else { token };
        *current = Some(token.clone());
        token
    }
}

/// The secrets that settings hold.
pub(crate) fn secrets(settings: &Settings) -> Secrets {
    let given = [&settings.password, &settings.refresh_token].into_iter().flatten().chain([&settings.client_secret]);
    let mut secrets: Vec<String> = given.map(|secret| secret.expose_secret().to_owned()).collect();
    let proxy = settings.proxy.as_ref().and_then(|proxy| Url::parse(proxy.expose_secret()).ok());
    if let Some(password) = proxy.as_ref().and_then(Url::password) {
        secrets.push(password.to_owned());
        secrets.push(percent_decode_str(password).decode_utf8_lossy().into_owned());
    }
    Secrets::new(&secrets)
}

/// Whether an error is a refusal of the credentials.
fn is_refusal(error: &Error) -> bool {
    error.code() == crate::error::Code::Auth
}
