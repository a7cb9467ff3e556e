//! A caller's word that it no longer waits, for languages whose callers cannot drop a future.

use std::sync::Arc;
use tokio::sync::watch;

/// Ends calls from outside, once and for good. Clones end the same calls.
///
/// In Rust a call is cancelled by dropping its future, which closes its request; this does the same from another thread.
/// See [`Client::cancelled_by`](crate::Client::cancelled_by).
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Cancel {
    /// Ends the calls that are under way, and every later one before it sends anything.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether [`cancel`](Self::cancel) was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until [`cancel`](Self::cancel) is called.
    pub(crate) async fn cancelled(&self) {
        let mut receiver = self.0.subscribe();
        // It fails only where the sender is gone, and `self` holds that.
        let _ = receiver.wait_for(|&cancelled| cancelled).await;
    }
}
