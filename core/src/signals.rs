//! Keeps SIGPIPE away from the program. By default it ends the process, and writing to a connection that the server has closed
//! raises it.
//!
//! `send` can ask for no signal, and the standard library does; `writev`, which the HTTP and TLS libraries use, cannot. How the
//! process handles the signal is not the library's to change. So threads that write to connections block it.
//!
//! Linux only: Apple's sockets have an option of their own, which the runtime sets, and Windows has no such signal.

pub(crate) use system::SigpipeBlock;
pub use system::block_sigpipe;

#[cfg(target_os = "linux")]
mod system {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use nix::sys::signal::{SigSet, SigmaskHow, Signal, raise};
    use nix::sys::signalfd::{SfdFlags, SignalFd};
    use std::marker::PhantomData;
    use std::os::fd::AsFd;

    /// Blocks SIGPIPE for good, on a thread that belongs to the library.
    ///
    /// ```
    /// let mut builder = tokio::runtime::Builder::new_multi_thread();
    /// builder.on_thread_start(egito::binding::block_sigpipe);
    /// ```
    pub fn block_sigpipe() {
        // It fails for arguments that are wrong, and these are not.
        let _ = sigpipe().thread_block();
    }

    /// Blocks SIGPIPE on a thread of the program while this lives. Dropping it removes a signal that was raised meanwhile.
    pub(crate) struct SigpipeBlock {
        was_blocked: bool,
        was_pending: bool,
        /// The mask belongs to one thread.
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

    /// Removes a pending SIGPIPE of this thread. One is raised first, so that the wait returns at once in any case: the signal is
    /// pending once, however often it was raised.
    fn remove_pending() {
        block_sigpipe(); // a listener may have changed the mask
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
        fn a_signal_that_was_raised_meanwhile_is_removed_and_the_mask_is_as_before() {
            let block = SigpipeBlock::new();
            assert!(is_blocked());
            raise(Signal::SIGPIPE).unwrap();
            assert!(is_pending());
            drop(block);
            assert!(!is_pending() && !is_blocked());
        }

        #[test]
        fn a_thread_that_blocks_the_signal_itself_goes_on_blocking_it() {
            block_sigpipe();
            let block = SigpipeBlock::new();
            raise(Signal::SIGPIPE).unwrap();
            drop(block);
            assert!(!is_pending() && is_blocked());
        }

        #[test]
        fn a_signal_of_the_program_that_was_pending_before_stays() {
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
