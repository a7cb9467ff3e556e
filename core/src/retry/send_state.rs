//! Records whether a request may have been sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const WAITING: u8 = 0;
const SENT: u8 = 1;
const ABANDONED: u8 = 2;

/// Whether a request may have reached the server. Clones share the state.
///
/// A connection on another thread may be about to send a request while its caller cancels it or times out. The first one to change
/// the state wins, and the other one acts on that. So no request is both sent and reported as not sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct SendState(Arc<AtomicU8>);

impl SendState {
    /// Claims the request for sending; false if it was abandoned before.
    pub(crate) fn mark_sent(&self) -> bool {
        self.change_to(SENT)
    }

    /// Claims the request as not sent; false if it may already have been sent.
    pub(crate) fn abandon(&self) -> bool {
        self.change_to(ABANDONED)
    }

    fn change_to(&self, state: u8) -> bool {
        match self.0.compare_exchange(WAITING, state, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => true,
            Err(current) => current == state,
        }
    }
}
