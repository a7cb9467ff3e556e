//! Secrets in the headers of a response.

use super::{PLACEHOLDER, Secrets};
use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Headers whose value is removed as a whole: they carry credentials of servers and proxies that no list of secrets knows.
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
        let mut clean = text.clone().into_owned();
        self.redact_text(&mut clean);
        if clean != text {
            // What is left is part of a valid value, so it is one.
            *value = HeaderValue::from_bytes(clean.as_bytes()).unwrap_or(HeaderValue::from_static(PLACEHOLDER));
        }
    }
}
