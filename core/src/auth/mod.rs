//! Shares one access token between all calls, and logs in once at a time.

mod login;
mod single_flight;
mod store;
mod token;
mod token_request;

pub(crate) use login::{Login, LoginContext};
pub(crate) use single_flight::LoginEpoch;
pub(crate) use token::AccessToken;
pub(crate) use token_request::TokenResponse;
#[cfg(fuzzing)]
pub(crate) use token_request::read as read_token;

use crate::error::{Error, Outcome, Result};
use crate::secret::Secrets;
use crate::settings::{Proxy, Settings};
use secrecy::ExposeSecret;
use single_flight::SingleFlight;
use std::sync::Arc;
use store::TokenStore;

/// The source of access tokens.
#[derive(Debug)]
pub(crate) struct Tokens(Arc<SingleFlight>);

impl Tokens {
    pub(crate) fn new(login: Login) -> Self {
        Self(Arc::new(SingleFlight::new(login)))
    }

    /// Returns the current token while it is valid, without waiting.
    pub(crate) fn valid_token(&self) -> Option<AccessToken> {
        self.0.valid_token()
    }

    /// Logs in, or returns the token that another call got in the meantime.
    pub(crate) async fn log_in(&self, context: LoginContext) -> Result<AccessToken> {
        let epoch = self.0.epoch();
        match self.valid_token() {
            Some(token) => Ok(token),
            None => self.renew(None, context, epoch).await,
        }
    }

    /// Logs in although there is a token, and returns the response and whether its token is the current one.
    pub(crate) async fn log_in_again(&self, context: LoginContext) -> Result<(TokenResponse, bool)> {
        self.0.log_in_again(context).await
    }

    /// Returns the numbers of the last logins. If the server refuses a token now, only the results of later logins count, see
    /// [`replace`](Self::replace).
    pub(crate) fn epoch(&self) -> LoginEpoch {
        self.0.epoch()
    }

    /// Returns another token for a call whose token `refused` the server has refused. `epoch` is from that time: the result of a login
    /// that ended later is shared.
    pub(crate) async fn replace(
        &self,
        refused: &AccessToken,
        epoch: LoginEpoch,
        context: LoginContext,
    ) -> Result<AccessToken> {
        match self.valid_token().filter(|token| token.value() != refused.value()) {
            Some(token) => Ok(token),
            None => self.renew(Some(refused), context, epoch).await,
        }
    }

    /// Logs in within the time that is left. Logins are rare, and boxed so that the future of every call stays small.
    async fn renew(
        &self,
        refused: Option<&AccessToken>,
        context: LoginContext,
        epoch: LoginEpoch,
    ) -> Result<AccessToken> {
        let time_left = context.time_left; // also limits waiting for the login of another call
        let login = Box::pin(SingleFlight::log_in(&self.0, refused, context, epoch));
        tokio::time::timeout(time_left, login).await.unwrap_or_else(|_| {
            let message = "timed out waiting for the login; the limit is the setting `timeout`";
            Err(Error::timed_out("timeout", Outcome::NotSent, message))
        })
    }
}

/// Checks that the token file of the settings can be written. Done only once, since its folder may be removed while a program runs.
pub(crate) fn check_token_store(settings: &Settings) -> Result<()> {
    TokenStore::check(settings)
}

/// Returns the secrets in the settings, which are redacted in every error.
pub(crate) fn secrets(settings: &Settings, proxy: Option<&Proxy>) -> Secrets {
    let given = [&settings.password, &settings.refresh_token].into_iter().flatten().chain([&settings.client_secret]);
    let given = given.map(|secret| secret.expose_secret().to_owned());
    let all: Vec<String> = given.chain(proxy.and_then(Proxy::password).map(str::to_owned)).collect();
    Secrets::new(&all)
}
