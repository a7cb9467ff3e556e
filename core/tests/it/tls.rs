//! TLS: custom certificate authorities are trusted, and each error says what to do.

use egito::{Client, Code, Outcome, Settings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto::ring};

#[tokio::test]
async fn the_authority_of_the_settings_is_trusted() {
    let server = Server::start(|_| {}).await;
    let error = server.refusal(true, "localhost").await;
    assert_eq!((error.code(), error.details().status), (Code::UnexpectedResponse, Some(200)), "{error}");
}

#[tokio::test]
async fn an_unknown_authority_is_rejected_before_anything_is_sent() {
    let error = Server::start(|_| {}).await.refusal(false, "localhost").await;
    assert_eq!((error.code(), error.outcome()), (Code::Tls, Some(Outcome::NotSent)));
    assert!(error.to_string().contains("ca_file"), "{error}");
}

#[tokio::test]
async fn a_certificate_for_another_host_is_rejected() {
    let error = Server::start(|_| {}).await.refusal(true, "127.0.0.1").await;
    assert_eq!(error.code(), Code::Tls);
    assert!(error.to_string().contains("another host"), "{error}");
}

#[tokio::test]
async fn an_expired_certificate_is_rejected() {
    let expired = |params: &mut CertificateParams| params.not_after = date_time_ymd(2020, 1, 1);
    let error = Server::start(expired).await.refusal(true, "localhost").await;
    assert_eq!(error.code(), Code::Tls);
    assert!(error.to_string().contains("expired"), "{error}");
}

#[tokio::test]
async fn a_self_signed_certificate_of_the_settings_is_trusted() {
    let server = Server::self_signed(|_| {}).await;
    let error = server.refusal(true, "localhost").await;
    assert_eq!(error.details().status, Some(200), "{error}");

    let error = server.refusal(false, "localhost").await;
    assert_eq!(error.code(), Code::Tls);
    assert!(error.to_string().contains("self-signed") && !error.to_string().contains("CaUsed"), "{error}");

    let error = server.refusal(true, "127.0.0.1").await;
    assert!(error.code() == Code::Tls && error.to_string().contains("another host"), "{error}");

    let expired = |params: &mut CertificateParams| params.not_after = date_time_ymd(2020, 1, 1);
    let error = Server::self_signed(expired).await.refusal(true, "localhost").await;
    assert!(error.code() == Code::Tls && error.to_string().contains("expired"), "{error}");
}

#[tokio::test]
async fn the_error_says_which_authorities_are_trusted() {
    let error = Server::start(|_| {}).await.refusal(false, "localhost").await;
    assert!(error.to_string().contains("trusted: the system's certificates"), "{error}");
}

#[tokio::test]
async fn a_file_with_windows_line_endings_is_read() {
    let server = Server::start(|_| {}).await;
    let text = std::fs::read_to_string(&server.authority).unwrap();
    std::fs::write(&server.authority, format!("\u{feff}Nasz urząd\r\n{}", text.replace('\n', "\r\n"))).unwrap();
    let error = server.refusal(true, "localhost").await;
    assert_eq!(error.details().status, Some(200), "{error}");
}

#[test]
fn a_system_without_certificates_uses_the_built_in_ones() {
    let empty = std::env::temp_dir().join(format!("egito-no-certificates-{}", std::process::id()));
    std::fs::create_dir_all(&empty).unwrap();
    let output = without_certificates(&[("SSL_CERT_DIR", &empty)]);
    std::fs::remove_dir(&empty).unwrap();
    assert!(output.contains("the built-in certificates"), "{output}");

    let output = without_certificates(&[("SSL_CERT_FILE", Path::new("/no/such/file.pem"))]);
    assert!(output.contains("SSL_CERT_FILE: cannot read /no/such/file.pem"), "{output}");
}

/// Runs the test below in a process of its own with these environment variables, and returns its output.
fn without_certificates(variables: &[(&str, &Path)]) -> String {
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "tls::prints_its_error_in_this_environment", "--ignored", "--nocapture"]);
    child.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR").envs(variables.iter().copied());
    let output = child.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
#[ignore = "the child of the test above"]
async fn prints_its_error_in_this_environment() {
    let server = Server::start(|_| {}).await;
    match Client::new(settings(server.port, "localhost", None, None)) {
        Ok(client) => println!("{}", client.accounts().get(1).await.unwrap_err()),
        Err(error) => println!("{error}"),
    }
}

#[test]
fn a_file_without_certificates_is_a_config_error() {
    for file in ["Cargo.toml", "no/such/file.pem"] {
        let settings = settings(443, "localhost", Some(Path::new(file)), None);
        let error = Client::new(settings).unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("ca_file")), "{error}");
    }
}

/// A TLS server whose certificate is for `localhost`. It responds to every request with an empty object.
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
        Self::listen(certificate.der().clone(), &key, &authority.pem()).await
    }

    /// Starts a server whose certificate is its own authority, as `openssl req -x509` creates it.
    async fn self_signed(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = CertificateParams::new(vec!["localhost".into()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self::listen(certificate.der().clone(), &key, &certificate.pem()).await
    }

    async fn listen(certificate: CertificateDer<'static>, key: &KeyPair, authority: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let file = std::env::temp_dir().join(format!("egito-authority-{}-{port}.pem", std::process::id()));
        std::fs::write(&file, authority).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())))
            .unwrap();
        tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config))));
        Self { port, authority: file }
    }

    /// Returns the error of the first create, with or without the authority, for this host.
    async fn refusal(&self, trusted: bool, host: &str) -> egito::Error {
        refusal(settings(self.port, host, trusted.then_some(self.authority.as_path()), None)).await
    }

    /// Returns the error of the first create through a proxy.
    pub async fn error_through_proxy(&self, proxy: &str) -> egito::Error {
        refusal(settings(self.port, "localhost", Some(&self.authority), Some(proxy))).await
    }

    /// Returns the address as a proxy receives it.
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
            let response =
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            let _ = stream.write_all(response.as_bytes()).await;
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
