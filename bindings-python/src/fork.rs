//! What a forked child must not use: calls under way and open connections belong to the process that began them.

use egito::Error;

/// The process that something belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Process(u32);

impl Process {
    pub(crate) fn current() -> Self {
        Self(std::process::id())
    }

    /// Returns false in a child that was forked since.
    pub(crate) fn is_current(self) -> bool {
        self.0 == std::process::id()
    }

    /// Fails with `config` in a child that was forked since. `what` names the thing in the message.
    pub(crate) fn check(self, what: &str) -> egito::Result<()> {
        if self.is_current() {
            return Ok(());
        }
        let message = format!("this {what} was created before fork(); create a new one in the child process");
        Err(Error::config(what, message))
    }
}
