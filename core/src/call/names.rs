//! Checks the names of entities and actions, which are parts of the path of a request.

use crate::error::{Error, Result};

/// Checks the name of an entity or an action; `what` is one of these words.
pub(crate) fn check_name(what: &str, name: &str) -> Result<()> {
    let rest = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let valid = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic()) && name.bytes().all(rest);
    if valid {
        return Ok(());
    }
    let name = name.escape_debug();
    let message = format!(
        "invalid name of an {what} `{name}`: it must start with a letter and contain only letters, digits and `_`"
    );
    Err(Error::config(what, message))
}
