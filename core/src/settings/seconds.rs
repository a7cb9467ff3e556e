//! Reads durations as a number of seconds, with or without decimals.

use serde::de::{Deserialize, Deserializer, Error, Unexpected};
use std::time::Duration;

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| D::Error::invalid_value(Unexpected::Float(seconds), &"a number of seconds, 0 or more"))
}
