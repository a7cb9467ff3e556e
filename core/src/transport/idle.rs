//! Detects connections that the server closed while they were idle, before a request is written to them.
//!
//! The runtime notices a closed socket only when it polls. A current-thread runtime does not poll between two calls, and a busy one
//! polls rarely, so a request could be written to a closed connection.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Minimum idle time for a check. Servers keep connections open for seconds.
const MIN_IDLE: Duration = Duration::from_millis(1);

/// Number of yields to the runtime for one check: to poll the sockets, to run the tasks that they wake, and one in reserve.
const YIELDS: u32 = 3;

/// When the connections of one runtime were last used.
#[derive(Debug, Default)]
pub(super) struct IdleTracker(Mutex<Option<Instant>>);

impl IdleTracker {
    /// Marks the connections as idle from now on.
    pub(super) fn mark_idle(&self) {
        *self.lock() = Some(Instant::now());
    }

    /// Lets the runtime poll its sockets if the connections were idle, so that closed ones leave the pool.
    pub(super) async fn drop_closed_connections(&self) {
        let was_idle = self.lock().is_some_and(|since| since.elapsed() > MIN_IDLE);
        if was_idle {
            for _ in 0..YIELDS {
                tokio::task::yield_now().await;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
