//! Sends one request and brings one response. The only folder that knows the HTTP library.

mod body;
mod connect;
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
use connect::{Connector, Proxies};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, LOCATION, PROXY_AUTHORIZATION, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, HeaderValue, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use pauses::Pauses;
use secrecy::{ExposeSecret, SecretString};
use sent::Watched;
use std::sync::Arc;
use std::time::Duration;
use tower_http::decompression::Decompression;
use tower_service::Service;
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
    http: Client<Connector, Watched>,
    pauses: Pauses,
}

/// What all connections to the server have in common.
#[derive(Debug)]
struct Way {
    connector: Connector,
    proxies: Proxies,
    /// What every request has.
    headers: HeaderMap,
    read_timeout: Duration,
    max_response_bytes: u64,
    gate: Arc<Gate>,
    events: Arc<Events>,
}

impl Transport {
    pub(crate) fn new(settings: &Settings, address: &Url, gate: Arc<Gate>, events: Arc<Events>) -> Result<Self> {
        let tls = Arc::new(tls::config(settings, address)?);
        let proxies = proxies(settings)?;
        Ok(Self::over(Arc::new(Way {
            connector: Connector::new(tls, proxies.clone(), settings.connect_timeout.min(settings.timeout)),
            proxies,
            headers: headers(settings)?,
            read_timeout: settings.read_timeout,
            max_response_bytes: settings.max_response_bytes,
            gate,
            events,
        })))
    }

    /// The same way to the server with connections of its own, for another runtime.
    pub(crate) fn with_own_connections(&self) -> Self {
        Self::over(self.way.clone())
    }

    fn over(way: Arc<Way>) -> Self {
        let connections = Connections { http: client(&way.connector), pauses: Pauses::default() };
        Self { connections: Arc::new(connections), way }
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
        let request = way.build(request, sent)?;
        connections.pauses.look_at_sockets().await;
        let answered = waits.next(Decompression::new(&connections.http).call(request)).await;
        let answered = answered.map_err(|limit| failure::too_slow(limit, failure::progress(sent)))?;
        let (head, body) = answered.map_err(|error| failure::of(&error, error.is_connect(), sent))?.into_parts();
        sent.begin(); // it may be answered before its body was asked for
        let header = |name| head.headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok()).map(str::to_owned);
        let (location, retry_after, content_type) = (header(LOCATION), header(RETRY_AFTER), header(CONTENT_TYPE));
        let mut received =
            Received { status: head.status.as_u16(), content_type, location, body: Bytes::new(), no_text: None };
        let bytes = body::read(body, way.max_response_bytes, &waits).await;
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

impl Way {
    fn build(&self, request: Request, sent: &Sent) -> std::result::Result<http::Request<Watched>, SendError> {
        let uri = Uri::try_from(request.url).map_err(|e| failure::not_sendable(&e))?;
        let mut headers = self.headers.clone();
        if let Some(credentials) = self.proxies.credentials(&uri) {
            headers.insert(PROXY_AUTHORIZATION, credentials);
        }
        if let Some(token) = request.bearer {
            headers.insert(AUTHORIZATION, bearer(&token)?);
        }
        let mut bytes = None;
        if let Some(content) = request.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content.kind));
            bytes = Some(content.bytes);
        } else {
            sent.begin(); // nothing tells when it goes out
        }
        let mut http = http::Request::new(Watched { bytes, sent: sent.clone() });
        *http.method_mut() = match request.method {
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
            Method::Delete => http::Method::DELETE,
        };
        *http.uri_mut() = uri;
        *http.headers_mut() = headers;
        Ok(http)
    }
}

fn client(connector: &Connector) -> Client<Connector, Watched> {
    let mut builder = Client::builder(TokioExecutor::new());
    builder.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE).build(connector.clone())
}

fn headers(settings: &Settings) -> Result<HeaderMap> {
    let user_agent = HeaderValue::from_str(&settings.user_agent)
        .map_err(|_| Error::config("user_agent", "`user_agent` must not have control characters"))?;
    Ok(HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json")), (USER_AGENT, user_agent)]))
}

fn proxies(settings: &Settings) -> Result<Proxies> {
    match settings.proxy.as_ref().map(ExposeSecret::expose_secret) {
        None => Ok(Proxies::default()),
        Some("env") => Ok(Proxies::new(Matcher::from_env())),
        Some(address) => {
            let parsed = Url::parse(address).ok();
            let usable = parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            let matcher = usable.then(|| Matcher::builder().all(address).build());
            matcher.map(Proxies::new).ok_or_else(wrong_proxy)
        }
    }
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
