//! Reads the options of a list or a bulk from JSON, as the bindings pass them.

use crate::error::{Error, Result};
use crate::json::{Members, typed};
use serde::de::DeserializeOwned;

/// Reads the options of an operation ("list" or "bulk") from one JSON object.
///
/// Error `config` with the name of the option: the JSON is not an object, an option is unknown, or its value is invalid.
pub(crate) fn read<T: DeserializeOwned>(operation: &str, json: &[u8]) -> Result<T> {
    let Members(members) = Members::read(json).map_err(|_| {
        let message = format!("invalid options of the {operation}: expected one JSON object of names and values");
        Error::config("options", message)
    })?;
    typed::from_members(members.iter().map(|(name, value)| (name.as_str(), *value)))
        .map_err(|invalid| Error::config(&invalid.name, format!("invalid `{}`: {invalid}", invalid.name)))
}
