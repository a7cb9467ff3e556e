//! The proxy of the settings is used, and its password is a secret.

use crate::tls::Server;
use base64::prelude::{BASE64_STANDARD, Engine};
use egito::{Client, Code, Error, Outcome, Settings};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn requests_go_to_the_proxy_with_its_password() {
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://jan:tajne-haslo@{}", proxy.local_addr().unwrap());
    let accounts = client(&address).unwrap().accounts();
    let call = tokio::spawn(async move { accounts.get(1).await });
    let (mut connection, _) = proxy.accept().await.unwrap();
    let mut request = vec![0; 4096];
    let read = connection.read(&mut request).await.unwrap();
    let request = String::from_utf8_lossy(&request[..read]).into_owned();
    assert!(request.starts_with("POST http://127.0.0.1:9/oauth/token HTTP/1.1"), "{request}");
    assert!(request.to_ascii_lowercase().contains("proxy-authorization: basic amfuonrham5llwhhc2xv"), "{request}");
    let response = "HTTP/1.1 403 Forbidden\r\nContent-Length: 11\r\nConnection: close\r\n\r\ntajne-haslo";
    connection.write_all(response.as_bytes()).await.unwrap();
    let error = call.await.unwrap().unwrap_err();
    assert!(!error.to_json().contains("tajne"), "{error:?}");
}

#[tokio::test]
async fn tls_is_tunneled_through_the_proxy() {
    let server = Server::start(|_| {}).await;
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, target) = (format!("http://jan:tajne-haslo@{}", proxy.local_addr().unwrap()), server.address());
    let tunnel = tokio::spawn(async move {
        let (mut inner, _) = proxy.accept().await.unwrap();
        let request = head(&mut inner).await;
        let mut outer = TcpStream::connect(&target).await.unwrap();
        inner.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
        tokio::io::copy_bidirectional(&mut inner, &mut outer).await.unwrap();
        (request, target)
    });
    let error = server.error_through_proxy(&address).await;
    assert_eq!((error.code(), error.details().status), (Code::UnexpectedResponse, Some(200)), "{error}");
    let (request, target) = tunnel.await.unwrap();
    assert!(request.starts_with(&format!("CONNECT {target} HTTP/1.1\r\n")), "{request}");
    assert!(request.to_ascii_lowercase().contains("proxy-authorization: basic amfuonrham5llwhhc2xv"), "{request}");
}

#[tokio::test]
async fn a_tunnel_that_the_proxy_refuses_is_not_retried() {
    let server = Server::start(|_| {}).await;
    let proxy = refusing_proxy().await;
    let error = server.error_through_proxy(&proxy.address).await;
    assert_eq!(error.outcome(), Some(Outcome::NotSent));
    assert_refused_once(&error, &proxy);
}

#[tokio::test]
async fn a_request_that_the_proxy_refuses_is_not_retried() {
    let proxy = refusing_proxy().await;
    let error = client(&proxy.address).unwrap().accounts().get(1).await.unwrap_err();
    assert_refused_once(&error, &proxy);
}

#[tokio::test]
async fn the_error_for_an_error_page_names_the_proxy() {
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = proxy.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut inner, _) = proxy.accept().await.unwrap();
            head(&mut inner).await;
            let response = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            inner.write_all(response.as_bytes()).await.unwrap();
        }
    });
    let error = client(&format!("http://jan:nie-to@{address}")).unwrap().accounts().get(1).await.unwrap_err();
    assert_eq!((error.code(), error.details().status), (Code::Server, Some(502)));
    let expected = format!("it came through the proxy http://{address}, which may be at fault");
    assert!(error.to_string().contains(&expected) && !error.to_string().contains("nie-to"), "{error}");
}

/// Every attempt counts in the directory of the proxy's users, and a few of them lock the account.
#[tokio::test]
async fn calls_after_a_refused_proxy_login_do_not_send_the_password_again() {
    let proxy = refusing_proxy().await;
    let client = client(&proxy.address).unwrap();
    for _ in 0..10 {
        let error = client.accounts().get(1).await.unwrap_err();
        assert_refused_once(&error, &proxy);
    }
    let rows = client.leads().create_many((0..100).map(|n| json!({"n": n}))).await;
    assert_eq!(rows.len(), 100);
    for row in rows {
        let error = row.error.unwrap();
        assert_eq!(error.outcome(), Some(Outcome::NotSent));
        assert_refused_once(&error, &proxy);
    }
}

