//! An access token and when it ends.

use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A token is renewed this long before its end, or a tenth of its life where that is less.
const MARGIN: Duration = Duration::from_secs(30);

/// Proof of login.
#[derive(Clone, Debug)]
pub(crate) struct AccessToken {
    value: Arc<SecretString>,
    /// When it ends, and how long before that it is renewed. `None`: the server did not say.
    ends: Option<(Instant, Duration)>,
}

impl AccessToken {
    /// A token that the server gave at `now`, with `left` of its time.
    pub(crate) fn new(value: String, left: Option<Duration>, now: Instant) -> Self {
        let ends = left.and_then(|left| Some((now.checked_add(left)?, MARGIN.min(left / 10))));
        Self { value: Arc::new(value.into()), ends }
    }

    pub(crate) fn value(&self) -> &str {
        self.value.expose_secret()
    }

    /// The value to be sent, without a copy.
    pub(crate) fn bearer(&self) -> Arc<SecretString> {
        self.value.clone()
    }

    /// What is left of its time; `None` where the server did not say.
    pub(crate) fn time_left(&self, now: Instant) -> Option<Duration> {
        self.ends.map(|(end, _)| end.saturating_duration_since(now))
    }

    /// Whether calls may still use it without asking for a new one.
    pub(crate) fn is_fresh(&self, now: Instant) -> bool {
        self.ends.is_none_or(|(end, margin)| now + margin < end)
    }

    /// Returns the token to be used while it lives, since logging in before its end brings no other. The server counts whole
    /// seconds, so it may live a second longer than it says.
    pub(crate) fn without_early_renewal(mut self) -> Self {
        self.ends = self.ends.map(|(end, _)| (end + Duration::from_secs(1), Duration::ZERO));
        self
    }
}
