//! Detects connections that the server closed while they were idle, before a request is written to one.
//!
//! The runtime learns of a closed socket only when it polls. A current-thread runtime polls nothing between two calls, and a
//! busy one seldom, so a request could go out on a connection that is already closed.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Shorter breaks need no check: servers keep connections open for seconds.
const MIN_IDLE: Duration = Duration::from_millis(1);

/// Turns of the runtime that one check takes: poll the sockets, run the tasks that they wake, and one to spare.
const TURNS: u32 = 3;

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
            for _ in 0..TURNS {
                tokio::task::yield_now().await;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
