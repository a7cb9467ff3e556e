//! Reads the options of a list or a bulk from JSON, as the bindings pass them.

use crate::error::{Error, Result};
use crate::json::{Members, typed};
use serde::de::DeserializeOwned;
use std::time::Duration;

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

/// Reads a duration that was given in seconds or in milliseconds; `None` if it was not given.
///
/// Error `config`: it is negative or not a number.
pub(crate) fn duration(name: &str, seconds: Option<f64>, milliseconds: Option<f64>) -> Result<Option<Duration>> {
    let (given, unit, seconds) = match (seconds, milliseconds) {
        (None, None) => return Ok(None),
        (_, Some(given)) => (given, "milliseconds", given / 1000.0),
        (Some(given), None) => (given, "seconds", given),
    };
    let invalid =
        |_| Error::config(name, format!("invalid `{name}`: expected a number of {unit}, 0 or more, got {given}"));
    Duration::try_from_secs_f64(seconds).map(Some).map_err(invalid)
}
