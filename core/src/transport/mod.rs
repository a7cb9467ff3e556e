//! Sends one request and brings one response. The only folder that knows the HTTP library.

mod body;
mod failure;
mod gate;
mod pauses;
mod sent;
mod tls;
mod waits;

use crate::envelope::Received;
use crate::error::{Code, Error, Result};
use crate::events::Events;
use crate::retry::{Failure, Sent};
use crate::settings::{Method, Settings};
use bytes::Bytes;
use pauses::Pauses;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER, USER_AGENT};
use rustls::ClientConfig;
use secrecy::{ExposeSecret, SecretString};
use sent::Watched;
use std::sync::Arc;
use std::time::Duration;
use url::Url;
use waits::Waits;

#[cfg(fuzzing)]
pub(crate) use body::to_utf8;
pub(crate) use gate::{Gate, Place, longest_wait};

/// Idle connections are closed before common servers close theirs (5 s), so that no request meets a closed one.
const IDLE: Duration = Duration::from_secs(4);

/// One HTTP request.
pub(crate) struct Request {
    pub method: Method,
    /// Its whole address, percent-encoded.
    pub url: String,
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

/// The connections of one runtime, and the way to the server. Every call has a clone.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    connections: Arc<Connections>,
    way: Arc<Way>,
}

#[derive(Debug)]
struct Connections {
    http: reqwest::Client,
    pauses: Pauses,
}

/// What all connections to the server have in common.
#[derive(Debug)]
struct Way {
    tls: ClientConfig,
    /// The address of the proxy, or `env`.
    proxy: Option<SecretString>,
    headers: HeaderMap,
    connect_timeout: Duration,
    read_timeout: Duration,
    max_response_bytes: u64,
    gate: Arc<Gate>,
    events: Arc<Events>,
}

impl Transport {
    pub(crate) fn new(settings: &Settings, address: &Url, gate: Arc<Gate>, events: Arc<Events>) -> Result<Self> {
        let way = Way {
            tls: tls::config(settings, address)?,
            proxy: settings.proxy.clone(),
            headers: headers(settings)?,
            connect_timeout: settings.connect_timeout.min(settings.timeout),
            read_timeout: settings.read_timeout,
            max_response_bytes: settings.max_response_bytes,
            gate,
            events,
        };
        Self::over(Arc::new(way))
    }

    /// The same way to the server with connections of its own, for another runtime.
    pub(crate) fn with_own_connections(&self) -> Result<Self> {
        Self::over(self.way.clone())
    }

    fn over(way: Arc<Way>) -> Result<Self> {
        let connections = Connections { http: client(&way)?, pauses: Pauses::default() };
        Ok(Self { connections: Arc::new(connections), way })
    }

    /// Waits until a request may go.
    pub(crate) async fn enter(&self, left: Duration) -> std::result::Result<Place<'_>, SendError> {
        let most = longest_wait(left);
        let entered = tokio::time::timeout(most, self.way.gate.enter(most)).await;
        entered.ok().flatten().ok_or_else(failure::no_turn)
    }

    /// Sends the request and reads the response, within `left`; notes in `sent` when it goes out.
    pub(crate) async fn send(
        &self,
        _place: Place<'_>,
        request: Request,
        sent: &Sent,
        left: Duration,
    ) -> std::result::Result<Response, SendError> {
        let (way, connections) = (&self.way, &self.connections);
        way.events.counters.bytes_sent.add(request.body.as_ref().map_or(0, |body| body.bytes.len()) as u64);
        let waits = Waits::new(left, way.read_timeout);
        let request = build(request, sent)?;
        connections.pauses.look_at_sockets().await;
        let answered = waits.next(connections.http.execute(request)).await;
        let answered = answered.map_err(|limit| failure::too_slow(limit, failure::progress(sent)))?;
        let mut response = answered.map_err(|error| failure::of(error, sent))?;
        sent.begin(); // it may be answered before its body was asked for
        let header = |name| response.headers().get(name).and_then(|v: &HeaderValue| v.to_str().ok()).map(str::to_owned);
        let (location, retry_after, content_type) = (header(LOCATION), header(RETRY_AFTER), header(CONTENT_TYPE));
        let status = response.status().as_u16();
        let mut received = Received { status, content_type, location, body: Bytes::new(), no_text: None };
        let bytes = body::read(&mut response, way.max_response_bytes, &waits).await;
        let bytes = bytes.map_err(|e| e.into_send_error(&received, sent))?;
        connections.pauses.begin();
        way.events.counters.bytes_received.add(bytes.len() as u64);
        match body::to_utf8(bytes.clone(), received.content_type.as_deref()) {
            Ok(text) => received.body = text,
            Err(why) => {
                received.body = String::from_utf8_lossy(&bytes).into_owned().into();
                received.no_text = Some(why);
            }
        }
        Ok(Response { received, retry_after })
    }
}

fn build(request: Request, sent: &Sent) -> std::result::Result<reqwest::Request, SendError> {
    let url = Url::parse(&request.url).map_err(|e| failure::not_sendable(&e))?;
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut http = reqwest::Request::new(method, url);
    if let Some(token) = request.bearer {
        http.headers_mut().insert(AUTHORIZATION, bearer(&token)?);
    }
    if let Some(content) = request.body {
        http.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content.kind));
        let watched = Watched { bytes: Some(content.bytes), sent: sent.clone() };
        *http.body_mut() = Some(reqwest::Body::wrap(watched));
    } else {
        sent.begin(); // nothing tells when it goes out
    }
    Ok(http)
}

fn client(way: &Way) -> Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(way.tls.clone())
        .default_headers(way.headers.clone())
        .connect_timeout(way.connect_timeout)
        .pool_idle_timeout(IDLE)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never().max_retries_per_request(0)) // which keeps it from a copy of every request
        .referer(false);
    let builder = match way.proxy.as_ref().map(ExposeSecret::expose_secret) {
        None => builder.no_proxy(),
        Some("env") => builder,
        Some(address) => builder.proxy(proxy(address).ok_or_else(wrong_proxy)?),
    };
    builder.build().map_err(|e| Error::config("settings", failure::chain(&e)))
}

fn headers(settings: &Settings) -> Result<HeaderMap> {
    let user_agent = HeaderValue::from_str(&settings.user_agent)
        .map_err(|_| Error::config("user_agent", "`user_agent` must not have control characters"))?;
    Ok(HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json")), (USER_AGENT, user_agent)]))
}

fn proxy(address: &str) -> Option<reqwest::Proxy> {
    let parsed = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    reqwest::Proxy::all(parsed?).ok()
}

/// Its address may hold a password, so it is not repeated.
fn wrong_proxy() -> Error {
    Error::config("proxy", "`proxy` must be a whole address such as http://proxy.firma.pl:3128, or `env`")
}

fn bearer(token: &SecretString) -> std::result::Result<HeaderValue, SendError> {
    let value = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()));
    let mut value = value.map_err(|_| SendError {
        failure: Failure::Final,
        error: Error::new(Code::UnexpectedResponse, "the server's access token has characters that no header may have"),
    })?;
    value.set_sensitive(true);
    Ok(value)
}
