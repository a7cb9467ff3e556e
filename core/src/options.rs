//! Reads the options of one operation from JSON, the form in which the bindings hand them over.

use crate::error::{Error, Result};
use crate::json::{Members, typed};
use serde::de::DeserializeOwned;

/// Reads the options of `operation` ("bulk") from one JSON object.
///
/// Error `config`: the JSON is not an object, an option is unknown or its value is wrong. It names the option.
pub(crate) fn read<T: DeserializeOwned>(operation: &str, json: &[u8]) -> Result<T> {
    let Members(members) = Members::read(json).map_err(|_| {
        let message = format!("the {operation}'s options are not one JSON object; pass names and values");
        Error::config("options", message)
    })?;
    typed::from_members(members.iter().map(|(name, value)| (name.as_str(), *value)))
        .map_err(|invalid| Error::config(&invalid.name, format!("invalid `{}`: {invalid}", invalid.name)))
}
