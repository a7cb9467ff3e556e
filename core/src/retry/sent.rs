//! Whether a request has begun to go out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a request may have reached the server. Clones are of the same request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent(Arc<AtomicBool>);

impl Sent {
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
