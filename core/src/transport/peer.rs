//! The server, the proxy and the trusted authorities, as error messages name them.

use super::roots::Roots;
use crate::settings::Proxy;
use url::Url;

/// The addresses of the server and the proxy, without secrets, and the trusted authorities.
#[derive(Debug)]
pub(super) struct Peer {
    /// Scheme, host and port of the server.
    pub server: String,
    /// Scheme, host and port of the proxy, if there is one.
    pub proxy: Option<String>,
    /// The trusted certificate authorities.
    pub roots: Roots,
}

impl Peer {
    pub(super) fn new(server: &Url, proxy: Option<&Proxy>, roots: Roots) -> Self {
        Self { server: origin(server), proxy: proxy.map(|proxy| origin(&proxy.address)), roots }
    }

    /// Returns the proxy if it can respond instead of the server, which TLS prevents.
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

/// Returns an address without path and credentials, always with its port.
fn origin(url: &Url) -> String {
    let port = url.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
}
