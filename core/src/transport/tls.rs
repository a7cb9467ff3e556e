//! TLS with the system's certificates, and words for a certificate that is refused.

use crate::error::{Error, Result};
use crate::settings::Settings;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, Error as TlsError, RootCertStore};
use rustls_platform_verifier::Verifier;
use std::error::Error as StdError;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use url::Url;

/// A configuration of its own: the process-wide default of the TLS library is left to the program.
///
/// The system's certificates are not read at all for plain HTTP.
pub(super) fn config(settings: &Settings, address: &Url) -> Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone());
    let builder = builder.with_safe_default_protocol_versions().map_err(wrong)?;
    let extra = settings.ca_file.as_deref().map(authorities).transpose()?;
    if address.scheme() != "https" {
        return Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth());
    }
    let verifier = match extra {
        None => system(provider)?,
        Some(extra) => Arc::new(Verifier::new_with_extra_roots(extra, provider).map_err(wrong)?),
    };
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

/// The system's certificates, read once in a process: it takes milliseconds, and PHP makes a client for every web request.
fn system(provider: Arc<CryptoProvider>) -> Result<Arc<Verifier>> {
    static READ: OnceLock<Arc<Verifier>> = OnceLock::new();
    if let Some(verifier) = READ.get() {
        return Ok(verifier.clone());
    }
    let verifier = Arc::new(Verifier::new_with_extra_roots([], provider).map_err(wrong)?);
    Ok(READ.get_or_init(|| verifier).clone())
}

fn authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let wrong = |why: String| Error::config("ca_file", format!("`ca_file` {} cannot be used: {why}", file.display()));
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<std::result::Result<Vec<_>, _>>);
    match read {
        Ok(certificates) if certificates.is_empty() => Err(wrong("it holds no certificate in PEM form".into())),
        Ok(certificates) => Ok(certificates),
        Err(error) => Err(wrong(error.to_string())),
    }
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
            "its certificate has expired; check this machine's clock, else tell the server's administrator".into()
        }
        TlsError::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "its certificate is for another host; check `name` or `base_url`".into(),
        TlsError::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "the authority of its certificate is not known to this system; name its certificate in `ca_file`, or add it to the system's certificates".into()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_certificates_are_read_once() {
        let read = || system(Arc::new(rustls::crypto::ring::default_provider())).expect("this system has certificates");
        assert!(Arc::ptr_eq(&read(), &read()));
    }
}
