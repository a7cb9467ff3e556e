//! Explains TLS failures, and what to do about them.

use super::roots::Roots;
use rustls::{CertificateError, Error as TlsError, OtherError};
use std::error::Error as StdError;

const NOT_FOR_SERVERS: &str = "it is not for servers, according to its extended key usage";

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
        other => plain(other),
    })
}

/// Returns the text of the TLS error among the error's causes, if there is one, without names of types and variants.
pub(super) fn text(error: &(dyn StdError + 'static)) -> Option<String> {
    find(error).map(plain)
}

fn plain(error: &TlsError) -> String {
    match error {
        TlsError::InvalidCertificate(why) => format!("invalid certificate of the server: {}", reason(why)),
        TlsError::AlertReceived(alert) => format!("received the TLS alert: {}", spaced(&format!("{alert:?}"))),
        TlsError::PeerIncompatible(why) => format!("incompatible server: {}", spaced(&format!("{why:?}"))),
        TlsError::PeerMisbehaved(why) => format!("violation of the TLS protocol: {}", spaced(&format!("{why:?}"))),
        TlsError::InvalidMessage(why) => format!("invalid TLS message: {}", spaced(&format!("{why:?}"))),
        TlsError::General(text) => text.clone(),
        TlsError::InappropriateMessage { .. } | TlsError::InappropriateHandshakeMessage { .. } | TlsError::Other(_) => {
            spaced(&format!("{error:?}"))
        }
        other => other.to_string(),
    }
}

/// Returns whether a server certificate is marked as that of an authority, as `openssl req -x509` creates them.
pub(super) fn is_authority_as_server(error: &TlsError) -> bool {
    let TlsError::InvalidCertificate(CertificateError::Other(OtherError(why))) = error else { return false };
    why.downcast_ref::<webpki::Error>().is_some_and(|why| *why == webpki::Error::CaUsedAsEndEntity)
}

/// Returns why a certificate is invalid.
fn reason(error: &CertificateError) -> String {
    match error {
        CertificateError::NotValidForNameContext { expected, presented } => {
            let names: Vec<_> = presented.iter().map(|name| bare_name(name)).collect();
            let names = if names.is_empty() { "no name".to_owned() } else { names.join(", ") };
            format!("it is for {names}, not for {}", expected.to_str())
        }
        CertificateError::ExpiredContext { .. } | CertificateError::NotValidYetContext { .. } => error.to_string(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => NOT_FOR_SERVERS.into(),
        CertificateError::Other(OtherError(why)) => match why.downcast_ref::<webpki::Error>() {
            Some(webpki::Error::CaUsedAsEndEntity) => "it is that of an authority, not of a server".into(),
            Some(webpki::Error::UnsupportedCertVersion) => "it has an old X.509 version; servers need version 3".into(),
            Some(why) => spaced(&format!("{why:?}")),
            None => NOT_FOR_SERVERS.into(), // the only other error of the verifiers
        },
        other => spaced(&format!("{other:?}")),
    }
}

/// Returns a name of a certificate without its type: `DnsName("firma.pl")` as `firma.pl`.
fn bare_name(name: &str) -> &str {
    name.split_once('(').map_or(name, |(_, rest)| rest.trim_end_matches(')')).trim_matches('"')
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
        let other = |why| CertificateError::Other(OtherError(std::sync::Arc::new(why)));
        for error in [
            TlsError::InvalidCertificate(other(webpki::Error::CaUsedAsEndEntity)),
            TlsError::InvalidCertificate(other(webpki::Error::UnsupportedCertVersion)),
            TlsError::InvalidCertificate(CertificateError::UnknownIssuer),
            TlsError::AlertReceived(rustls::AlertDescription::HandshakeFailure),
            TlsError::PeerIncompatible(rustls::PeerIncompatible::NoCipherSuitesInCommon),
            TlsError::Other(OtherError(std::sync::Arc::new(std::fmt::Error))),
        ] {
            let text = text(&error).unwrap();
            let is_camel = |word: &str| word.chars().skip(1).any(char::is_uppercase);
            assert!(!text.contains('(') && !text.replace("TLS", "").split(' ').any(is_camel), "{text}");
        }
        assert_eq!((bare_name("DnsName(\"firma.pl\")"), bare_name("firma.pl")), ("firma.pl", "firma.pl"));
    }
}
