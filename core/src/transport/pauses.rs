//! Looks at the sockets after a pause, before a request goes out: which of them the server has closed may not be known yet.
//!
//! Nothing runs in an idle runtime, and little in one whose threads are busy with other things.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Shorter pauses are none: servers keep connections for seconds.
const PAUSE: Duration = Duration::from_millis(1);

/// Rounds of the runtime that one look takes: the sockets, the tasks that they wake, and one for good measure.
const LOOKS: u32 = 3;

/// When these connections were used last, if they were.
#[derive(Debug, Default)]
pub(super) struct Pauses(Mutex<Option<Instant>>);

impl Pauses {
    /// A pause begins, and the one before is over.
    pub(super) fn begin(&self) {
        *self.lock() = Some(Instant::now());
    }

    /// Lets the runtime look, where there was a pause.
    pub(super) async fn look_at_sockets(&self) {
        let is_over = self.lock().is_some_and(|since| since.elapsed() > PAUSE);
        if is_over {
            for _ in 0..LOOKS {
                tokio::task::yield_now().await;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
