//! Slots of a bulk with a journal: a row needs one for its call, and rows get them in the order of the inputs.

use std::sync::{Mutex, OnceLock, PoisonError};
use tokio::sync::{AcquireError, Semaphore, SemaphorePermit, oneshot};

/// The slots of one bulk.
#[derive(Debug, Default)]
pub(super) struct Slots {
    semaphore: OnceLock<Semaphore>,
    /// Resolved when the newest row has its slot, or needs none.
    newest: Mutex<Option<oneshot::Receiver<()>>>,
}

/// The place of a row in the queue for slots. Dropping it lets the next row pass.
#[derive(Debug)]
pub(super) struct Place {
    before: Option<oneshot::Receiver<()>>,
    _next: oneshot::Sender<()>,
}

impl Slots {
    /// Adds a row to the queue.
    pub(super) fn enqueue(&self) -> Place {
        let (next, has_slot) = oneshot::channel();
        let before = self.newest.lock().unwrap_or_else(PoisonError::into_inner).replace(has_slot);
        Place { before, _next: next }
    }

    /// Waits until the rows before this one have their slots, and one of the `count` slots is free.
    pub(super) async fn acquire(&self, place: Place, count: usize) -> Result<SemaphorePermit<'_>, AcquireError> {
        if let Some(before) = place.before {
            let _ = before.await; // never sent: the sender is dropped
        }
        self.semaphore.get_or_init(|| Semaphore::new(count.min(Semaphore::MAX_PERMITS))).acquire().await
    }

    /// Refuses all further slots.
    pub(super) fn close(&self) {
        self.semaphore.get().into_iter().for_each(Semaphore::close);
    }
}
