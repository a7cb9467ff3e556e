//! A recently refused login, shared with other processes: repeated tries can lock the user's account.

use super::key::{self, Key};
use crate::error::{Code, Error};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A refused login is not tried again for this long: a storm of calls must not lock the user's account.
pub(crate) const REFUSAL_TTL: Duration = Duration::from_secs(5);

/// Characters of one text in it.
const MAX_TEXT_CHARS: usize = 1000;

/// What is kept of a refusal. No secret: its error has lost them before.
#[derive(Serialize, Deserialize)]
pub(super) struct RefusedLogin {
    #[serde(flatten)]
    key: Key,
    /// Seconds since 1970.
    at: f64,
    salt: u64,
    /// Which credentials were refused, so that others log in at once. So few bits that it tells nobody what they are.
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
    /// The refusal of these credentials at `today`.
    pub(super) fn new(key: Key, error: &Error, credentials: &str, today: f64, salt: u64) -> Self {
        let details = error.details().clone();
        Self {
            key,
            at: today,
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

    /// How long ago it was, while it is remembered.
    pub(super) fn age(&self, today: f64) -> Option<Duration> {
        Duration::try_from_secs_f64(today - self.at).ok().filter(|&age| age < REFUSAL_TTL)
    }

    /// Whether these credentials were refused.
    pub(super) fn matches(&self, key: &Key, credentials: &str) -> bool {
        self.key == *key && self.fingerprint == fingerprint(self.salt, credentials)
    }

    /// The error that the login ended with.
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

/// A server's words must not make the file so long that nobody reads it.
fn shortened(text: &str) -> String {
    text.chars().take(MAX_TEXT_CHARS).collect()
}

fn fingerprint(salt: u64, credentials: &str) -> u16 {
    let hash = key::hash(format!("{salt}\n{credentials}").as_bytes());
    let [a, b, c, d, ..] = hash.to_le_bytes();
    u16::from_le_bytes([a ^ c, b ^ d])
}
