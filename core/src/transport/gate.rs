//! How many requests go at once, and how many a second.

use crate::clock::SharedClock;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

/// The gate that every request passes.
#[derive(Debug)]
pub(crate) struct Gate {
    places: Semaphore,
    interval: Option<Duration>,
    /// When the next request may go. Locked while somebody waits for it, so that who gives up has taken nobody's turn.
    next: Mutex<Option<Instant>>,
    clock: SharedClock,
}

/// A request's place, free again when it is dropped.
pub(crate) struct Place<'g>(#[allow(dead_code)] SemaphorePermit<'g>); // held, never read

/// The longest that a request waits for its turn. A tenth of what is left stays for the request itself: one that begins with no
/// time to end in would have an unknown outcome for no good reason.
pub(crate) fn longest_wait(left: Duration) -> Duration {
    left.saturating_sub(left / 10)
}

impl Gate {
    pub(crate) fn new(max_concurrency: u32, requests_per_second: Option<f64>, clock: SharedClock) -> Self {
        let places = Semaphore::new(max_concurrency as usize);
        let interval = requests_per_second.map(|rate| Duration::from_secs_f64(1.0 / rate));
        Self { places, interval, next: Mutex::default(), clock }
    }

    /// Waits for a place and for its turn; `None`, and at once, where that lies more than `most` ahead.
    pub(super) async fn enter(&self, most: Duration) -> Option<Place<'_>> {
        let begun = self.clock.now();
        let permit = self.places.acquire().await.expect("the gate is never closed");
        if let Some(interval) = self.interval {
            let mut next = self.next.lock().await;
            let now = self.clock.now();
            let turn = next.filter(|next| *next > now).unwrap_or(now);
            if turn.saturating_duration_since(begun) > most {
                return None;
            }
            if turn > now {
                self.clock.sleep(turn - now).await;
            }
            *next = Some(turn + interval);
        }
        Some(Place(permit))
    }
}
