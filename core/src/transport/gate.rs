//! How many requests go at once, and how many a second.

use crate::clock::SharedClock;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// The gate that every request passes.
#[derive(Debug)]
pub(crate) struct Gate {
    places: Semaphore,
    interval: Option<Duration>,
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
            let now = self.clock.now();
            let turn = self.take_turn(now, interval);
            if turn > now {
                self.clock.sleep(turn - now).await;
            }
        }
        permit
    }

    /// Turns are an interval apart; none is saved up while nobody comes.
    fn take_turn(&self, now: Instant, interval: Duration) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let turn = next.map_or(now, |next| next.max(now));
        *next = Some(turn + interval);
        turn
    }
}
