//! Sends one request and reads its response. The only folder that uses the HTTP library.

mod body;
mod buffers;
mod certificate;
mod charset;
mod content_coding;
mod covered_connector;
mod deadline;
mod errors;
mod http_client;
mod idle;
mod peer;
mod pem;
mod presented;
mod proxy_login;
mod rate_limiter;
mod roots;
mod server_verifier;
mod tls;
mod tls_errors;
mod tracked_body;

use crate::clock::SharedClock;
use crate::descriptors::DescriptorCheck;
use crate::envelope::RawResponse;
use crate::error::{Code, Error, Result};
use crate::events::Events;
use crate::retry::{AttemptError, SendState, retry_after};
use crate::settings::{Headers, Method, Proxy, Settings};
use buffers::BufferPool;
use bytes::Bytes;
use content_coding::DecodeError;
use deadline::RequestDeadline;
use http_client::HttpClientConfig;
use idle::IdleTracker;
use peer::Peer;
use presented::PresentedCertificates;
use proxy_login::{PROXY_AUTHENTICATION_REQUIRED, ProxyLogin};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};
use tracked_body::TrackedBody;
use url::Url;

pub(crate) use certificate::CertificateInfo;
#[cfg(fuzzing)]
pub(crate) use charset::to_utf8;
pub(crate) use pem::{PathOrigin, certificates};
pub(crate) use rate_limiter::{Permit, RateLimiter, max_wait};

/// One HTTP request to the server.
pub(crate) struct Request {
    pub method: Method,
    /// The path below the server's address.
    pub path: String,
    /// The query without `?`, percent-encoded.
    pub query: Option<String>,
    /// The access token for the `Authorization` header.
    pub bearer: Option<Arc<SecretString>>,
    pub body: Option<RequestBody>,
    /// Additional headers of the program.
    pub headers: Headers,
}

/// A request body with its content type.
pub(crate) struct RequestBody {
    pub content_type: &'static str,
    pub bytes: Bytes,
}

/// One HTTP response, its body in UTF-8.
pub(crate) struct Response {
    pub received: RawResponse,
    pub headers: HeaderMap,
    retry_after: Option<String>,
    date: Option<String>,
}

impl Response {
    /// Returns the delay in `Retry-After`. A date counts from the response's `Date`, or else from `now`.
    pub(crate) fn retry_after(&self, now: SystemTime) -> Option<Duration> {
        retry_after(self.retry_after.as_deref()?, self.date.as_deref(), now)
    }
}

/// The connections of one runtime. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    connections: Arc<Connections>,
    config: Arc<TransportConfig>,
}

#[derive(Debug)]
struct Connections {
    /// `None` once they are closed.
    http: RwLock<Option<reqwest::Client>>,
    idle: IdleTracker,
}

/// The common configuration of the connections of all runtimes.
#[derive(Debug)]
struct TransportConfig {
    server: Url,
    peer: Peer,
    presented: Arc<PresentedCertificates>,
    proxy_login: ProxyLogin,
    http: HttpClientConfig,
    read_timeout: Duration,
    max_response_bytes: u64,
    buffers: BufferPool,
    limiter: RateLimiter,
    events: Arc<Events>,
}

impl Transport {
    pub(crate) fn new(
        settings: &Settings,
        server: &Url,
        proxy: Option<Proxy>,
        limiter: RateLimiter,
        events: Arc<Events>,
        clock: SharedClock,
    ) -> Result<Self> {
        let presented = Arc::new(PresentedCertificates::default());
        let (tls, roots) = tls::config(settings, server, &presented)?;
        let config = TransportConfig {
            server: server.clone(),
            peer: Peer::new(server, proxy.as_ref(), roots),
            presented,
            proxy_login: ProxyLogin::new(clock),
            http: HttpClientConfig::new(settings, tls, proxy)?,
            read_timeout: settings.read_timeout,
            max_response_bytes: settings.max_response_bytes,
            buffers: BufferPool::default(),
            limiter,
            events,
        };
        Self::from_config(Arc::new(config), None)
    }

    /// Returns a transport with separate connections, for another runtime with these descriptors. All share one rate limiter.
    pub(crate) fn with_new_connections(&self, descriptors: &Arc<DescriptorCheck>) -> Result<Self> {
        Self::from_config(self.config.clone(), Some(descriptors.clone()))
    }

    fn from_config(config: Arc<TransportConfig>, descriptors: Option<Arc<DescriptorCheck>>) -> Result<Self> {
        let http = config.http.build(descriptors)?;
        let connections = Connections { http: RwLock::new(Some(http)), idle: IdleTracker::default() };
        Ok(Self { connections: Arc::new(connections), config })
    }

    /// Closes the idle connections, and the others once their requests have ended.
    pub(crate) fn close(&self) {
        let http = self.connections.http.write().unwrap_or_else(PoisonError::into_inner).take();
        drop(http);
    }

    /// Returns the certificate that the server presented last, trusted or not.
    pub(crate) fn certificate(&self) -> Option<CertificateInfo> {
        let presented = self.config.presented.read();
        CertificateInfo::read(presented.first()?, presented.len())
    }

    fn http(&self) -> Result<reqwest::Client> {
        let http = self.connections.http.read().unwrap_or_else(PoisonError::into_inner);
        http.clone().ok_or_else(|| Error::config("client", "the client is closed; create a new one"))
    }

