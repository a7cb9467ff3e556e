//! Allows one call at a time on a thread: Python code that a call runs cannot make another call on the same thread.

use egito::Error;
use std::cell::Cell;

thread_local! {
    static CALLING: Cell<bool> = const { Cell::new(false) };
    static REFUSED: Cell<bool> = const { Cell::new(false) };
}

/// Marks this thread as being in a call, until it is dropped.
pub(crate) struct CallGuard(bool);

impl CallGuard {
    /// Starts a call. Fails with `config` if this thread is in a call already.
    pub(crate) fn start() -> egito::Result<Self> {
        if CALLING.get() {
            REFUSED.set(true);
            let message = "nested call: this thread is already in a call of egito, which runs `on_event`, a log handler, a signal \
                           handler or `__del__`; make this call after that one, or on another thread";
            return Err(Error::config("client", message));
        }
        Ok(Self::enter())
    }

    /// Marks this thread, also inside a call.
    pub(crate) fn enter() -> Self {
        Self(CALLING.replace(true))
    }

    /// Returns whether a nested call was refused on this thread since the last time this was called.
    pub(crate) fn take_refused() -> bool {
        REFUSED.take()
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        CALLING.set(self.0);
    }
}
