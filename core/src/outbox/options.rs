//! The options of an outbox.

use crate::error::{Error, Result};
use crate::key::Lookup;
use crate::options;
use serde::Deserialize;
use std::time::Duration;

/// How many calls a delivery keeps in flight.
const DEFAULT_CONCURRENCY: usize = 8;

/// How long delivered entries are kept.
const DEFAULT_KEEP_DAYS: f64 = 30.0;

const SECONDS_PER_DAY: f64 = 86_400.0;

/// The options of an outbox. The bindings pass them as a JSON object.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct OutboxOptions {
    pub concurrency: Option<u64>,
    #[serde(alias = "keepDays")]
    pub keep_days: Option<f64>,
    /// Instead of that of each entry.
    pub lookup: Option<Lookup>,
}

impl OutboxOptions {
    /// Error `config`: an unknown option or an invalid value.
    pub(super) fn from_json(json: &[u8]) -> Result<Self> {
        options::read::<Self>("outbox", json)?.checked()
    }

    /// Error `config`: an invalid value.
    pub(super) fn checked(self) -> Result<Self> {
        if self.concurrency == Some(0) {
            return Err(Error::config("concurrency", "invalid `concurrency`: expected at least 1, got 0"));
        }
        let days = self.keep_days.unwrap_or(DEFAULT_KEEP_DAYS);
        Duration::try_from_secs_f64(days * SECONDS_PER_DAY).map_err(|_| {
            Error::config("keep_days", format!("invalid `keep_days`: expected a number of days, 0 or more, got {days}"))
        })?;
        Ok(self)
    }

    pub(super) fn concurrency(&self) -> usize {
        self.concurrency.map_or(DEFAULT_CONCURRENCY, |calls| usize::try_from(calls).unwrap_or(usize::MAX))
    }

    pub(super) fn keep(&self) -> Duration {
        let days = self.keep_days.unwrap_or(DEFAULT_KEEP_DAYS);
        Duration::try_from_secs_f64(days * SECONDS_PER_DAY).unwrap_or(Duration::MAX)
    }
}
