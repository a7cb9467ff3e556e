//! Builds the HTTP clients, one for each runtime, from the same configuration.

use super::content_coding;
use super::covered_connector::CoveredConnectors;
use crate::descriptors::DescriptorCheck;
use crate::error::{Error, Result, chain};
use crate::settings::{Proxy, Settings};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HeaderMap, HeaderValue};
use reqwest::{Client, redirect, retry};
use rustls::ClientConfig;
use std::sync::Arc;
use std::time::Duration;

/// Idle connections are closed after this time. Common servers close them after 5 s, so few requests use a closed one.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// Maximum number of response headers. The default of hyper, 100, is too low for servers behind several gateways.
const MAX_HEADERS: usize = 500;

/// Interval of TCP keep-alive probes. Without them, networks drop connections that carry no data.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The common configuration of all HTTP clients of one [`Client`](crate::Client).
#[derive(Debug)]
pub(super) struct HttpClientConfig {
    tls: ClientConfig,
    proxy: Option<Proxy>,
    headers: HeaderMap,
    user_agent: HeaderValue,
    connect_timeout: Duration,
    /// Maximum time until the peer's system acknowledges sent data (`TCP_USER_TIMEOUT`).
    user_timeout: Duration,
}

impl HttpClientConfig {
    pub(super) fn new(settings: &Settings, tls: ClientConfig, proxy: Option<Proxy>) -> Result<Self> {
        let user_agent = HeaderValue::from_str(&settings.user_agent)
            .map_err(|_| Error::config("user_agent", "invalid `user_agent`: it must not have control characters"))?;
        let connect_timeout = settings.connect_timeout.min(settings.timeout);
        Ok(Self {
            tls,
            proxy,
            headers: headers(settings)?,
            user_agent,
            connect_timeout,
            user_timeout: settings.read_timeout.max(connect_timeout),
        })
    }

    /// Builds a client without connections. It follows no redirects, does not retry and reads no environment variables.
    pub(super) fn build(&self, descriptors: Option<Arc<DescriptorCheck>>) -> Result<Client> {
        let builder = Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .default_headers(self.headers.clone())
            .user_agent(self.user_agent.clone())
            .connect_timeout(self.connect_timeout)
            .connector_layer(CoveredConnectors(descriptors))
            .tcp_keepalive(KEEP_ALIVE)
            .tcp_keepalive_interval(KEEP_ALIVE)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .http1_max_headers(MAX_HEADERS)
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(retry::never().max_retries_per_request(0)) // 0 also saves a copy of every request
            .no_proxy(); // ignores the environment
        #[cfg(target_os = "linux")]
        let builder = builder.tcp_user_timeout(self.user_timeout);
        let builder = match &self.proxy {
            None => builder,
            Some(proxy) => builder.proxy(reqwest::Proxy::all(proxy.address.clone()).map_err(unusable)?),
        };
        builder.build().map_err(unusable)
    }
}

/// Returns the headers of every request.
fn headers(settings: &Settings) -> Result<HeaderMap> {
    let mut headers = HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json")),
        (ACCEPT_ENCODING, HeaderValue::from_static(content_coding::ACCEPTED)),
    ]);
    if let Some(language) = &settings.accept_language {
        let value = HeaderValue::from_str(language).map_err(|_| {
            Error::config("accept_language", "invalid `accept_language`: it must not have control characters")
        })?;
        headers.insert(ACCEPT_LANGUAGE, value);
    }
    Ok(headers)
}

#[allow(clippy::needless_pass_by_value)] // so that it fits `map_err`
fn unusable(error: reqwest::Error) -> Error {
    Error::config("settings", format!("cannot build an HTTP client from these settings: {}", chain(&error)))
}
