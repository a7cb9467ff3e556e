//! Limits how many blocking calls run at a time. Other callers wait on their own threads, in the order of their arrival.

use crate::error::Result;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How often a waiting call checks whether its caller was interrupted.
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// One slot for each runtime that may be in use.
pub(super) struct CallSlots(Semaphore);

/// Wakes the waiting thread.
struct Unpark(Thread);

impl CallSlots {
    pub(super) fn new(number: usize) -> Self {
        Self(Semaphore::new(number))
    }

    /// Waits for a slot, and returns it with the time that this took. Dropping the permit frees the slot; if it is forgotten,
    /// [`release`](Self::release) does. While waiting, calls `check` with the time so far, and stops if that fails.
    pub(super) fn acquire(&self, check: impl Fn(Duration) -> Result<()>) -> Result<(SemaphorePermit<'_>, Duration)> {
        if let Ok(slot) = self.0.try_acquire() {
            return Ok((slot, Duration::ZERO));
        }
        let begun = Instant::now();
        let slot = wait_here(pin!(self.0.acquire()), check)?;
        Ok((slot.expect("the semaphore is never closed"), begun.elapsed()))
    }

    /// Frees a slot whose permit was forgotten.
    pub(super) fn release(&self) {
        self.0.add_permits(1);
    }

    /// Returns whether no slot is free, so that other callers may be waiting.
    pub(super) fn all_taken(&self) -> bool {
        self.0.available_permits() == 0
    }
}

/// Waits for a future on this thread. Calls `check` about 20 times a second with the time so far, and stops if that fails.
pub(super) fn wait_here<T>(
    mut future: Pin<&mut impl Future<Output = T>>,
    check: impl Fn(Duration) -> Result<()>,
) -> Result<T> {
    let begun = Instant::now();
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Ok(value);
        }
        check(begun.elapsed())?;
        std::thread::park_timeout(POLL_INTERVAL);
    }
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
