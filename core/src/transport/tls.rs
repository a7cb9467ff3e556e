//! TLS with the system's certificates, and words for a certificate that is refused.

use crate::error::{Error, Result};
use rustls::{CertificateError, ClientConfig, ConfigBuilder, Error as TlsError, RootCertStore, WantsVerifier};
use rustls_platform_verifier::BuilderVerifierExt;
use std::error::Error as StdError;
use std::sync::Arc;

/// A configuration of its own: the process-wide default of the TLS library is left to the program.
pub(super) fn config() -> Result<ClientConfig> {
    Ok(builder()?.with_platform_verifier().map_err(wrong)?.with_no_client_auth())
}

/// For plain HTTP on loopback: reading the system's certificates takes a while.
pub(super) fn trusting_nobody() -> Result<ClientConfig> {
    Ok(builder()?.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(wrong)
}

#[allow(clippy::needless_pass_by_value)] // so that it fits `map_err`
fn wrong(error: TlsError) -> Error {
    Error::config("base_url", format!("TLS cannot be set up on this system: {error}"))
}

/// What to do about a TLS failure in the error's causes, if there is one.
pub(super) fn advice(error: &(dyn StdError + 'static)) -> Option<String> {
    let tls = find(error)?;
    Some(match tls {
        TlsError::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "it has expired; check this machine's clock, else tell the server's administrator".into()
        }
        TlsError::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "it is for another host; check `name` or `base_url`".into(),
        TlsError::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its authority is not known to this system; add the authority to the system's certificates".into()
        }
        other => other.to_string(),
    })
}

fn find<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e TlsError> {
    let mut next = Some(error);
    while let Some(current) = next {
        if let Some(tls) = current.downcast_ref::<TlsError>() {
            return Some(tls);
        }
        // An io::Error hides what it was made of from `source`.
        let inner = current.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(tls) = inner.and_then(|inner| find(inner)) {
            return Some(tls);
        }
        next = current.source();
    }
    None
}
