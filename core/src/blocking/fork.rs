//! Objects with a thread or sockets belong to the process that made them: a forked child must not use them.

use crate::error::{Error, Result};

/// Fails in a process other than `process`, which made the list or bulk that `what` names.
pub(super) fn check_process(process: u32, what: &str) -> Result<()> {
    if process == std::process::id() {
        return Ok(());
    }
    Err(Error::config(what, format!("this {what} was created before fork(); create a new one in the child process")))
}