#[tokio::test]
async fn a_bulk_ends_when_the_proxy_refuses_its_login() {
    let proxy = proxy_that_refuses_after(10).await;
    let settings = json!({"base_url": "http://127.0.0.1:9", "proxy": proxy.address});
    let client = client_with(settings).unwrap();
    let rows = client.leads().create_many((0..500).map(|n| json!({"n": n}))).concurrency(8).await;
    let requests = proxy.requests.load(SeqCst);
    assert!((11..=10 + 8).contains(&requests), "{requests} requests");
    assert_eq!(rows.iter().filter(|row| row.error.is_none()).count(), 10 - 1, "all but the login");
    for error in rows.iter().filter_map(|row| row.error.as_ref()) {
        assert_eq!((error.code(), error.outcome()), (Code::Connection, Some(Outcome::NotSent)), "{error}");
        assert!(error.to_string().contains("refused its user name or password (HTTP 407)"), "{error}");
    }
    assert!(client.accounts().get(1).await.is_err());
    assert_eq!(proxy.requests.load(SeqCst), requests, "other calls of the client send nothing either");
}

/// Retries would lock the user's account in its directory.
fn assert_refused_once(error: &Error, proxy: &RefusingProxy) {
    assert_eq!(error.code(), Code::Connection, "{error}");
    assert!(error.to_string().contains("refused its user name or password (HTTP 407)"), "{error}");
    assert!(!error.is_retryable(), "another login with the same password can lock the user");
    assert_eq!(proxy.requests.load(SeqCst), 1);
}

struct RefusingProxy {
    address: String,
    requests: Arc<AtomicUsize>,
}

async fn refusing_proxy() -> RefusingProxy {
    proxy_that_refuses_after(0).await
}

/// A proxy that responds like the server to the first `accepted` requests, and then refuses the password.
async fn proxy_that_refuses_after(accepted: usize) -> RefusingProxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://jan:nie-to@{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let count = requests.clone();
    tokio::spawn(async move {
        loop {
            let (mut inner, _) = listener.accept().await.unwrap();
            let request = head(&mut inner).await.to_ascii_lowercase();
            let length = request.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
            inner.read_exact(&mut vec![0; length.unwrap_or(0)]).await.unwrap();
            let (status, body) = match count.fetch_add(1, SeqCst) {
                number if number >= accepted => ("407 Proxy Authentication Required", ""),
                _ => ("200 OK", r#"{"access_token": "t", "expires_in": 3000, "id": 1}"#),
            };
            let length = body.len();
            let response = format!(
                "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
            inner.write_all(response.as_bytes()).await.unwrap();
        }
    });
    RefusingProxy { address, requests }
}

#[tokio::test]
async fn credentials_with_any_characters_reach_the_proxy() {
    let credentials = [
        ("jan:p ss", "jan:p ss"),
        ("firma\\jan:pass", "firma\\jan:pass"),
        ("jan:zażółć", "jan:zażółć"),
        ("jan:p\"ss^[", "jan:p\"ss^["),
        ("jan:p@ss/?#", "jan:p@ss/?#"),
        ("jan:100%25", "jan:100%"),
    ];
    for (written, meant) in credentials {
        let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = client(&format!("http://{written}@{}", proxy.local_addr().unwrap())).unwrap();
        let call = tokio::spawn(async move { client.accounts().get(1).await });
        let (mut connection, _) = proxy.accept().await.unwrap();
        let request = head(&mut connection).await;
        let header = format!("proxy-authorization: Basic {}\r\n", BASE64_STANDARD.encode(meant));
        assert!(request.contains(&header), "{written}: {request}");
        call.abort();
    }
}

#[test]
fn tls_to_an_ipv6_address_cannot_go_through_a_proxy() {
    let settings = json!({"base_url": "https://[::1]:8443", "proxy": "http://localhost:3128"});
    let error = client_with(settings).unwrap_err();
    assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("base_url")), "{error}");
}

/// Reads a request without a body.
async fn head(connection: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

#[test]
fn an_invalid_address_is_a_config_error_without_the_address() {
    for address in ["jan:tajne-haslo@nowhere:port", "socks5://jan:tajne-haslo@localhost:1080", "tajne-haslo"] {
        let error = client(address).unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("proxy")));
        assert!(!error.to_json().contains("tajne"));
    }
}

fn client(proxy: &str) -> egito::Result<Client> {
    client_with(json!({"base_url": "http://127.0.0.1:9", "proxy": proxy}))
}

fn client_with(mut settings: Value) -> egito::Result<Client> {
    for (name, value) in
        [("client_id", "id"), ("client_secret", "secret"), ("username", "jan@firma"), ("password", "hasło")]
    {
        settings[name] = value.into();
    }
    settings["backoff_base"] = 0.001.into();
    Client::new(Settings::from_json(settings.to_string().as_bytes()).unwrap())
}
