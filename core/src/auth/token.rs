//! An access token and its expiry.

use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A token is renewed this long before it expires, or a tenth of its lifetime before if that is less.
const MARGIN: Duration = Duration::from_secs(30);

/// An access token.
#[derive(Clone, Debug)]
pub(crate) struct AccessToken {
    value: Arc<SecretString>,
    /// When it expires, and how long before that it is renewed. `None` if the server did not say.
    expiry: Option<(Instant, Duration)>,
}

impl AccessToken {
    /// Creates a token that was issued at `now` for `lifetime`.
    pub(crate) fn new(value: String, lifetime: Option<Duration>, now: Instant) -> Self {
        let expiry = lifetime.and_then(|lifetime| Some((now.checked_add(lifetime)?, MARGIN.min(lifetime / 10))));
        Self { value: Arc::new(value.into()), expiry }
    }

    pub(crate) fn value(&self) -> &str {
        self.value.expose_secret()
    }

    /// Returns the value for a request, without copying it.
    pub(crate) fn bearer(&self) -> Arc<SecretString> {
        self.value.clone()
    }

    /// Returns the remaining lifetime; `None` if the server did not say.
    pub(crate) fn time_left(&self, now: Instant) -> Option<Duration> {
        self.expiry.map(|(end, _)| end.saturating_duration_since(now))
    }

    /// Returns whether calls may use it without a new login.
    pub(crate) fn is_fresh(&self, now: Instant) -> bool {
        self.expiry.is_none_or(|(end, margin)| now + margin < end)
    }

    /// Returns the token without the margin: it is used until it expires. The server counts whole seconds, so a token may be valid a
    /// second longer than it says.
    pub(crate) fn without_early_renewal(mut self) -> Self {
        self.expiry = self.expiry.map(|(end, _)| (end + Duration::from_secs(1), Duration::ZERO));
        self
    }
}
