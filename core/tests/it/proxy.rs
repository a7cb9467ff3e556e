//! A proxy is used where the settings name one, and its password is a secret.

use crate::tls::Server;
use egito::{Client, Code, Outcome, Settings};
use serde_json::json;
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
    let answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 11\r\nConnection: close\r\n\r\ntajne-haslo";
    connection.write_all(answer.as_bytes()).await.unwrap();
    let error = call.await.unwrap().unwrap_err();
    assert!(!error.to_json().contains("tajne"), "{error:?}");
}

#[tokio::test]
async fn tls_goes_through_the_proxy_to_the_server_itself() {
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
    let error = server.refusal_by_way_of(&address).await;
    assert_eq!((error.code(), error.details().status), (Code::UnexpectedResponse, Some(200)), "{error}");
    let (request, target) = tunnel.await.unwrap();
    assert!(request.starts_with(&format!("CONNECT {target} HTTP/1.1\r\n")), "{request}");
    assert!(request.to_ascii_lowercase().contains("proxy-authorization: basic amfuonrham5llwhhc2xv"), "{request}");
}

#[tokio::test]
async fn a_proxy_that_refuses_the_tunnel_is_no_connection() {
    let server = Server::start(|_| {}).await;
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", proxy.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut inner, _) = proxy.accept().await.unwrap();
        head(&mut inner).await;
        inner.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await.unwrap();
    });
    let error = server.refusal_by_way_of(&address).await;
    assert_eq!((error.code(), error.outcome()), (Code::Connection, Some(Outcome::NotSent)), "{error}");
    assert!(error.to_string().contains("authorization"), "{error}");
}

/// A request without a body.
async fn head(connection: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

#[test]
fn an_address_that_is_none_is_a_config_error_that_does_not_repeat_it() {
    for address in ["jan:tajne-haslo@nowhere:port", "socks5://jan:tajne-haslo@localhost:1080", "tajne-haslo"] {
        let error = client(address).unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("proxy")));
        assert!(!error.to_json().contains("tajne"));
    }
}

fn client(proxy: &str) -> egito::Result<Client> {
    let settings = json!({
        "base_url": "http://127.0.0.1:9", "proxy": proxy, "max_retries": 0,
        "client_id": "id", "client_secret": "secret", "username": "jan@firma", "password": "hasło",
    });
    Client::new(Settings::from_json(settings.to_string().as_bytes()).unwrap())
}
