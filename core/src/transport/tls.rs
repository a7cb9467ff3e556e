//! Configures TLS and the trusted certificate authorities.

use super::pem::{self, PathOrigin};
use super::presented::PresentedCertificates;
use super::roots::{Roots, SystemRoots};
use super::server_verifier::ServerVerifier;
use crate::error::{Error, Result};
use crate::settings::Settings;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, Error as TlsError, RootCertStore};
use rustls_platform_verifier::Verifier;
use std::ffi::OsString;
use std::sync::{Arc, Mutex, TryLockError};
use url::Url;
use webpki_root_certs::TLS_SERVER_ROOT_CERTS as BUILT_IN;

/// The certificates that are trusted without a setting.
#[derive(Debug)]
struct SystemTrust {
    verifier: Arc<dyn ServerCertVerifier>,
    /// `None` if only the operating system knows them.
    certificates: Option<Vec<CertificateDer<'static>>>,
    roots: SystemRoots,
}

/// The values of the environment variables that name certificates.
#[derive(Clone, Debug, Default, PartialEq)]
struct Variables {
    file: Option<OsString>,
    folders: Option<OsString>,
}

/// Maximum number of values of the environment variables whose certificates are kept in memory.
const MAX_CACHED: usize = 4;

/// Returns the TLS configuration of a client. Does not change the process-wide default of the TLS library.
///
/// For plain HTTP, the system's certificates are not read. Handshakes keep what the server presents in `presented`.
pub(super) fn config(
    settings: &Settings,
    address: &Url,
    presented: &Arc<PresentedCertificates>,
) -> Result<(ClientConfig, Roots)> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone());
    let builder = builder.with_safe_default_protocol_versions().map_err(setup_failed)?;
    let ca_file = settings.ca_file.clone();
    let extra = ca_file.as_deref().map(|path| pem::certificates(path, PathOrigin::Setting("ca_file"))).transpose()?;
    if address.scheme() != "https" {
        let config = builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
        return Ok((config, Roots { system: SystemRoots::None, ca_file }));
    }
    let trust = SystemTrust::cached(&provider)?;
    let verifier = match &extra {
        None => trust.verifier.clone(),
        Some(extra) => verifier(trust.certificates.as_deref(), extra, provider)?,
    };
    let from_variables =
        trust.certificates.iter().flatten().filter(|_| matches!(trust.roots, SystemRoots::Variable(_)));
    let pinned = from_variables.cloned().chain(extra.unwrap_or_default()).collect();
    let verifier = ServerVerifier { verifier, pinned, presented: presented.clone() };
    let config = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth();
    Ok((config, Roots { system: trust.roots, ca_file }))
}

