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
/// Error `config`: it is negative, too large or not a number.
pub(crate) fn duration(name: &str, seconds: Option<f64>, milliseconds: Option<f64>) -> Result<Option<Duration>> {
    let (given, unit, limit, seconds) = match (seconds, milliseconds) {
        (None, None) => return Ok(None),
        (_, Some(given)) => (given, "milliseconds", "less than 1.8e22", given / 1000.0),
        (Some(given), None) => (given, "seconds", "less than 1.8e19", given),
    };
    let invalid = |range, given| {
        Error::config(name, format!("invalid `{name}`: expected a number of {unit}, {range}, got {given}"))
    };
    Duration::try_from_secs_f64(seconds).map(Some).map_err(|_| {
        if seconds > 0.0 {
            invalid(limit, format!("{given:e}")) // without hundreds of digits
        } else {
            invalid("0 or more", given.to_string())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_that_is_too_long_names_the_limit() {
        let error = duration("settle", Some(1e300), None).unwrap_err().to_string();
        assert_eq!(error, "invalid `settle`: expected a number of seconds, less than 1.8e19, got 1e300");
        let error = duration("lag", None, Some(f64::INFINITY)).unwrap_err().to_string();
        assert_eq!(error, "invalid `lag`: expected a number of milliseconds, less than 1.8e22, got inf");
        let error = duration("settle", None, Some(-1.0)).unwrap_err().to_string();
        assert!(error.contains("expected a number of milliseconds, 0 or more, got -1"), "{error}");
        assert!(duration("lag", Some(f64::NAN), None).unwrap_err().to_string().contains("got NaN"));
        assert_eq!(duration("lag", Some(3e9), None).unwrap(), Some(Duration::from_secs(3_000_000_000)));
    }
}
