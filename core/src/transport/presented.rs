//! Keeps the certificates that the server presented last, trusted or not, so that a probe can describe them.

use rustls::pki_types::CertificateDer;
use std::sync::Mutex;

/// The certificates of the last handshake: the server's own first, then those of authorities.
#[derive(Debug, Default)]
pub(super) struct PresentedCertificates(Mutex<Vec<CertificateDer<'static>>>);

impl PresentedCertificates {
    pub(super) fn read(&self) -> Vec<CertificateDer<'static>> {
        self.0.try_lock().map(|kept| kept.clone()).unwrap_or_default()
    }

    /// Does not wait: in a forked child, a lock that another thread of the parent held stays locked.
    pub(super) fn keep(&self, certificate: &CertificateDer<'_>, intermediates: &[CertificateDer<'_>]) {
        if let Ok(mut kept) = self.0.try_lock() {
            let all = std::iter::once(certificate).chain(intermediates);
            *kept = all.map(|certificate| certificate.clone().into_owned()).collect();
        }
    }
}
