//! Injectable clock and random source, so that tests of pauses do not wait.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// A future that ends when a pause is over.
///
/// ```
/// let none: egito::binding::Sleep = Box::pin(std::future::ready(()));
/// ```
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where the client gets time and randomness from.
///
/// ```
/// use egito::binding::{Clock, Sleep};
/// use std::time::{Duration, Instant, SystemTime};
///
/// /// A clock whose pauses end at once.
/// #[derive(Debug)]
/// struct Impatient;
///
/// impl Clock for Impatient {
///     fn now(&self) -> Instant { Instant::now() }
///     fn system_time(&self) -> SystemTime { SystemTime::now() }
///     fn sleep(&self, _: Duration) -> Sleep { Box::pin(std::future::ready(())) }
///     fn random(&self) -> f64 { 0.5 }
/// }
/// ```
pub trait Clock: Debug + Send + Sync {
    /// The moment now, for measuring.
    fn now(&self) -> Instant;
    /// The system time now, for dates in headers.
    fn system_time(&self) -> SystemTime;
    /// A pause.
    fn sleep(&self, pause: Duration) -> Sleep;
    /// A number from 0 up to 1.
    fn random(&self) -> f64;
}

/// The machine's own clock.
#[derive(Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, pause: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(pause))
    }

    fn random(&self) -> f64 {
        fastrand::f64()
    }
}

/// A clock shared by the parts of a client.
pub(crate) type SharedClock = Arc<dyn Clock>;