impl SystemTrust {
    /// Reads the certificates once for each value of the environment variables, since this takes milliseconds and PHP creates a
    /// client for every web request.
    fn cached(provider: &Arc<CryptoProvider>) -> Result<Arc<Self>> {
        static CACHE: Mutex<Vec<(Variables, Arc<SystemTrust>)>> = Mutex::new(Vec::new());
        let variables = environment::variables();
        // Not waiting: in a forked child, a lock that another thread of the parent held stays locked.
        let mut cache = match CACHE.try_lock() {
            Ok(cache) => Some(cache),
            Err(TryLockError::Poisoned(cache)) => Some(cache.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        let known = cache.iter().flat_map(|cache| cache.iter()).find(|(of, _)| *of == variables);
        if let Some((_, known)) = known {
            return Ok(known.clone());
        }
        let read = Arc::new(Self::read(&variables, provider)?);
        if let Some(cache) = &mut cache {
            cache.truncate(MAX_CACHED - 1);
            cache.insert(0, (variables, read.clone()));
        }
        Ok(read)
    }

    /// Reads the certificates that the environment names, or else those of the system, or else the built-in ones.
    fn read(variables: &Variables, provider: &Arc<CryptoProvider>) -> Result<Self> {
        let (certificates, roots) = match environment::certificates(variables)? {
            Some((certificates, names)) => (certificates, SystemRoots::Variable(names)),
            None if let Some(certificates) = environment::system_certificates(variables) => {
                (certificates, SystemRoots::System)
            }
            None => match Verifier::new(provider.clone()) {
                Ok(verifier) => {
                    return Ok(Self { verifier: Arc::new(verifier), certificates: None, roots: SystemRoots::System });
                }
                Err(_) => return Self::built_in(provider),
            },
        };
        let verifier = verifier(Some(&certificates), &[], provider.clone())?;
        Ok(Self { verifier, certificates: Some(certificates), roots })
    }

    fn built_in(provider: &Arc<CryptoProvider>) -> Result<Self> {
        let verifier = verifier(Some(BUILT_IN), &[], provider.clone())?;
        Ok(Self { verifier, certificates: Some(BUILT_IN.to_vec()), roots: SystemRoots::BuiltIn })
    }
}

/// Returns a verifier that trusts `base` and `extra`; without a `base`, the system's certificates and `extra`.
fn verifier(
    base: Option<&[CertificateDer<'static>]>,
    extra: &[CertificateDer<'static>],
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>> {
    let Some(base) = base else {
        let verifier = Verifier::new_with_extra_roots(extra.iter().cloned(), provider).map_err(setup_failed)?;
        return Ok(Arc::new(verifier));
    };
    let mut roots = RootCertStore::empty();
    for certificate in base.iter().chain(extra) {
        roots.add(certificate.clone()).map_err(setup_failed)?;
    }
    let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
    Ok(builder.build().map_err(|error| setup_failed(TlsError::General(error.to_string())))?)
}

/// The environment variables of OpenSSL, which most programs on Unix obey.
#[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
mod environment {
    use super::Variables;
    use super::pem::{self, PathOrigin};
    use crate::error::Result;
    use encoding_rs::Encoding;
    use rustls::pki_types::CertificateDer;
    use std::env::var_os;
    use std::fs::File;
    use std::io::Read;
    use std::path::Path;

    const FILE: &str = "SSL_CERT_FILE";
    const FOLDERS: &str = "SSL_CERT_DIR";

    pub(super) fn variables() -> Variables {
        Variables { file: var_os(FILE), folders: var_os(FOLDERS) }
    }

    /// Returns the certificates that the variables name, and the names of those that are set; `None` if none is.
    ///
    /// An unusable variable is an error. Ignoring it would trust authorities that the user has excluded.
    pub(super) fn certificates(variables: &Variables) -> Result<Option<(Vec<CertificateDer<'static>>, &'static str)>> {
        let file = variables.file.as_ref().filter(|value| !value.is_empty());
        let folders = variables.folders.as_ref().filter(|value| !value.is_empty());
        let names = match (file, folders) {
            (None, None) => return Ok(None),
            (Some(_), None) => FILE,
            (None, Some(_)) => FOLDERS,
            (Some(_), Some(_)) => "SSL_CERT_FILE and SSL_CERT_DIR",
        };
        let mut certificates = Vec::new();
        if let Some(file) = file {
            certificates.extend(pem::of_file(file.as_ref(), PathOrigin::Variable(FILE))?);
        }
        if let Some(folders) = folders {
            certificates.extend(pem::of_folders(folders, PathOrigin::Variable(FOLDERS))?);
        }
        Ok(Some((certificates, names)))
    }

    /// Returns the system's certificates if the library that normally reads them would not, see [`of_system_file`].
    pub(super) fn system_certificates(variables: &Variables) -> Option<Vec<CertificateDer<'static>>> {
        of_system_file(&openssl_probe::probe().cert_file?, variables)
    }

    /// Returns the certificates of the system's file if the library that normally reads it would not: it takes an empty
    /// `SSL_CERT_FILE` for the path of a file, and does not find a certificate that follows a byte order mark.
    pub(super) fn of_system_file(file: &Path, variables: &Variables) -> Option<Vec<CertificateDer<'static>>> {
        let has_empty_variable = variables.file.as_ref().is_some_and(|value| value.is_empty());
        if !has_empty_variable && !has_byte_order_mark(file) {
            return None;
        }
        let certificates = pem::of_system_file(&std::fs::read(file).ok()?);
        Some(certificates).filter(|certificates| !certificates.is_empty())
    }

    fn has_byte_order_mark(file: &Path) -> bool {
        let mut start = Vec::new();
        let is_read = File::open(file).and_then(|file| file.take(3).read_to_end(&mut start)).is_ok();
        is_read && Encoding::for_bom(&start).is_some()
    }
}

/// On these systems, no program obeys the variables of OpenSSL.
#[cfg(not(all(unix, not(target_vendor = "apple"), not(target_os = "android"))))]
mod environment {
    use super::Variables;
    use crate::error::Result;
    use rustls::pki_types::CertificateDer;

    pub(super) fn variables() -> Variables {
        Variables::default()
    }

    #[allow(clippy::unnecessary_wraps)] // like the other one
    pub(super) fn certificates(_: &Variables) -> Result<Option<(Vec<CertificateDer<'static>>, &'static str)>> {
        Ok(None)
    }

    pub(super) fn system_certificates(_: &Variables) -> Option<Vec<CertificateDer<'static>>> {
        None
    }
}

#[allow(clippy::needless_pass_by_value)] // so that it fits `map_err`
fn setup_failed(error: TlsError) -> Error {
    Error::config("base_url", format!("cannot set up TLS on this system: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider() -> Arc<CryptoProvider> {
        Arc::new(rustls::crypto::ring::default_provider())
    }

    #[test]
    fn the_certificates_are_read_once_for_unchanged_variables() {
        let read = || SystemTrust::cached(&provider()).unwrap();
        assert!(Arc::ptr_eq(&read().verifier, &read().verifier));
    }

    #[test]
    #[cfg(all(unix, not(target_vendor = "apple"), not(target_os = "android")))]
    fn the_system_s_file_is_read_here_only_if_the_library_would_not_read_it() {
        let pem = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem();
        let file = std::env::temp_dir().join(format!("egito-system-{}.pem", std::process::id()));
        let empty_variable = Variables { file: Some(OsString::new()), folders: None };
        for (text, variables, expected) in [
            (format!("\u{feff}{pem}"), Variables::default(), Some(1)),
            (pem.clone(), empty_variable.clone(), Some(1)),
            (pem, Variables::default(), None),
            ("\u{feff}".into(), empty_variable, None),
        ] {
            std::fs::write(&file, text).unwrap();
            let certificates = environment::of_system_file(&file, &variables);
            assert_eq!(certificates.map(|certificates| certificates.len()), expected, "{variables:?}");
        }
        std::fs::remove_file(file).unwrap();
    }

    #[test]
    fn a_system_without_certificates_uses_the_built_in_ones() {
        assert!(BUILT_IN.len() > 50);
        let trust = SystemTrust::built_in(&provider()).unwrap();
        let text = Roots { system: trust.roots, ca_file: None }.to_string();
        assert_eq!(text, "the built-in certificates, since the system has none");
    }
}
