//! Protects the program from SIGPIPE. Writing to a closed connection raises this signal, and by default it ends the process.
//!
//! `send` has a flag against the signal, which the standard library sets. `writev`, which the HTTP and TLS libraries use, has none.
//! A library must not change how the process handles signals, so threads that write to connections block SIGPIPE.
//!
//! Linux only: sockets on Apple's systems have an option that the runtime sets, and Windows does not have the signal.

pub use system::block_sigpipe;
pub(crate) use system::{PendingSigpipe, SigpipeBlock};

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

    /// A descriptor that says whether SIGPIPE is pending, and removes it. Without one, that takes four system calls more.
    pub(crate) struct PendingSigpipe(Option<SignalFd>);

    impl PendingSigpipe {
        /// Opens the descriptor, unless the system refuses it.
        pub(crate) fn new() -> Self {
            Self(SignalFd::with_flags(&sigpipe(), SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK).ok())
        }

        fn is_pending(&self) -> bool {
            let Some(descriptor) = &self.0 else { return false };
            let mut ready = [PollFd::new(descriptor.as_fd(), PollFlags::POLLIN)];
            poll(&mut ready, PollTimeout::ZERO).is_ok_and(|number| number > 0)
        }

        /// Removes a pending SIGPIPE of this thread. Returns false if there is no descriptor.
        fn remove(&self) -> bool {
            let Some(Ok(removed)) = self.0.as_ref().map(SignalFd::read_signal) else { return false };
            if removed.is_some_and(|signal| signal.ssi_pid != std::process::id()) {
                let _ = raise(Signal::SIGPIPE); // another process sent it to the program
            }
            true
        }
    }

    /// Blocks SIGPIPE on a thread of the program until [`end`](Self::end).
    pub(crate) struct SigpipeBlock {
        was_blocked: bool,
        was_pending: bool,
        /// The signal mask belongs to one thread.
        _not_send: PhantomData<*const ()>,
    }

    impl SigpipeBlock {
        pub(crate) fn new(pending: &PendingSigpipe) -> Self {
            let before = sigpipe().thread_swap_mask(SigmaskHow::SIG_BLOCK);
            let was_blocked = before.is_ok_and(|mask| mask.contains(Signal::SIGPIPE));
            Self { was_blocked, was_pending: was_blocked && pending.is_pending(), _not_send: PhantomData }
        }

        /// Removes a signal that was raised in the meantime, and restores the mask. Without `pending`, it uses no descriptor.
        pub(crate) fn end(self, pending: Option<&PendingSigpipe>) {
            if !self.was_pending && !pending.is_some_and(PendingSigpipe::remove) {
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

    fn sigpipe() -> SigSet {
        SigSet::from(Signal::SIGPIPE)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn is_blocked() -> bool {
            SigSet::thread_get_mask().unwrap().contains(Signal::SIGPIPE)
        }

        fn is_pending() -> bool {
            PendingSigpipe::new().is_pending()
        }

        #[test]
        fn the_end_removes_a_raised_signal_and_restores_the_mask() {
            let pending = PendingSigpipe::new();
            for pending_at_end in [Some(&pending), Some(&PendingSigpipe(None)), None] {
                let block = SigpipeBlock::new(&pending);
                assert!(is_blocked());
                raise(Signal::SIGPIPE).unwrap();
                assert!(is_pending());
                block.end(pending_at_end);
                assert!(!is_pending() && !is_blocked());
            }
        }

        #[test]
        fn a_signal_that_the_thread_blocked_before_stays_blocked() {
            block_sigpipe();
            let pending = PendingSigpipe::new();
            let block = SigpipeBlock::new(&pending);
            raise(Signal::SIGPIPE).unwrap();
            block.end(Some(&pending));
            assert!(!is_pending() && is_blocked());
        }

        #[test]
        fn a_signal_that_was_pending_before_stays_pending() {
            block_sigpipe();
            raise(Signal::SIGPIPE).unwrap();
            let pending = PendingSigpipe::new();
            SigpipeBlock::new(&pending).end(Some(&pending));
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

    pub(crate) struct PendingSigpipe;

    impl PendingSigpipe {
        pub(crate) fn new() -> Self {
            Self
        }
    }

    pub(crate) struct SigpipeBlock;

    impl SigpipeBlock {
        pub(crate) fn new(_: &PendingSigpipe) -> Self {
            Self
        }

        #[allow(clippy::unused_self)] // as on Linux
        pub(crate) fn end(self, _: Option<&PendingSigpipe>) {}
    }
}
