//! A bounded number of callers at one time; the others wait on their own threads, in the order they came.

use super::runtime::LOOK;
use crate::error::Result;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

pub(super) struct Places(Semaphore);

/// Wakes the thread that waits.
struct Unpark(Thread);

impl Places {
    pub(super) fn new(number: usize) -> Self {
        Self(Semaphore::new(number))
    }

    /// A place, free again once it is dropped, and how long it took. `go_on` is asked now and then what it says of that.
    pub(super) fn take(&self, go_on: impl Fn(Duration) -> Result<()>) -> Result<(SemaphorePermit<'_>, Duration)> {
        if let Ok(place) = self.0.try_acquire() {
            return Ok((place, Duration::ZERO));
        }
        let begun = Instant::now();
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        let mut place = pin!(self.0.acquire());
        loop {
            if let Poll::Ready(place) = place.as_mut().poll(&mut Context::from_waker(&waker)) {
                return Ok((place.expect("the places are never closed"), begun.elapsed()));
            }
            go_on(begun.elapsed())?;
            std::thread::park_timeout(LOOK);
        }
    }

    /// Whether further callers wait.
    pub(super) fn all_taken(&self) -> bool {
        self.0.available_permits() == 0
    }
}

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
