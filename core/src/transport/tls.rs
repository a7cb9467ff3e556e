//! Configures TLS and the trusted certificate authorities.

use super::roots::{Roots, SystemRoots};
use super::{pem, pinned::PinnedVerifier};
use crate::error::{Error, Result};
use crate::settings::Settings;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, Error as TlsError, RootCertStore};
use rustls_platform_verifier::Verifier;
use std::sync::{Arc, OnceLock};
use url::Url;
use webpki_root_certs::TLS_SERVER_ROOT_CERTS as BUILT_IN;

/// Returns the TLS configuration of a client. Does not change the process-wide default of the TLS library.
///
/// For plain HTTP, the system's certificates are not read.
pub(super) fn config(settings: &Settings, address: &Url) -> Result<(ClientConfig, Roots)> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone());
    let builder = builder.with_safe_default_protocol_versions().map_err(setup_failed)?;
    let ca_file = settings.ca_file.clone();
    let extra = ca_file.as_deref().map(pem::certificates).transpose()?;
    if address.scheme() != "https" {
        let config = builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
        return Ok((config, Roots { system: SystemRoots::None, ca_file }));
    }
    let (verifier, system) = system(&provider)?;
    let verifier: Arc<dyn ServerCertVerifier> = match extra {
        None => verifier,
        Some(extra) => Arc::new(PinnedVerifier::new(with_extra(&extra, system, provider)?, extra)),
    };
    let config = builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth();
    Ok((config, Roots { system, ca_file }))
}

/// Returns a verifier with the system's certificates. They are read once per process, since this takes milliseconds and PHP creates
/// a client for every web request.
fn system(provider: &Arc<CryptoProvider>) -> Result<(Arc<Verifier>, SystemRoots)> {
    static READ: OnceLock<(Arc<Verifier>, SystemRoots)> = OnceLock::new();
    if let Some(known) = READ.get() {
        return Ok(known.clone());
    }
    check_variable()?;
    let read = match Verifier::new(provider.clone()) {
        Ok(verifier) => (Arc::new(verifier), SystemRoots::System),
        Err(_) => (Arc::new(with_extra(&[], SystemRoots::BuiltIn, provider.clone())?), SystemRoots::BuiltIn),
    };
    Ok(READ.get_or_init(|| read).clone())
}

fn with_extra(
    extra: &[CertificateDer<'static>],
    system: SystemRoots,
    provider: Arc<CryptoProvider>,
) -> Result<Verifier> {
    let built_in = if system == SystemRoots::BuiltIn { BUILT_IN } else { &[] };
    Verifier::new_with_extra_roots(extra.iter().chain(built_in).cloned(), provider).map_err(setup_failed)
}

/// Checks that the file in `SSL_CERT_FILE`, which replaces the system's certificates, can be read.
fn check_variable() -> Result<()> {
    let Some(file) = std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty()) else { return Ok(()) };
    std::fs::File::open(&file).map(drop).map_err(|error| {
        let file = file.display();
        Error::config(
            "SSL_CERT_FILE",
            format!("invalid environment variable SSL_CERT_FILE: cannot read {file}: {error}"),
        )
    })
}

#[allow(clippy::needless_pass_by_value)] // so that it fits `map_err`
fn setup_failed(error: TlsError) -> Error {
    Error::config("base_url", format!("cannot set up TLS on this system: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_certificates_are_read_once() {
        let read = || system(&Arc::new(rustls::crypto::ring::default_provider())).unwrap().0;
        assert!(Arc::ptr_eq(&read(), &read()));
    }

    #[test]
    fn the_built_in_certificates_make_a_verifier() {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        assert!(BUILT_IN.len() > 50 && with_extra(&[], SystemRoots::BuiltIn, provider).is_ok());
    }
}
