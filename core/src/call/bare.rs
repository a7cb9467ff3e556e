//! Logins and requests outside of a call, for the probe.

use super::{Engine, catch_panic};
use crate::auth::{LoginContext, TokenResponse};
use crate::error::Result;
use crate::retry::{RetryPolicy, SendState};
use crate::settings::Method;
use crate::transport::{CertificateInfo, Request};
use http::HeaderMap;

/// A response to a request without an access token.
pub(crate) struct BareResponse {
    pub status: u16,
    pub headers: HeaderMap,
    /// Whether the body is JSON.
    pub is_json: bool,
}

impl Engine {
    /// Runs work that consists of several calls. It counts as one call in flight, and ends once it is cancelled.
    pub(crate) async fn run_operation<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.check_running()?;
        let _in_flight = self.enter();
        self.until_cancelled(catch_panic(work)).await
    }

    /// Sends a GET without an access token, once.
    pub(crate) async fn get_without_token(&self, path: &str) -> Result<BareResponse> {
        let time_left = self.context().timeout();
        let headers = self.settings().headers.clone();
        let request =
            Request { method: Method::Get, path: path.into(), query: None, bearer: None, body: None, headers };
        let redact = |error| self.client.secrets.redact(error);
        let permit = self.transport.acquire(time_left).await.map_err(|failed| redact(failed.error))?;
        let sent = self.transport.send(permit, request, &SendState::default(), time_left).await;
        let response = sent.map_err(|failed| redact(failed.error))?;
        let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&response.received.body).is_ok();
        let headers = self.client.secrets.redact_headers(response.headers);
        Ok(BareResponse { status: response.received.status, headers, is_json })
    }

    /// Returns the certificate that the server presented last, trusted or not.
    pub(crate) fn server_certificate(&self) -> Option<CertificateInfo> {
        self.transport.certificate()
    }

    /// Logs in, unless there is a valid token.
    pub(crate) async fn log_in(&self) -> Result<()> {
        let result = self.client.tokens.log_in(self.bare_login_context()).await;
        result.map(drop).map_err(|error| self.client.secrets.redact(error))
    }

    /// Logs in although there is a token, and returns the response and whether its token is the current one.
    pub(crate) async fn log_in_again(&self) -> Result<(TokenResponse, bool)> {
        let result = self.client.tokens.log_in_again(self.bare_login_context()).await;
        result.map_err(|error| self.client.secrets.redact(error))
    }

    fn bare_login_context(&self) -> LoginContext {
        LoginContext {
            transport: self.transport.clone(),
            policy: RetryPolicy { max_retries: 0, ..RetryPolicy::from(self.settings()) },
            time_left: self.context().timeout(),
            call: self.events().new_call(),
            tag: self.context().tag(),
        }
    }
}
