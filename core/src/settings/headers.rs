//! Additional HTTP headers of the program.

use crate::error::{Error, Result};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Headers that the client sets itself, with the setting that changes them, if there is one.
const OWN: [(&str, Option<&str>); 17] = [
    ("accept", None),
    ("accept-encoding", None),
    ("accept-language", Some("accept_language")),
    ("authorization", None),
    ("connection", None),
    ("content-length", None),
    ("content-type", Some("body")),
    ("expect", None),
    ("host", Some("base_url")),
    ("keep-alive", None),
    ("proxy-authorization", Some("proxy")),
    ("proxy-connection", None),
    ("te", None),
    ("trailer", None),
    ("transfer-encoding", None),
    ("upgrade", None),
    ("user-agent", Some("user_agent")),
];

/// Additional HTTP headers of requests, such as `traceparent`, see [`ClientBuilder::headers`](super::ClientBuilder::headers).
///
/// Names are case-insensitive. `Debug` shows only the names, since a value may be a secret.
///
/// ```
/// let headers: egito::Headers = [("X-Team", "sales")].into_iter().collect();
/// assert_eq!(format!("{headers:?}"), r#"{"x-team"}"#);
/// ```
#[derive(Clone, Default, Deserialize)]
#[serde(from = "BTreeMap<String, SecretString>")]
pub struct Headers(Arc<BTreeMap<String, SecretString>>);

impl Headers {
    /// Returns these headers and `others`, which replace headers with the same name.
    pub(super) fn with(&self, others: &Self) -> Self {
        let all = self.0.iter().chain(others.0.iter());
        Self(Arc::new(all.map(|(name, value)| (name.clone(), value.clone())).collect()))
    }

    /// Fails with `config` for a name or value that is not valid in HTTP, and for a header that the client sets itself.
    pub(super) fn check(&self) -> Result<()> {
        self.0.iter().try_for_each(|(name, value)| check(name, value.expose_secret()))
    }

    /// Returns the names in lower case, and the values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.expose_secret()))
    }
}

impl From<BTreeMap<String, SecretString>> for Headers {
    fn from(headers: BTreeMap<String, SecretString>) -> Self {
        Self(Arc::new(headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect()))
    }
}

impl<N: Into<String>, V: Into<SecretString>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(headers: I) -> Self {
        headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect::<BTreeMap<_, _>>().into()
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

fn check(name: &str, value: &str) -> Result<()> {
    let invalid = |why: String| {
        Err(Error::config("headers", format!("invalid `headers`: the header `{}` {why}", name.escape_debug())))
    };
    if name.is_empty() || !name.bytes().all(is_token) {
        return invalid("has a name that is not allowed in HTTP; expected letters, digits and `-`".into());
    }
    if let Some((_, setting)) = OWN.iter().find(|(own, _)| *own == name) {
        let hint = setting.map_or(String::new(), |setting| format!("; see the setting `{setting}`"));
        return invalid(format!("is set by the client itself{hint}"));
    }
    if !value.bytes().all(|b| matches!(b, b'\t' | b' '..=b'~')) {
        return invalid("has a value that is not allowed in HTTP; expected printable ASCII without line breaks".into());
    }
    Ok(())
}

/// Returns whether a header name may have this byte (RFC 9110, section 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
