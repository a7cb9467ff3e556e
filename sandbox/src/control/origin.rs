//! Refuses commands that a website sends through the browser of the user.
//!
//! Programs send no `Origin`, so this concerns browsers alone. A website can send requests to 127.0.0.1 in two ways:
//!
//! - from its own address (cross-site request forgery): the browser then names the website in `Origin`;
//! - from a name of its own that it makes point to 127.0.0.1 (DNS rebinding): the browser then has that name in `Host`.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::header::{CONNECTION, HOST, HeaderName, HeaderValue, ORIGIN};
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response as HttpResponse};

use crate::response::Response;

/// Suffixes of names that the owner of a public website cannot have. Docker's `host.docker.internal` is one of them.
const LOCAL_SUFFIXES: [&str; 2] = [".localhost", ".internal"];

/// Headers of every response: other websites can neither read it nor load it as a script.
const HEADERS: [(HeaderName, &str); 2] = [
    (HeaderName::from_static("x-content-type-options"), "nosniff"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Passes a request on if no other website can have sent it.
pub(super) async fn check(request: Request, next: Next) -> HttpResponse {
    let mut response = match problem(&request) {
        // The body of the request is not read, so the connection cannot be used again.
        Some(message) => ([(CONNECTION, "close")], Response::keyed(403, "error", &message)).into_response(),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Returns why a request is refused.
fn problem(request: &Request) -> Option<String> {
    let header = |name| request.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let host = header(HOST).unwrap_or_default();
    if !host.is_empty() && !is_local(&host) {
        return Some(format!(
            "refused the host {host:?}: expected an IP address or localhost, since a website can make its own name point to this machine"
        ));
    }
    let origin = header(ORIGIN)?;
    let own = origin.split_once("://").is_some_and(|(_, origin_host)| origin_host.eq_ignore_ascii_case(&host));
    (!own).then(|| {
        format!("refused the origin {origin:?}: only the page of this sandbox can control it, not another website")
    })
}

/// Returns whether a `Host` is an address, or a name that is not a public one.
fn is_local(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().to_ascii_lowercase();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost"
        || LOCAL_SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
        || address.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn addresses_and_local_names_are_local() {
        for host in
            ["127.0.0.1:80", "localhost", "LOCALHOST:8080", "[::1]:80", "crm.localhost:1", "host.docker.internal:80"]
        {
            assert!(is_local(host), "{host}");
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example:80",
            "localhost.evil.example",
            "x.internal.evil.example",
            "x",
            "a b",
            "",
        ] {
            assert!(!is_local(host), "{host}");
        }
    }
}
