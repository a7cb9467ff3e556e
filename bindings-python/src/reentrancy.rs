//! One call at a time on a thread: Python code that runs inside a call cannot make another one there.

use egito::Error;
use std::cell::Cell;

thread_local! {
    static CALLING: Cell<bool> = const { Cell::new(false) };
    static REFUSED: Cell<bool> = const { Cell::new(false) };
}

/// While it lives, a call is under way on this thread.
pub(crate) struct Calling(bool);

impl Calling {
    /// Marks this thread for a moment, also inside a call.
    pub(crate) fn here() -> Self {
        Self(CALLING.replace(true))
    }

    /// Begins a call. Fails with `config` inside another one.
    pub(crate) fn begin() -> egito::Result<Self> {
        if CALLING.get() {
            REFUSED.set(true);
            let message = "egito waits for another call on this thread, which runs `on_event`, a log handler, a signal \
                           handler or `__del__` meanwhile: make this call after that one, or on a thread of its own";
            return Err(Error::config("client", message));
        }
        Ok(Self::here())
    }

    /// Returns whether a call was refused on this thread since this was last asked.
    pub(crate) fn take_refused() -> bool {
        REFUSED.take()
    }
}

impl Drop for Calling {
    fn drop(&mut self) {
        CALLING.set(self.0);
    }
}
