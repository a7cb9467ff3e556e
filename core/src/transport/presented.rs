//! Keeps the certificates that the server presented last, trusted or not, so that a probe can describe them.

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use std::sync::{Arc, Mutex};

/// The certificates of the last handshake: the server's own first, then those of authorities.
#[derive(Debug, Default)]
pub(super) struct PresentedCertificates(Mutex<Vec<CertificateDer<'static>>>);

impl PresentedCertificates {
    pub(super) fn read(&self) -> Vec<CertificateDer<'static>> {
        self.0.try_lock().map(|kept| kept.clone()).unwrap_or_default()
    }

    /// Does not wait: in a forked child, a lock that another thread of the parent held stays locked.
    fn keep(&self, certificate: &CertificateDer<'_>, intermediates: &[CertificateDer<'_>]) {
        if let Ok(mut kept) = self.0.try_lock() {
            let all = std::iter::once(certificate).chain(intermediates);
            *kept = all.map(|certificate| certificate.clone().into_owned()).collect();
        }
    }
}

/// A verifier that keeps the certificates.
#[derive(Debug)]
pub(super) struct KeepingVerifier {
    verifier: Arc<dyn ServerCertVerifier>,
    presented: Arc<PresentedCertificates>,
}

impl KeepingVerifier {
    pub(super) fn new(verifier: Arc<dyn ServerCertVerifier>, presented: Arc<PresentedCertificates>) -> Self {
        Self { verifier, presented }
    }
}

impl ServerCertVerifier for KeepingVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.presented.keep(certificate, intermediates);
        self.verifier.verify_server_cert(certificate, intermediates, name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
