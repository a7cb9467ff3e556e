//! Whether a request has begun to go out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const WAITS: u8 = 0;
const SENT: u8 = 1;
const GIVEN_UP: u8 = 2;

/// Whether a request may have reached the server. Clones are of the same request.
///
/// A connection may be on another thread, just about to take what its caller gives up: one of the two comes first, and the
/// other one goes by that.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent(Arc<AtomicU8>);

impl Sent {
    /// It goes out from now on; false where it was given up before.
    pub(crate) fn begin(&self) -> bool {
        self.move_to(SENT)
    }

    /// It goes out no more; false where it may have gone already.
    pub(crate) fn give_up(&self) -> bool {
        self.move_to(GIVEN_UP)
    }

    fn move_to(&self, end: u8) -> bool {
        match self.0.compare_exchange(WAITS, end, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => true,
            Err(now) => now == end,
        }
    }
}
