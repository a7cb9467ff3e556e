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

impl Gate {
    pub(crate) fn new(max_concurrency: u32, requests_per_second: Option<f64>, clock: SharedClock) -> Self {
        let places = Semaphore::new(max_concurrency as usize);
        let interval = requests_per_second.map(|rate| Duration::from_secs_f64(1.0 / rate));
        Self { places, interval, next: Mutex::default(), clock }
    }

    /// Waits for a place and for its turn. The place is free again when the permit is dropped.
    pub(super) async fn enter(&self) -> SemaphorePermit<'_> {
        let permit = self.places.acquire().await.expect("the gate is never closed");
        if let Some(interval) = self.interval {
            let mut next = self.next.lock().await;
            let wait = next.map_or(Duration::ZERO, |next| next.saturating_duration_since(self.clock.now()));
            if !wait.is_zero() {
                self.clock.sleep(wait).await;
            }
            *next = Some(self.clock.now() + interval);
        }
        permit
    }
}
