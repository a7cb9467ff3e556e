//! TLS: custom certificate authorities are trusted, and each error says what to do.

use egito::{Client, Code, Outcome, Settings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, IsCa, KeyPair, date_time_ymd};
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
    assert!(error.to_string().contains("(trusted: the "), "{error}");
}

#[tokio::test]
async fn a_file_with_windows_line_endings_is_read() {
    let server = Server::start(|_| {}).await;
    let text = std::fs::read_to_string(&server.authority).unwrap();
    std::fs::write(&server.authority, format!("\u{feff}Nasz urząd\r\n{}", text.replace('\n', "\r\n"))).unwrap();
    let error = server.refusal(true, "localhost").await;
    assert_eq!(error.details().status, Some(200), "{error}");
}

/// The system's or the built-in certificates must not be trusted instead of the ones that a variable names.
#[test]
fn a_variable_of_openssl_replaces_the_systems_certificates_or_is_an_error() {
    let folder = std::env::temp_dir().join(format!("egito-certificates-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("empty")).unwrap();
    let file = folder.join("authority.pem");
    let (path, empty, missing) = (file.as_path(), folder.join("empty"), folder.join("missing"));
    let trusted = "unexpected_response: ";
    for (variable, value, form, expected) in [
        ("EGITO_TEST_UNUSED", path, "plain", "(trusted: the system's certificates)"),
        ("SSL_CERT_FILE", path, "plain", trusted),
        ("SSL_CERT_FILE", path, "byte order mark", trusted),
        ("SSL_CERT_FILE", path, "UTF-16", trusted),
        ("SSL_CERT_FILE", path, "self-signed", trusted),
        (
            "SSL_CERT_FILE",
            path,
            "other",
            "not trusted; add the authority's certificate with `ca_file` (trusted: the certificates of SSL_CERT_FILE)",
        ),
        ("SSL_CERT_FILE", path, "truncated", "environment variable SSL_CERT_FILE: "),
        ("SSL_CERT_FILE", path, "truncated", "authority.pem: line 1: certificate 1 has no line"),
        (
            "SSL_CERT_FILE",
            Path::new("/dev/null"),
            "plain",
            "SSL_CERT_FILE: /dev/null: expected a certificate in PEM form, found none",
        ),
        ("SSL_CERT_FILE", &empty, "plain", "SSL_CERT_FILE: cannot read "),
        ("SSL_CERT_FILE", &missing, "plain", "SSL_CERT_FILE: cannot read "),
        ("SSL_CERT_FILE", Path::new(""), "plain", "(trusted: the system's certificates)"),
        ("SSL_CERT_DIR", &folder, "plain", trusted),
        ("SSL_CERT_DIR", &folder, "self-signed", trusted),
        ("SSL_CERT_DIR", &folder, "truncated", "authority.pem: line 1: certificate 1 has no line"),
        ("SSL_CERT_DIR", &empty, "plain", "environment variable SSL_CERT_DIR: "),
        ("SSL_CERT_DIR", &missing, "plain", "environment variable SSL_CERT_DIR: "),
    ] {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "tls::connects_in_this_environment", "--ignored", "--nocapture"]);
        child.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR").env(variable, value);
        let output = child.env("EGITO_TEST_FILE", &file).env("EGITO_TEST_FORM", form).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let output = String::from_utf8(output.stdout).unwrap();
        assert!(output.contains(expected), "{variable}={}, {form}: {output}", value.display());
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
#[ignore = "runs in the process that the test above starts"]
async fn connects_in_this_environment() {
    let (file, form) = (std::env::var("EGITO_TEST_FILE").unwrap(), std::env::var("EGITO_TEST_FORM").unwrap());
    let server = if form == "self-signed" { Server::self_signed(|_| {}).await } else { Server::start(|_| {}).await };
    let pem = std::fs::read_to_string(&server.authority).unwrap();
    let bytes: Vec<u8> = match form.as_str() {
        "byte order mark" => format!("\u{feff}{pem}").into(),
        "UTF-16" => format!("\u{feff}{pem}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "truncated" => pem[..300].into(),
        "other" => {
            let other = Server::self_signed(|params| params.distinguished_name = DistinguishedName::new()).await;
            std::fs::read(&other.authority).unwrap()
        }
        _ => pem.into(),
    };
    std::fs::write(file, bytes).unwrap();
    match Client::new(settings(server.port, "localhost", None, None)) {
        Ok(client) => {
            let error = client.accounts().get(1).await.unwrap_err();
            println!("{}: {error}", error.code());
        }
        Err(error) => println!("{}: {error}", error.code()),
    }
}

/// Names of types and variants of the TLS library mean nothing to users.
#[tokio::test]
async fn the_cause_of_a_refusal_has_no_debug_text() {
    let error = Server::self_signed(|_| {}).await.refusal(false, "localhost").await;
    assert_eq!(
        error.details().cause.as_ref().unwrap().as_str(),
        "invalid certificate of the server: it is that of an authority, not of a server"
    );
    let error = Server::start(|_| {}).await.refusal(true, "127.0.0.1").await;
    assert_eq!(
        error.details().cause.as_ref().unwrap().as_str(),
        "invalid certificate of the server: it is for localhost, not for 127.0.0.1"
    );
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
    pub authority: PathBuf,
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
