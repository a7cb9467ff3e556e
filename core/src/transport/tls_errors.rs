//! Says what to do about a TLS failure.

use super::roots::Roots;
use rustls::{CertificateError, Error as TlsError, OtherError};
use std::error::Error as StdError;

/// Returns what to do about a TLS failure in the error's causes, if there is one.
pub(super) fn advice(error: &(dyn StdError + 'static), roots: &Roots) -> Option<String> {
    let tls = find(error)?;
    Some(match tls {
        TlsError::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "its certificate has expired; check this machine's clock, else tell the server's administrator".into()
        }
        TlsError::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            "its certificate is not valid yet; check this machine's clock".into()
        }
        TlsError::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "its certificate is for another host; check `name` or `base_url`".into(),
        TlsError::InvalidCertificate(CertificateError::UnknownIssuer) => format!(
            "the authority of its certificate is not trusted; name that authority's certificate in `ca_file` (trusted are {roots})"
        ),
        error if is_authority_as_server(error) => {
            format!(
                "its certificate is self-signed; to trust it, name that very certificate in `ca_file` (trusted are {roots})"
            )
        }
        TlsError::InvalidCertificate(why) => {
            format!("its certificate was refused: {} (trusted are {roots})", reason(why))
        }
        TlsError::AlertReceived(alert) => format!("it refused the TLS connection: {}", words(&format!("{alert:?}"))),
        TlsError::InvalidMessage(_) => "it does not speak TLS at this port; check `base_url`".into(),
        TlsError::PeerIncompatible(why) => {
            format!("it has no TLS version or cipher in common with this client: {}", words(&format!("{why:?}")))
        }
        TlsError::PeerMisbehaved(why) => format!("it breaks the rules of TLS: {}", words(&format!("{why:?}"))),
        other => other.to_string(),
    })
}

/// Whether a server shows a certificate that is marked as an authority's, as `openssl req -x509` makes them.
pub(super) fn is_authority_as_server(error: &TlsError) -> bool {
    let TlsError::InvalidCertificate(CertificateError::Other(OtherError(why))) = error else { return false };
    why.downcast_ref::<webpki::Error>().is_some_and(|why| *why == webpki::Error::CaUsedAsEndEntity)
}

/// Why a certificate is refused.
fn reason(error: &CertificateError) -> String {
    match error {
        CertificateError::Other(OtherError(why)) => words(&format!("{why:?}")),
        other => words(&format!("{other:?}")),
    }
}

/// The name of a variant as words: `PathLenConstraintViolated { .. }` as `path len constraint violated`.
fn words(variant: &str) -> String {
    let name: String = variant.chars().take_while(char::is_ascii_alphanumeric).collect();
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
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
    fn no_name_of_a_type_reaches_users() {
        let other = CertificateError::Other(OtherError(std::sync::Arc::new(webpki::Error::PathLenConstraintViolated)));
        assert_eq!(reason(&other), "path len constraint violated");
        assert_eq!(reason(&CertificateError::BadSignature), "bad signature");
    }
}
