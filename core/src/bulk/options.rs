//! The options of a bulk. The bindings pass them as a JSON object.

use crate::error::{Error, Result};
use crate::key::{KeyOptions, Lookup, RecordKey};
use crate::options;
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// The options whose names have more than one word, which some languages spell in camelCase.
pub(crate) const BULK_OPTIONS: [&str; 3] = ["cancel_grace", "max_failures", "outage_timeout"];

/// Those of [`BULK_OPTIONS`] that are durations.
pub(crate) const BULK_DURATIONS: [&str; 2] = ["cancel_grace", "outage_timeout"];

/// The options of one bulk. `None` means the default.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BulkOptions {
    pub concurrency: Option<u64>,
    #[serde(alias = "maxFailures")]
    pub max_failures: Option<u64>,
    /// Seconds.
    #[serde(alias = "outageTimeout")]
    outage_timeout: Option<f64>,
    #[serde(alias = "outageTimeoutMs")]
    outage_timeout_ms: Option<f64>,
    /// Seconds.
    #[serde(alias = "cancelGrace")]
    cancel_grace: Option<f64>,
    #[serde(alias = "cancelGraceMs")]
    cancel_grace_ms: Option<f64>,
    /// Path of a file.
    pub journal: Option<String>,
    key: Option<Value>,
    lookup: Option<Lookup>,
    /// Seconds.
    settle: Option<f64>,
    #[serde(alias = "settleMs")]
    settle_ms: Option<f64>,
}

impl BulkOptions {
    pub(super) fn from_json(json: &[u8]) -> Result<Self> {
        let options: Self = options::read("bulk", json)?;
        for (name, number) in [("concurrency", options.concurrency), ("max_failures", options.max_failures)] {
            if number == Some(0) {
                return Err(Error::config(name, format!("invalid `{name}`: expected at least 1, got 0")));
            }
        }
        options.outage_timeout()?;
        options.cancel_grace()?;
        options.key()?;
        Ok(options)
    }

    pub(super) fn key(&self) -> Result<Option<RecordKey>> {
        let given =
            KeyOptions { key: self.key.clone(), lookup: self.lookup, settle: self.settle, settle_ms: self.settle_ms };
        if given.is_empty() { Ok(None) } else { given.read().map(Some) }
    }

    pub(super) fn outage_timeout(&self) -> Result<Option<Duration>> {
        options::duration("outage_timeout", self.outage_timeout, self.outage_timeout_ms)
    }

    pub(super) fn cancel_grace(&self) -> Result<Option<Duration>> {
        options::duration("cancel_grace", self.cancel_grace, self.cancel_grace_ms)
    }
}
