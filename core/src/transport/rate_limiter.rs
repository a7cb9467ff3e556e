//! Limits the requests of a client: the number in flight (`max_concurrency`), and the number per second (`requests_per_second`).

use crate::clock::SharedClock;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

/// Issues a permit for each request.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    permits: Semaphore,
    interval: Option<Duration>,
    /// When the next request may start. Stays locked while a caller waits for that time, so a cancelled caller uses no slot.
    next_start: Mutex<Option<Instant>>,
    clock: SharedClock,
}

/// Permission to send one request. Dropping it frees the slot.
pub(crate) struct Permit<'l>(#[allow(dead_code)] SemaphorePermit<'l>); // held, never read

/// Returns how long a request may wait for its permit. A tenth of the remaining time is reserved for the request itself, since one
/// that has no time to finish would only end with an unknown outcome.
pub(crate) fn max_wait(time_left: Duration) -> Duration {
    time_left.saturating_sub(time_left / 10)
}

impl RateLimiter {
    pub(crate) fn new(max_concurrency: u32, requests_per_second: Option<f64>, clock: SharedClock) -> Self {
        let permits = Semaphore::new(max_concurrency as usize);
        let interval = requests_per_second.map(|rate| Duration::from_secs_f64(1.0 / rate));
        Self { permits, interval, next_start: Mutex::default(), clock }
    }

    /// Waits for a permit. Returns `None`, without waiting, if the request could start only after `max_wait`.
    pub(super) async fn acquire(&self, max_wait: Duration) -> Option<Permit<'_>> {
        let begun = self.clock.now();
        let permit = self.permits.acquire().await.expect("the semaphore is never closed");
        if let Some(interval) = self.interval {
            let mut next_start = self.next_start.lock().await;
            let now = self.clock.now();
            let start = next_start.filter(|next| *next > now).unwrap_or(now);
            if start.saturating_duration_since(begun) > max_wait {
                return None;
            }
            if start > now {
                self.clock.sleep(start - now).await;
            }
            *next_start = Some(start + interval);
        }
        Some(Permit(permit))
    }
}
