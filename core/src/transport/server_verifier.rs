//! Verifies the certificate of the server. Trusts a self-signed one that `ca_file` or `SSL_CERT_FILE` names, as OpenSSL does, and keeps
//! what the server presents, so that a probe can describe it.

use super::presented::PresentedCertificates;
use super::tls_errors::is_authority_as_server;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use std::sync::Arc;

/// A verifier that also accepts the certificates of `ca_file` and `SSL_CERT_FILE` as server certificates. `openssl req -x509` marks
/// its certificates as those of an authority, which webpki refuses as server certificates.
#[derive(Debug)]
pub(super) struct ServerVerifier {
    pub(super) verifier: Arc<dyn ServerCertVerifier>,
    /// The certificates of `ca_file` and `SSL_CERT_FILE`.
    pub(super) pinned: Vec<CertificateDer<'static>>,
    pub(super) presented: Arc<PresentedCertificates>,
}

impl ServerCertVerifier for ServerVerifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.presented.keep(certificate, intermediates);
        let verified = self.verifier.verify_server_cert(certificate, intermediates, name, ocsp_response, now);
        match verified {
            // webpki checks the dates first, so only the mark as an authority is wrong.
            Err(error) if is_authority_as_server(&error) && self.pinned.contains(certificate) => {
                verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
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
