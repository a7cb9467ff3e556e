//! Sends one request and brings one response. The only folder that knows the HTTP library.

mod body;
mod failure;
mod gate;
mod sent;
mod tls;

use crate::envelope::Received;
use crate::error::{Code, Error, Result};
use crate::events::Events;
use crate::retry::{Failure, Sent};
use crate::settings::{Method, Settings};
use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use sent::Watched;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

#[cfg(fuzzing)]
pub(crate) use body::to_utf8;
pub(crate) use gate::{Gate, Place};

/// Idle connections are closed before common servers close theirs (5 s), so that no request meets a closed one.
const IDLE: Duration = Duration::from_secs(4);

/// One HTTP request.
pub(crate) struct Request {
    pub method: Method,
    pub url: Url,
    /// The access token for the `Authorization` header.
    pub bearer: Option<Arc<SecretString>>,
    pub body: Option<Content>,
}

/// A request's body.
pub(crate) struct Content {
    pub kind: &'static str,
    pub bytes: Bytes,
}

/// One HTTP response, its body in UTF-8.
pub(crate) struct Response {
    pub received: Received,
    pub retry_after: Option<String>,
}

/// A request that brought no response.
pub(crate) struct SendError {
    pub failure: Failure,
    pub error: Error,
}

/// The connections of one runtime.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    http: reqwest::Client,
    tls: rustls::ClientConfig,
    max_response_bytes: u64,
    gate: Arc<Gate>,
    events: Arc<Events>,
}

impl Transport {
    pub(crate) fn new(settings: &Settings, address: &Url, gate: Arc<Gate>, events: Arc<Events>) -> Result<Self> {
        let tls = tls::config(settings, address)?;
        let http = client(settings, tls.clone())?;
        Ok(Self { http, tls, max_response_bytes: settings.max_response_bytes, gate, events })
    }

    /// The same way to the server with connections of its own, for another runtime.
    pub(crate) fn with_own_connections(&self, settings: &Settings) -> Result<Self> {
        Ok(Self { http: client(settings, self.tls.clone())?, ..self.clone() })
    }

    /// Waits until a request may go, within `left`.
    pub(crate) async fn enter(&self, left: Duration) -> std::result::Result<Place<'_>, SendError> {
        let entered = tokio::time::timeout(left, self.gate.enter()).await;
        entered.map_err(|_| failure::too_slow("timeout", Failure::NotStarted))
    }

    /// Sends the request and reads the response, within `left`; notes in `sent` when it goes out.
    pub(crate) async fn send(
        &self,
        _place: Place<'_>,
        request: Request,
        sent: &Sent,
        left: Duration,
    ) -> std::result::Result<Response, SendError> {
        let result = tokio::time::timeout(left, self.exchange(request, sent)).await;
        result.unwrap_or_else(|_| Err(failure::too_slow("timeout", failure::progress(sent))))
    }

    async fn exchange(&self, request: Request, sent: &Sent) -> std::result::Result<Response, SendError> {
        self.events.counters.bytes_sent.add(request.body.as_ref().map_or(0, |body| body.bytes.len()) as u64);
        let request = build(request, sent)?;
        let mut response = self.http.execute(request).await.map_err(|error| failure::of(error, sent))?;
        sent.set();
        let header = |name| response.headers().get(name).and_then(|v: &HeaderValue| v.to_str().ok()).map(str::to_owned);
        let (location, retry_after, content_type) = (header(LOCATION), header(RETRY_AFTER), header(CONTENT_TYPE));
        let mut received = Received { status: response.status().as_u16(), content_type, location, body: Bytes::new() };
        let bytes =
            body::read(&mut response, self.max_response_bytes).await.map_err(|e| e.into_send_error(&received, sent))?;
        self.events.counters.bytes_received.add(bytes.len() as u64);
        match body::to_utf8(bytes.clone(), received.content_type.as_deref()) {
            Ok(text) => received.body = text,
            Err(why) => {
                received.body = String::from_utf8_lossy(&bytes).into_owned().into();
                // Of a refusal the status says enough.
                if (200..300).contains(&received.status) {
                    return Err(SendError { failure: Failure::Final, error: received.unexpected(&why) });
                }
            }
        }
        Ok(Response { received, retry_after })
    }
}

fn client(settings: &Settings, tls: rustls::ClientConfig) -> Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        // Without a configuration the HTTP library panics, also where nothing is encrypted.
        .tls_backend_preconfigured(tls)
        .user_agent(&settings.user_agent)
        .default_headers(HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]))
        .connect_timeout(settings.connect_timeout.min(settings.timeout))
        .read_timeout(settings.read_timeout)
        .pool_idle_timeout(IDLE)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .tcp_nodelay(true);
    let builder = match settings.proxy.as_ref().map(ExposeSecret::expose_secret) {
        None => builder.no_proxy(),
        Some("env") => builder,
        Some(address) => builder.proxy(reqwest::Proxy::all(address).map_err(|_| wrong_proxy())?),
    };
    builder.build().map_err(|e| Error::config("settings", failure::chain(&e)))
}

/// Its address may hold a password, so it is not repeated.
fn wrong_proxy() -> Error {
    Error::config("proxy", "`proxy` must be a whole address such as http://proxy.firma.pl:3128, or `env`")
}

fn build(request: Request, sent: &Sent) -> std::result::Result<reqwest::Request, SendError> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut http = reqwest::Request::new(method, request.url);
    if let Some(token) = request.bearer {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose_secret())).map_err(|_| SendError {
            failure: Failure::Final,
            error: Error::new(
                Code::UnexpectedResponse,
                "the server's access token has characters that no header may have",
            ),
        })?;
        value.set_sensitive(true);
        http.headers_mut().insert(AUTHORIZATION, value);
    }
    if let Some(content) = request.body {
        http.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content.kind));
        let watched = Watched { bytes: Some(content.bytes), sent: sent.clone() };
        *http.body_mut() = Some(reqwest::Body::wrap(watched));
    } else {
        sent.set(); // nothing tells when it goes out
    }
    Ok(http)
}
