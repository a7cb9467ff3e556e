//! A clock for tests, which never waits.

use egito::binding::{Clock, Sleep};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

/// A clock whose time advances only by pauses. Its random numbers are always 0.5.
#[derive(Debug)]
pub struct FakeClock {
    started: Instant,
    pauses: Mutex<Vec<Duration>>,
}

impl FakeClock {
    /// System time at the start.
    pub const BEGIN: SystemTime = SystemTime::UNIX_EPOCH;

    /// The pauses so far, in seconds.
    pub fn pauses(&self) -> Vec<f64> {
        self.pauses.lock().unwrap().iter().map(Duration::as_secs_f64).collect()
    }

    fn passed(&self) -> Duration {
        self.pauses.lock().unwrap().iter().sum()
    }
}

impl Default for FakeClock {
    fn default() -> Self {
        Self { started: Instant::now(), pauses: Mutex::default() }
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Instant {
        self.started + self.passed()
    }

    fn system_time(&self) -> SystemTime {
        Self::BEGIN + self.passed()
    }

    fn sleep(&self, pause: Duration) -> Sleep {
        self.pauses.lock().unwrap().push(pause);
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> f64 {
        0.5
    }
}
