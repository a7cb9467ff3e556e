//! The access token: one for all calls, one login at a time.

mod grant;
mod login;
mod refusal;
mod renewal;
mod store;
mod token;

#[cfg(fuzzing)]
pub(crate) use grant::read as read_token;
pub(crate) use login::Lent;
pub(crate) use token::AccessToken;

use crate::error::Result;
use crate::retry::Rules;
use crate::secret::Secrets;
use crate::settings::Settings;
use percent_encoding::percent_decode_str;
use renewal::{Renewal, Seen};
use secrecy::ExposeSecret;
use std::sync::Arc;
use url::Url;

/// Where calls get their token from.
#[derive(Debug)]
pub(crate) struct Tokens(Arc<Renewal>);

impl Tokens {
    pub(crate) fn new(settings: Arc<Settings>, address: Url, secrets: Arc<Secrets>, rules: Rules) -> Self {
        Self(Arc::new(Renewal::new(settings, address, secrets, rules)))
    }

    /// The token to send a call with; logs in where there is none that lives.
    pub(crate) async fn current(&self, lent: Lent) -> Result<AccessToken> {
        let seen = self.0.seen();
        match self.live() {
            Some(token) => Ok(token),
            None => self.renewed(None, lent, seen).await,
        }
    }

    /// The token to repeat a call with, after the server refused `refused`.
    pub(crate) async fn after(&self, refused: &AccessToken, lent: Lent) -> Result<AccessToken> {
        let seen = self.0.seen();
        if let Some(token) = self.live().filter(|token| token.value() != refused.value()) {
            return Ok(token);
        }
        self.renewed(Some(refused), lent, seen).await
    }

    /// The token in hand, while it lives.
    pub(crate) fn live(&self) -> Option<AccessToken> {
        self.0.live()
    }

    /// A login is rare: boxed, it makes the future of every call a good deal smaller.
    async fn renewed(&self, refused: Option<&AccessToken>, lent: Lent, seen: Seen) -> Result<AccessToken> {
        Box::pin(Renewal::renew(&self.0, refused, lent, seen)).await
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
