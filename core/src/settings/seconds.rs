//! Durations as seconds, whole or not.

use serde::{Deserialize, Deserializer, de::Error};
use std::time::Duration;

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    Duration::try_from_secs_f64(seconds).map_err(|_| D::Error::custom("expected a number of seconds, 0 or more"))
}
