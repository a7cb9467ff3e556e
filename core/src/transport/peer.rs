//! Where requests go, in the words of an error.

use super::roots::Roots;
use crate::settings::Proxy;
use url::Url;

/// The server and the proxy before it. Neither text holds a secret.
#[derive(Debug)]
pub(super) struct Peer {
    /// Scheme, host and port.
    pub server: String,
    /// The same of the proxy, if there is one.
    pub proxy: Option<String>,
    /// Which authorities are trusted.
    pub roots: Roots,
}

impl Peer {
    pub(super) fn new(server: &Url, proxy: Option<&Proxy>, roots: Roots) -> Self {
        Self { server: origin(server), proxy: proxy.map(|proxy| origin(&proxy.address)), roots }
    }

    /// Returns the proxy if it can answer in the server's place: with TLS only the server can.
    pub(super) fn responding_proxy(&self) -> Option<String> {
        self.proxy.clone().filter(|_| self.server.starts_with("http://"))
    }

    /// Returns the server, and the proxy on the way to it.
    pub(super) fn route(&self) -> String {
        match &self.proxy {
            Some(proxy) => format!("{} through the proxy {proxy}", self.server),
            None => self.server.clone(),
        }
    }
}

/// An address without path and credentials. The port is always named.
fn origin(url: &Url) -> String {
    let port = url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
}
