//! Additional HTTP headers that the program sets.

use crate::error::{Error, Result};
use crate::json::typed::kind;
use secrecy::{ExposeSecret, SecretString};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Headers that the client sets itself, with the setting that changes them, if there is one.
const SET_BY_CLIENT: [(&str, Option<&str>); 17] = [
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
#[derive(Clone, Default)]
pub struct Headers {
    values: Arc<BTreeMap<String, SecretString>>,
    /// Why the headers are invalid: one was given twice, perhaps in different cases, or has a value in JSON that is not a string.
    invalid: Option<String>,
}

impl Headers {
    /// Returns these headers and `others`, which replace headers with the same name.
    pub(super) fn with(&self, others: &Self) -> Self {
        let all = self.values.iter().chain(others.values.iter());
        let values = Arc::new(all.map(|(name, value)| (name.clone(), value.clone())).collect());
        Self { values, invalid: self.invalid.clone().or_else(|| others.invalid.clone()) }
    }

    /// Fails with `config` for a name or value that is not valid in HTTP, for a header that the client sets itself, and for two
    /// values of one header.
    pub(super) fn check(&self) -> Result<()> {
        if let Some(reason) = &self.invalid {
            return Err(Error::config("headers", format!("invalid `headers`: {reason}")));
        }
        self.values.iter().try_for_each(|(name, value)| check(name, value.expose_secret()))
    }

    /// Returns the names in lower case, and the values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.expose_secret()))
    }
}

impl<N: Into<String>, V: Into<SecretString>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(headers: I) -> Self {
        let (mut values, mut invalid) = (BTreeMap::new(), None);
        for (name, value) in headers {
            let name = name.into().to_ascii_lowercase();
            if values.insert(name.clone(), value.into()).is_some() {
                let name = name.escape_debug();
                invalid = Some(format!("the header `{name}` is given twice; names are case-insensitive"));
            }
        }
        Self { values: Arc::new(values), invalid }
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Headers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Headers, A::Error> {
                let (mut pairs, mut invalid) = (Vec::new(), None);
                while let Some((name, value)) = map.next_entry::<String, serde_json::Value>()? {
                    if let serde_json::Value::String(value) = value {
                        pairs.push((name, SecretString::from(value)));
                        continue;
                    }
                    let (name, kind) = (name.escape_debug(), kind(&value.to_string()));
                    let reason = format!("the header `{name}` has an invalid value: expected a string, got {kind}");
                    invalid = Some(reason);
                }
                let headers: Headers = pairs.into_iter().collect();
                Ok(Headers { invalid: invalid.or(headers.invalid), ..headers })
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

fn check(name: &str, value: &str) -> Result<()> {
    let invalid = |why: String| {
        Err(Error::config("headers", format!("invalid `headers`: the header `{}` {why}", name.escape_debug())))
    };
    if name.is_empty() || !name.bytes().all(is_token) {
        return invalid("has a name that is not allowed in HTTP; expected letters, digits and `-`".into());
    }
    if let Some((_, setting)) = SET_BY_CLIENT.iter().find(|(known, _)| *known == name) {
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