    /// Waits until a request may be sent. Fails if the proxy has just refused the login: another attempt could lock the
    /// proxy's user.
    pub(crate) async fn acquire(&self, time_left: Duration) -> std::result::Result<Permit<'_>, AttemptError> {
        let max_wait = max_wait(time_left);
        let permit = tokio::time::timeout(max_wait, self.config.limiter.acquire(max_wait)).await;
        let permit = permit.ok().flatten().ok_or_else(errors::no_permit)?;
        match self.proxy_refusal() {
            None => Ok(permit),
            Some(error) => Err(error.into()),
        }
    }

    /// Returns the error of the proxy's login if it was just refused.
    pub(crate) fn proxy_refusal(&self) -> Option<Error> {
        self.config.proxy_login.recent_refusal()
    }

    /// Sends the request and reads the response within `time_left`. Records in `state` when the request is sent.
    pub(crate) async fn send(
        &self,
        permit: Permit<'_>,
        request: Request,
        state: &SendState,
        time_left: Duration,
    ) -> std::result::Result<Response, AttemptError> {
        let result = self.exchange(permit, request, state, time_left).await;
        result.inspect_err(|failed| self.config.proxy_login.record(&failed.error))
    }

    async fn exchange(
        &self,
        _permit: Permit<'_>,
        request: Request,
        state: &SendState,
        time_left: Duration,
    ) -> std::result::Result<Response, AttemptError> {
        let (config, connections) = (&self.config, &self.connections);
        let deadline = RequestDeadline::new(time_left, config.read_timeout);
        let request = config.to_http(request, state)?;

        connections.idle.drop_closed_connections().await;
        let response = deadline.wait_for(self.http()?.execute(request)).await;
        let response = response.map_err(|limit| errors::timed_out(limit, errors::failure_of(state), &config.peer))?;
        let mut response = response.map_err(|error| errors::from_reqwest(error, state, &config.peer))?;
        state.mark_sent(); // a server may respond before it has read the body

        let status = response.status().as_u16();
        let header = |name: HeaderName| text(response.headers(), &name);
        let (content_type, retry_after) = (header(CONTENT_TYPE), header(RETRY_AFTER));
        let location = response.status().is_redirection().then(|| header(LOCATION)).flatten();
        let date = retry_after.as_ref().and_then(|_| header(DATE));
        if status == PROXY_AUTHENTICATION_REQUIRED {
            return Err(errors::proxy_refuses_login(&config.peer));
        }
        let proxy = config.peer.responding_proxy();
        let mut received =
            RawResponse { status, content_type, location, body: Bytes::new(), proxy, decode_error: None };
        let body = body::read(&mut response, config.max_response_bytes, &deadline, &config.buffers).await;
        let body = body.map_err(|error| error.into_attempt_error(&received, state, &config.peer))?;
        connections.idle.mark_idle();
        let decoded =
            content_coding::decode(body.clone(), response.headers(), config.max_response_bytes, &config.buffers);
        let text = match decoded {
            Ok(decoded) => {
                config.events.counters.bytes_received.add(decoded.len() as u64);
                charset::to_utf8(decoded.clone(), received.content_type.as_deref()).map_err(|why| (decoded, why))
            }
            Err(DecodeError::Unknown(name)) => {
                let why = format!("unknown content coding `{name}`; expected gzip, deflate, br or identity");
                Err((body, why))
            }
            Err(DecodeError::TooLarge) => return Err(body::too_large(config.max_response_bytes, &received).into()),
            Err(DecodeError::Broken(error)) => return Err(errors::not_decoded(&error, state)),
        };
        match text {
            Ok(text) => received.body = text,
            Err((bytes, why)) => {
                received.body = String::from_utf8_lossy(&bytes).into_owned().into();
                received.decode_error = Some(why);
            }
        }
        let headers = std::mem::take(response.headers_mut());
        Ok(Response { received, headers, retry_after, date })
    }
}

impl TransportConfig {
    fn to_http(&self, request: Request, state: &SendState) -> std::result::Result<reqwest::Request, AttemptError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut http = reqwest::Request::new(method, self.url(&request.path, request.query.as_deref()));
        for (name, value) in request.headers.iter() {
            let (name, value) = additional_header(name, value)?;
            http.headers_mut().insert(name, value);
        }
        if let Some(token) = request.bearer {
            http.headers_mut().insert(AUTHORIZATION, bearer(&token)?);
        }
        if let Some(RequestBody { content_type, bytes }) = request.body {
            http.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            self.events.counters.bytes_sent.add(bytes.len() as u64);
            *http.body_mut() = Some(reqwest::Body::wrap(TrackedBody::new(bytes, state.clone())));
        } else {
            state.mark_sent(); // a request without a body cannot be tracked
        }
        Ok(http)
    }

    /// Builds a URL below the server's address, without parsing that again.
    fn url(&self, path: &str, query: Option<&str>) -> Url {
        let mut url = self.server.clone();
        let base = self.server.path().trim_end_matches('/');
        url.set_path(&[base, path].concat());
        url.set_query(query);
        url
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn additional_header(name: &str, value: &str) -> std::result::Result<(HeaderName, HeaderValue), AttemptError> {
    let header = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(value).ok());
    let (name, mut value) =
        header.ok_or_else(|| Error::config("headers", "invalid `headers`: a name or value is not valid in HTTP"))?;
    value.set_sensitive(true); // it may be a secret
    Ok((name, value))
}

fn bearer(token: &SecretString) -> std::result::Result<HeaderValue, AttemptError> {
    let value = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()));
    let mut value = value.map_err(|_| {
        Error::new(Code::UnexpectedResponse, "invalid access token: it has characters that are not allowed in a header")
    })?;
    value.set_sensitive(true);
    Ok(value)
}
