//! Explains TLS failures, and what to do about them.

use super::roots::Roots;
use rustls::{CertificateError, Error as TlsError, OtherError};
use std::error::Error as StdError;

/// Explains the TLS failure among the error's causes, if there is one.
pub(super) fn advice(error: &(dyn StdError + 'static), roots: &Roots) -> Option<String> {
    let tls = find(error)?;
    Some(match tls {
        TlsError::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "its certificate has expired; check the clock of this machine, or contact the server's administrator".into()
        }
        TlsError::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            "its certificate is not valid yet; check the clock of this machine".into()
        }
        TlsError::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "its certificate is for another host; check `name` or `base_url`".into(),
        TlsError::InvalidCertificate(CertificateError::UnknownIssuer) => format!(
            "the authority of its certificate is not trusted; add the authority's certificate with `ca_file` (trusted: {roots})"
        ),
        error if is_authority_as_server(error) => {
            format!("its certificate is self-signed; to trust it, add it with `ca_file` (trusted: {roots})")
        }
        TlsError::InvalidCertificate(why) => {
            format!("its certificate is invalid: {} (trusted: {roots})", reason(why))
        }
        TlsError::AlertReceived(alert) => format!("it refused the connection: {}", spaced(&format!("{alert:?}"))),
        TlsError::InvalidMessage(_) => "it does not use TLS on this port; check `base_url`".into(),
        TlsError::PeerIncompatible(why) => {
            format!("it has no TLS version or cipher in common with this client: {}", spaced(&format!("{why:?}")))
        }
        TlsError::PeerMisbehaved(why) => format!("it violates the TLS protocol: {}", spaced(&format!("{why:?}"))),
        other => other.to_string(),
    })
}

/// Returns whether a server certificate is marked as that of an authority, as `openssl req -x509` creates them.
pub(super) fn is_authority_as_server(error: &TlsError) -> bool {
    let TlsError::InvalidCertificate(CertificateError::Other(OtherError(why))) = error else { return false };
    why.downcast_ref::<webpki::Error>().is_some_and(|why| *why == webpki::Error::CaUsedAsEndEntity)
}

/// Returns why a certificate is invalid.
fn reason(error: &CertificateError) -> String {
    match error {
        CertificateError::Other(OtherError(why)) => spaced(&format!("{why:?}")),
        other => spaced(&format!("{other:?}")),
    }
}

/// Returns the name of a variant with spaces: `PathLenConstraintViolated { .. }` as `path len constraint violated`.
fn spaced(variant: &str) -> String {
    let name: String = variant.chars().take_while(char::is_ascii_alphanumeric).collect();
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

fn find<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e TlsError> {
    let mut next = Some(error);
    while let Some(current) = next {
        if let Some(tls) = current.downcast_ref::<TlsError>() {
            return Some(tls);
        }
        // `source` of an io::Error skips the error inside.
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
    fn messages_contain_no_names_of_types() {
        let other = CertificateError::Other(OtherError(std::sync::Arc::new(webpki::Error::PathLenConstraintViolated)));
        assert_eq!(reason(&other), "path len constraint violated");
        assert_eq!(reason(&CertificateError::BadSignature), "bad signature");
    }
}
