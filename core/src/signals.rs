//! Protects the program from SIGPIPE. Writing to a closed connection raises this signal, and by default it ends the process.
//!
//! `send` has a flag against the signal, which the standard library sets. `writev`, which the HTTP and TLS libraries use, has none.
//! A library must not change how the process handles signals, so threads that write to connections block SIGPIPE.
//!
//! Linux only: sockets on Apple's systems have an option that the runtime sets, and Windows does not have the signal.

pub(crate) use system::SigpipeBlock;
pub use system::block_sigpipe;

#[cfg(target_os = "linux")]
mod system {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use nix::sys::signal::{SigSet, SigmaskHow, Signal, raise};
    use nix::sys::signalfd::{SfdFlags, SignalFd};
    use std::marker::PhantomData;
    use std::os::fd::AsFd;

    /// Blocks SIGPIPE permanently, on a thread that belongs to the library.
    ///
    /// ```
    /// let mut builder = tokio::runtime::Builder::new_multi_thread();
    /// builder.on_thread_start(egito::binding::block_sigpipe);
    /// ```
    pub fn block_sigpipe() {
        // It fails only for invalid arguments, and these are valid.
        let _ = sigpipe().thread_block();
    }

    /// Blocks SIGPIPE on a thread of the program until it is dropped. Dropping it removes a signal that was raised in the meantime.
    pub(crate) struct SigpipeBlock {
        was_blocked: bool,
        was_pending: bool,
        /// The signal mask belongs to one thread.
        _not_send: PhantomData<*const ()>,
    }

    impl SigpipeBlock {
        pub(crate) fn new() -> Self {
            let before = sigpipe().thread_swap_mask(SigmaskHow::SIG_BLOCK);
            let was_blocked = before.is_ok_and(|mask| mask.contains(Signal::SIGPIPE));
            Self { was_blocked, was_pending: was_blocked && is_pending(), _not_send: PhantomData }
        }
    }

    impl Drop for SigpipeBlock {
        fn drop(&mut self) {
            if !self.was_pending {
                remove_pending();
            }
            if !self.was_blocked {
                let _ = sigpipe().thread_unblock();
            }
        }
    }

    /// Removes a pending SIGPIPE of this thread. Raises one first, so that the wait always returns at once: a signal is pending only
    /// once, however often it was raised.
    fn remove_pending() {
        block_sigpipe(); // an event hook may have changed the mask
        if raise(Signal::SIGPIPE).is_ok() {
            let _ = sigpipe().wait();
        }
    }

    fn is_pending() -> bool {
        let Ok(descriptor) = SignalFd::with_flags(&sigpipe(), SfdFlags::SFD_CLOEXEC) else { return false };
        let mut ready = [PollFd::new(descriptor.as_fd(), PollFlags::POLLIN)];
        poll(&mut ready, PollTimeout::ZERO).is_ok_and(|number| number > 0)
    }

    fn sigpipe() -> SigSet {
        SigSet::from(Signal::SIGPIPE)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn is_blocked() -> bool {
            SigSet::thread_get_mask().unwrap().contains(Signal::SIGPIPE)
        }

        #[test]
        fn dropping_removes_a_raised_signal_and_restores_the_mask() {
            let block = SigpipeBlock::new();
            assert!(is_blocked());
            raise(Signal::SIGPIPE).unwrap();
            assert!(is_pending());
            drop(block);
            assert!(!is_pending() && !is_blocked());
        }

        #[test]
        fn a_signal_that_the_thread_blocked_before_stays_blocked() {
            block_sigpipe();
            let block = SigpipeBlock::new();
            raise(Signal::SIGPIPE).unwrap();
            drop(block);
            assert!(!is_pending() && is_blocked());
        }

        #[test]
        fn a_signal_that_was_pending_before_stays_pending() {
            block_sigpipe();
            raise(Signal::SIGPIPE).unwrap();
            drop(SigpipeBlock::new());
            assert!(is_pending() && is_blocked());
            remove_pending();
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    /// Does nothing on this system.
    ///
    /// ```
    /// egito::binding::block_sigpipe();
    /// ```
    pub fn block_sigpipe() {}

    pub(crate) struct SigpipeBlock;

    impl SigpipeBlock {
        pub(crate) fn new() -> Self {
            Self
        }
    }
}
