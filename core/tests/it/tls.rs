//! TLS: an authority of one's own is trusted where it is named, and each refusal says what to do.

use egito::{Client, Code, Outcome, Settings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto::ring};

#[tokio::test]
async fn an_authority_that_is_named_is_trusted() {
    let server = Server::start(|_| {}).await;
    let error = server.refusal(true, "localhost").await;
    assert_eq!((error.code(), error.details().status), (Code::UnexpectedResponse, Some(200)), "{error}");
}

#[tokio::test]
async fn an_unknown_authority_is_refused_before_anything_is_sent() {
    let error = Server::start(|_| {}).await.refusal(false, "localhost").await;
    assert_eq!((error.code(), error.outcome()), (Code::Tls, Some(Outcome::NotSent)));
    assert!(error.to_string().contains("ca_file"), "{error}");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() {
    let error = Server::start(|_| {}).await.refusal(true, "127.0.0.1").await;
    assert_eq!(error.code(), Code::Tls);
    assert!(error.to_string().contains("another host"), "{error}");
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let expired = |params: &mut CertificateParams| params.not_after = date_time_ymd(2020, 1, 1);
    let error = Server::start(expired).await.refusal(true, "localhost").await;
    assert_eq!(error.code(), Code::Tls);
    assert!(error.to_string().contains("expired"), "{error}");
}

#[test]
fn a_file_without_certificates_is_a_config_error() {
    for file in ["Cargo.toml", "no/such/file.pem"] {
        let settings = settings(443, "localhost", Some(Path::new(file)), None);
        let error = Client::new(settings).unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("ca_file")), "{error}");
    }
}

/// A server on TLS whose certificate is for `localhost`. It answers every request with an empty object.
pub struct Server {
    port: u16,
    authority: PathBuf,
}

impl Server {
    pub async fn start(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = CertificateParams::new(vec!["Authority of a test".into()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let mut params = CertificateParams::new(vec!["localhost".into()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &authority).unwrap();

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let file = std::env::temp_dir().join(format!("egito-authority-{}-{port}.pem", std::process::id()));
        std::fs::write(&file, authority.pem()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )
            .unwrap();
        tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config))));
        Self { port, authority: file }
    }

    /// What the first create says, with or without the authority, on this host.
    async fn refusal(&self, trusted: bool, host: &str) -> egito::Error {
        refusal(settings(self.port, host, trusted.then_some(self.authority.as_path()), None)).await
    }

    /// What the first create says by way of a proxy.
    pub async fn refusal_by_way_of(&self, proxy: &str) -> egito::Error {
        refusal(settings(self.port, "localhost", Some(&self.authority), Some(proxy))).await
    }

    /// Its address as a proxy is told it.
    pub fn address(&self) -> String {
        format!("localhost:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.authority);
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor) {
    while let Ok((stream, _)) = listener.accept().await {
        if let Ok(mut stream) = acceptor.accept(stream).await {
            let _ = stream.read(&mut [0; 4096]).await;
            let answer =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    }
}

async fn refusal(settings: Settings) -> egito::Error {
    Client::new(settings).unwrap().accounts().create(&json!({})).await.unwrap_err()
}

fn settings(port: u16, host: &str, ca_file: Option<&Path>, proxy: Option<&str>) -> Settings {
    let settings = json!({
        "base_url": format!("https://{host}:{port}"), "ca_file": ca_file, "proxy": proxy, "max_retries": 0,
        "client_id": "id", "client_secret": "secret", "username": "jan@firma", "password": "hasło",
    });
    Settings::from_json(settings.to_string().as_bytes()).unwrap()
}
