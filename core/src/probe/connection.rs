//! Checks the way to the server: proxy, DNS, TCP, TLS, the address of the API, and the clock.

use super::prober::Prober;
use super::text::{Text, text};
use crate::call::BareResponse;
use crate::error::{Code, Error};
use crate::transport::CertificateInfo;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};
use tokio::net::{TcpStream, lookup_host};
use url::Url;

/// A path of the API that needs a token.
const API_PATH: &str = "/services/restapi/json/Account/list";

/// Clocks may differ by so much.
const MAX_SKEW: Duration = Duration::from_secs(60);

/// A certificate that ends sooner is worth a warning.
const SHORT_VALIDITY: Duration = Duration::from_hours(14 * 24);

/// Returns whether the server can be reached.
pub(super) async fn check(prober: &mut Prober) -> bool {
    let Ok(address) = prober.settings.address() else { return false };
    let has_proxy = prober.settings.proxy_for(&address).ok().flatten().is_some();
    if has_proxy {
        prober.ok("proxy", "requests go through the proxy of the settings");
        for name in ["dns", "tcp"] {
            prober.skipped(name, "the proxy connects to the server");
        }
    } else {
        prober.ok("proxy", "no proxy is set");
        if !connects(prober, &address).await {
            prober.stop("the server cannot be reached");
            return false;
        }
    }
    let result = match prober.timed() {
        Ok(engine) => engine.get_without_token(API_PATH).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(response) => {
            tls_works(prober, &address);
            responds(prober, &response)
        }
        Err(error) => {
            no_response(prober, &address, &error);
            prober.stop("the server does not respond");
            false
        }
    }
}

/// Resolves the host and opens a TCP connection.
async fn connects(prober: &mut Prober, address: &Url) -> bool {
    let limit = prober.settings.connect_timeout.min(prober.time_left());
    let (host, port) = (address.host_str().unwrap_or_default(), address.port_or_known_default().unwrap_or(443));
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let found = tokio::time::timeout(limit, lookup_host((host, port))).await;
    let addresses: Vec<SocketAddr> = match found {
        Ok(Ok(found)) => found.collect(),
        Ok(Err(_)) => Vec::new(),
        Err(_) => {
            prober
                .problem("dns", "no response of the name server in time")
                .advise("Check the network, and the name server of this machine.");
            return false;
        }
    };
    if addresses.is_empty() {
        prober
            .problem("dns", "the host name of the server is not known")
            .advise("Check `name` or `base_url`, and the name server of this machine.");
        return false;
    }
    prober.ok("dns", text!("found {} addresses", addresses.len()));
    match tokio::time::timeout(limit, TcpStream::connect(&*addresses)).await {
        Ok(Ok(_)) => {
            prober.ok("tcp", "connected");
            true
        }
        Ok(Err(error)) => tcp_failed(prober, text!("cannot connect: {}", error.kind())),
        Err(_) => tcp_failed(prober, "cannot connect: no response in time"),
    }
}

fn tcp_failed(prober: &mut Prober, message: impl Into<Text>) -> bool {
    prober
        .problem("tcp", message)
        .advise("Check `name` or `base_url`, the firewall, and whether a proxy is needed (`proxy`).");
    false
}

fn tls_works(prober: &mut Prober, address: &Url) {
    if address.scheme() != "https" {
        prober.skipped("tls", "the address begins with http://, so there is no TLS");
        return;
    }
    let Some(certificate) = certificate(prober) else {
        prober.ok("tls", "the certificate is valid and trusted");
        return;
    };
    let left = certificate.time_left(prober.clock().system_time());
    let message = text!("the certificate is trusted, and valid until {}", certificate.last_day);
    if left < SHORT_VALIDITY {
        prober.warning("tls", message).advise("The server's administrator must renew it before that day.");
    } else {
        prober.ok("tls", message);
    }
}

/// Returns the certificate of the server, and adds the facts about it. Its own name is not one of them, since that is the server's
/// address, and neither is the name of an authority of the customer.
fn certificate(prober: &mut Prober) -> Option<CertificateInfo> {
    let certificate = prober.engine.server_certificate()?;
    prober.fact("tls_valid_from", certificate.first_day.as_str());
    prober.fact("tls_valid_until", certificate.last_day.as_str());
    prober.fact("tls_certificates", certificate.sent);
    if let Some(issuer) = certificate.issuer.as_ref().filter(|_| prober.settings.ca_file.is_none()) {
        let issuer = prober.without_hosts(issuer);
        prober.fact("tls_issuer", issuer);
    }
    Some(certificate)
}

/// Reports why the certificate is refused, and what the server sent.
fn tls_fails(prober: &mut Prober, error: &Error) {
    let (message, advice) = prober.describe(error);
    let message = match certificate(prober) {
        None => message,
        Some(CertificateInfo { first_day, last_day, sent, .. }) => text!(
            "{}; certificates that the server sent: {}; its own is valid from {} until {}",
            message.in_english(),
            sent,
            first_day,
            last_day
        ),
    };
    prober.problem("tls", message).advise(advice);
}

fn no_response(prober: &mut Prober, address: &Url, error: &Error) {
    if error.code() == Code::Tls {
        tls_fails(prober, error);
    } else {
        tls_works(prober, address);
        prober.failed("server", error);
    }
}

/// Checks the response to a request without a token: the API refuses it with 401.
fn responds(prober: &mut Prober, response: &BareResponse) -> bool {
    clock(prober, response);
    match (response.status, response.is_json) {
        (401, _) => prober.ok("server", "the API responds, and asks for a token"),
        (300..=399, _) => prober.warning("server", text!("the server redirects (HTTP {})", response.status)),
        (500.., _) => prober.warning("server", text!("the server failed (HTTP {})", response.status)),
        (status, true) => prober.warning("server", text!("expected HTTP 401 without a token, got {}", status)),
        (status, false) => {
            prober.warning("server", text!("expected HTTP 401 without a token, got {} and no JSON", status))
        }
    };
    if response.status != 401 {
        let check = prober.report.checks.last_mut().expect("a check was added");
        check.advise("Check `name` or `base_url`: it may not be the address of Egito.");
    }
    true // the login decides
}

fn clock(prober: &mut Prober, response: &BareResponse) {
    let date = response.headers.get("date").and_then(|date| date.to_str().ok());
    let Some(server) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else {
        prober.unknown("clock", "the server sends no date");
        return;
    };
    let here = prober.clock().system_time();
    let skew = difference(server, here);
    let seconds = i64::try_from(skew.as_secs()).unwrap_or(i64::MAX);
    prober.fact("clock_ahead_seconds", if server < here { seconds } else { -seconds });
    if skew <= MAX_SKEW {
        prober.ok("clock", text!("differs from the server's by at most {} s", skew.as_secs() + 1));
    } else {
        prober
            .warning("clock", text!("differs from the server's by {} s", skew.as_secs()))
            .advise("Set the clock of this machine, for example with NTP.");
    }
}

fn difference(a: SystemTime, b: SystemTime) -> Duration {
    a.duration_since(b).or_else(|_| b.duration_since(a)).unwrap_or_default()
}
