//! Remembers that the proxy refused its user name or password, so that not every call sends them again.

use crate::clock::SharedClock;
use crate::error::Error;
use crate::retry::REFUSAL_TTL;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The status of a proxy that refuses its user name or password. Egito does not send it.
pub(super) const PROXY_AUTHENTICATION_REQUIRED: u16 = 407;

/// The last refused login at the proxy, shared by all connections of a client.
#[derive(Debug)]
pub(super) struct ProxyLogin {
    clock: SharedClock,
    refused: Mutex<Option<(Instant, Error)>>,
}

impl ProxyLogin {
    pub(super) fn new(clock: SharedClock) -> Self {
        Self { clock, refused: Mutex::default() }
    }

    /// Records the error of a request if the proxy refused its login.
    pub(super) fn record(&self, error: &Error) {
        if error.details().status == Some(PROXY_AUTHENTICATION_REQUIRED) {
            *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some((self.clock.now(), error.clone()));
        }
    }

    /// Returns the error of a login that was refused so recently that no call tries again.
    pub(super) fn recent_refusal(&self) -> Option<Error> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.as_ref().filter(|(at, _)| self.clock.now() < *at + REFUSAL_TTL).map(|(_, error)| error.clone())
    }
}
