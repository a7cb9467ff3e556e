//! Notifies those who wait for changes of the journal.

use std::sync::Arc;

use tokio::sync::futures::Notified;
use tokio::sync::{Notify, broadcast};

use super::Entry;

/// Number of changes that are kept for those who follow them. One that is slower loses the oldest ones, and the
/// requests do not wait for it.
const KEPT_CHANGES: usize = 4096;

#[derive(Debug)]
pub(super) struct Watchers {
    changed: Notify,
    changes: broadcast::Sender<Change>,
}

/// A change of the journal.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// A new entry, or one with a new result.
    Entry(Arc<Entry>),
    /// All entries were removed.
    Cleared,
    /// The sandbox stops.
    Stopped,
}

impl Watchers {
    pub fn send(&self, change: Change) {
        // This fails only if no one follows the changes.
        let _ = self.changes.send(change);
        self.changed.notify_waiters();
    }

    /// Waits for the next change.
    pub fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    /// Returns every change from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }
}

impl Default for Watchers {
    fn default() -> Self {
        Self { changed: Notify::new(), changes: broadcast::Sender::new(KEPT_CHANGES) }
    }
}
