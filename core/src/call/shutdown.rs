//! Closes a client: later calls fail, and those in flight get time to finish.

use crate::cancellation::CancellationToken;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use tokio::sync::Notify;

/// Whether a client is open, and how many of its calls are in flight.
#[derive(Debug, Default)]
pub(super) struct Shutdown {
    closed: CancellationToken,
    in_flight: AtomicUsize,
    finished: Notify,
    /// Cancels the calls that are still in flight.
    pub cancellation: CancellationToken,
}

/// Counts one call as in flight until it is dropped.
pub(super) struct InFlight<'a>(&'a Shutdown);

impl Shutdown {
    /// Counts a call as in flight. Call this before [`is_closed`](Self::is_closed): closing waits for all counted calls.
    pub(super) fn enter(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, SeqCst);
        InFlight(self)
    }

    pub(super) fn close(&self) {
        self.closed.cancel();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.is_cancelled()
    }

    /// Waits until [`close`](Self::close) is called.
    pub(super) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    /// Returns whether no call is in flight.
    pub(super) fn is_idle(&self) -> bool {
        self.in_flight.load(SeqCst) == 0
    }

    /// Waits until no call is in flight.
    pub(super) async fn idle(&self) {
        loop {
            let mut finished = std::pin::pin!(self.finished.notified());
            finished.as_mut().enable();
            if self.is_idle() {
                return;
            }
            finished.await;
        }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, SeqCst);
        self.0.finished.notify_waiters();
    }
}
