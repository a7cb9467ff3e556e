//! Redacts secrets in the headers of a response.

use super::{PLACEHOLDER, Secrets};
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Headers whose whole value is redacted. They have credentials of servers and proxies, which are not in the list of secrets.
const CREDENTIALS: [HeaderName; 9] = [
    header::AUTHORIZATION,
    header::COOKIE,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::SET_COOKIE,
    header::WWW_AUTHENTICATE,
    HeaderName::from_static("authentication-info"),
    HeaderName::from_static("proxy-authentication-info"),
    HeaderName::from_static("set-cookie2"),
];

impl Secrets {
    /// Returns the headers without any secret.
    pub(crate) fn redact_headers(&self, mut headers: HeaderMap) -> HeaderMap {
        for (name, value) in &mut headers {
            if CREDENTIALS.contains(name) {
                *value = HeaderValue::from_static(PLACEHOLDER);
            } else {
                self.redact_header(value);
            }
        }
        headers
    }

    fn redact_header(&self, value: &mut HeaderValue) {
        let text = String::from_utf8_lossy(value.as_bytes());
        let mut redacted = text.clone().into_owned();
        self.redact_text(&mut redacted);
        if redacted != text {
            // The rest of a valid value is valid.
            *value = HeaderValue::from_bytes(redacted.as_bytes()).unwrap_or(HeaderValue::from_static(PLACEHOLDER));
        }
    }
}
