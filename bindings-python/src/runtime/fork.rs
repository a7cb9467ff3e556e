//! Objects that a forked child cannot use: calls in flight and open connections belong to the process that started them.

use egito::Error;

/// The process that owns an object.
#[derive(Clone, Copy)]
pub(crate) struct OwnerProcess(u32);

impl OwnerProcess {
    pub(crate) fn current() -> Self {
        Self(std::process::id())
    }

    /// Returns false in a child that was forked after the object was created.
    pub(crate) fn is_current(self) -> bool {
        self.0 == std::process::id()
    }

    /// Fails with `config` in a child that was forked after the object was created. `what` names the object in the message.
    pub(crate) fn check(self, what: &str) -> egito::Result<()> {
        if self.is_current() {
            return Ok(());
        }
        let message = format!("this {what} was created before fork(); create a new one in the child process");
        Err(Error::config(what, message))
    }
}
