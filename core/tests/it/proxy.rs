//! A proxy is used where the settings name one, and its password is a secret.

use egito::{Client, Code, Settings};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

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

#[test]
fn an_address_that_is_none_is_a_config_error_that_does_not_repeat_it() {
    let error = client("jan:tajne-haslo@nowhere:port").unwrap_err();
    assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("proxy")));
    assert!(!error.to_json().contains("tajne"));
}

fn client(proxy: &str) -> egito::Result<Client> {
    let settings = json!({
        "base_url": "http://127.0.0.1:9", "proxy": proxy, "max_retries": 0,
        "client_id": "id", "client_secret": "secret", "username": "jan@firma", "password": "hasło",
    });
    Client::new(Settings::from_json(settings.to_string().as_bytes()).unwrap())
}
