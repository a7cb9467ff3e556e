//! A recently refused login, shared with other processes.

use super::key::{self, Key};
use crate::error::{Code, Error};
use crate::retry::REFUSAL_TTL;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Maximum number of characters of each server text.
const MAX_TEXT_CHARS: usize = 1000;

/// The error of a refused login, as the token file holds it. Its secrets are already redacted.
#[derive(Serialize, Deserialize)]
pub(super) struct RefusedLogin {
    #[serde(flatten)]
    key: Key,
    /// Seconds since 1970.
    at: f64,
    salt: u64,
    /// Fingerprint of the refused credentials, so that other credentials can log in at once. 16 bits do not reveal them.
    fingerprint: u16,
    code: Code,
    message: String,
    status: Option<u16>,
    oauth_error: Option<String>,
    oauth_description: Option<String>,
    content_type: Option<String>,
    body_start: Option<String>,
}

impl RefusedLogin {
    /// Creates the entry for a login that was refused at `now`, in seconds since 1970.
    pub(super) fn new(key: Key, error: &Error, credentials: &str, now: f64, salt: u64) -> Self {
        let details = error.details().clone();
        Self {
            key,
            at: now,
            salt,
            fingerprint: fingerprint(salt, credentials),
            code: details.code,
            message: details.message,
            status: details.status,
            oauth_error: details.oauth_error.as_deref().map(shortened),
            oauth_description: details.oauth_description.as_deref().map(shortened),
            content_type: details.content_type.as_deref().map(shortened),
            body_start: details.body_start,
        }
    }

    /// Returns its age; `None` once it has expired.
    pub(super) fn age(&self, now: f64) -> Option<Duration> {
        Duration::try_from_secs_f64(now - self.at).ok().filter(|&age| age < REFUSAL_TTL)
    }

    /// Returns whether these credentials were refused.
    pub(super) fn matches(&self, key: &Key, credentials: &str) -> bool {
        self.key == *key && self.fingerprint == fingerprint(self.salt, credentials)
    }

    /// Returns the error of the login.
    pub(super) fn into_error(self) -> Error {
        Error::new(self.code, self.message).with(|d| {
            d.status = self.status;
            d.outcome = Some(crate::error::Outcome::NotSent);
            d.oauth_error = self.oauth_error;
            d.oauth_description = self.oauth_description;
            d.content_type = self.content_type;
            d.body_start = self.body_start;
        })
    }
}

/// Limits the length of a server's text, so that the file stays smaller than its maximum size.
fn shortened(text: &str) -> String {
    text.chars().take(MAX_TEXT_CHARS).collect()
}

fn fingerprint(salt: u64, credentials: &str) -> u16 {
    let hash = key::hash(format!("{salt}\n{credentials}").as_bytes());
    let [a, b, c, d, ..] = hash.to_le_bytes();
    u16::from_le_bytes([a ^ c, b ^ d])
}
