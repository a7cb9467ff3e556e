//! Injectable clock and random source, so that tests of timeouts and backoff run instantly.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The future of [`Clock::sleep`].
///
/// ```
/// let instant: egito::binding::Sleep = Box::pin(std::future::ready(()));
/// ```
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The source of time and randomness of a client.
///
/// ```
/// use egito::binding::{Clock, Sleep};
/// use std::time::{Duration, Instant, SystemTime};
///
/// /// A clock that never waits.
/// #[derive(Debug)]
/// struct InstantClock;
///
/// impl Clock for InstantClock {
///     fn now(&self) -> Instant { Instant::now() }
///     fn system_time(&self) -> SystemTime { SystemTime::now() }
///     fn sleep(&self, _: Duration) -> Sleep { Box::pin(std::future::ready(())) }
///     fn random(&self) -> f64 { 0.5 }
/// }
/// ```
pub trait Clock: Debug + Send + Sync {
    /// Returns the current time of a monotonic clock, to measure durations.
    fn now(&self) -> Instant;
    /// Returns the current system time, for dates in headers and expiry times in files.
    fn system_time(&self) -> SystemTime;
    /// Waits for a duration.
    fn sleep(&self, duration: Duration) -> Sleep;
    /// Returns a random number, at least 0 and less than 1.
    fn random(&self) -> f64;
}

/// The clock of the operating system and of tokio.
#[derive(Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }

    fn random(&self) -> f64 {
        fastrand::f64()
    }
}

/// A clock shared by the parts of a client.
pub(crate) type SharedClock = Arc<dyn Clock>;

/// Returns the system time in seconds since 1970, for files.
pub(crate) fn unix_time(clock: &dyn Clock) -> f64 {
    clock.system_time().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
