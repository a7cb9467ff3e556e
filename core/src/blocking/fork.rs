//! Refuses objects with a thread or sockets in a forked child: they belong to the process that created them.

use crate::error::{Error, Result};

/// Fails in a process other than `process`, which created the object that `what` names.
///
/// ```
/// assert!(egito::binding::check_process(std::process::id(), "list").is_ok());
/// let error = egito::binding::check_process(0, "list").unwrap_err();
/// assert!(error.to_string().contains("this list was created before fork()"));
/// ```
pub fn check_process(process: u32, what: &str) -> Result<()> {
    if process == std::process::id() {
        return Ok(());
    }
    Err(Error::config(what, format!("this {what} was created before fork(); create a new one in the child process")))
}
