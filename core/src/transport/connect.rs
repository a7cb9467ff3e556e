//! Opens connections: straight to the server or by way of a proxy, in TLS where the address says so, within `connect_timeout`.

use http::{HeaderValue, Uri, uri::Scheme};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tower_service::Service;

/// A connection that is silent is asked so often whether it lives: networks forget those that never speak.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Opening<S> = Pin<Box<dyn Future<Output = Result<S, BoxError>> + Send>>;

/// Opens a connection within a time.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    https: HttpsConnector<Route>,
    limit: Duration,
}

/// Which proxy stands before which address, if any does.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxies(Option<Arc<Matcher>>);

/// The way to the server.
#[derive(Clone, Debug)]
struct Route {
    tcp: HttpConnector,
    to_proxy: HttpsConnector<HttpConnector>,
    proxies: Proxies,
}

/// A connection to the server or to a proxy.
#[derive(Debug)]
pub(super) struct Stream {
    io: MaybeHttpsStream<TokioIo<TcpStream>>,
    /// Whether requests name the whole address, for a proxy that reads them.
    is_forwarded: bool,
}

/// It took longer than `connect_timeout`.
#[derive(Debug)]
pub(super) struct TooSlow;

impl Connector {
    pub(super) fn new(tls: Arc<rustls::ClientConfig>, proxies: Proxies, limit: Duration) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEP_ALIVE));
        tcp.set_connect_timeout(Some(limit)); // which a host's addresses share
        let to_proxy = HttpsConnector::from((tcp.clone(), tls.clone()));
        Self { https: HttpsConnector::from((Route { tcp, to_proxy, proxies }, tls)), limit }
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Stream>;
    type Error = BoxError;
    type Future = Opening<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        let (limit, opening) = (self.limit, self.https.call(server));
        Box::pin(async move { tokio::time::timeout(limit, opening).await.map_err(|_| TooSlow)? })
    }
}

impl Proxies {
    pub(super) fn new(matcher: Matcher) -> Self {
        Self(Some(Arc::new(matcher)))
    }

    /// The credentials that a request to a forwarding proxy carries itself.
    pub(super) fn credentials(&self, server: &Uri) -> Option<HeaderValue> {
        let proxy = self.before(server).filter(|_| server.scheme() == Some(&Scheme::HTTP))?;
        proxy.basic_auth().cloned()
    }

    fn before(&self, server: &Uri) -> Option<Intercept> {
        self.0.as_ref()?.intercept(server)
    }
}

impl Service<Uri> for Route {
    type Response = Stream;
    type Error = BoxError;
    type Future = Opening<Stream>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        let Some(proxy) = self.proxies.before(&server) else {
            let opening = self.tcp.call(server);
            return Box::pin(async { Ok(Stream { io: MaybeHttpsStream::Http(opening.await?), is_forwarded: false }) });
        };
        if server.scheme() == Some(&Scheme::HTTPS) {
            let tunnel = Tunnel::new(proxy.uri().clone(), self.to_proxy.clone());
            let mut tunnel = match proxy.basic_auth() {
                Some(credentials) => tunnel.with_auth(credentials.clone()),
                None => tunnel,
            };
            return Box::pin(async move { Ok(Stream { io: tunnel.call(server).await?, is_forwarded: false }) });
        }
        let opening = self.to_proxy.call(proxy.uri().clone());
        Box::pin(async { Ok(Stream { io: opening.await?, is_forwarded: true }) })
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.io.connected().proxy(self.is_forwarded)
    }
}

impl Read for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, to: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, to)
    }
}

impl Write for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, pieces)
    }
}

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no connection in time")
    }
}

impl std::error::Error for TooSlow {}
