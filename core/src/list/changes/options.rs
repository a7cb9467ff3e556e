//! The options of a list of changes.

use super::mark::{Mark, Origin};
use crate::blank::is_blank;
use crate::error::{Error, Result};
use crate::options;
use serde::Deserialize;
use std::time::Duration;

/// The name of the option for a duration.
pub(crate) const LAG: &str = "lag";

const DEFAULT_FIELD: &str = "lastUpdated";
const DEFAULT_LAG: Duration = Duration::from_secs(300);

/// The smallest page whose overlap leaves room for a new row.
const MIN_PAGE_SIZE: u32 = 2;

/// Where a list of changes continues, and how it recognizes changes.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::list) struct ChangesOptions {
    /// The mark of the list before.
    pub since: Option<String>,
    /// The field that the server sets at each change.
    pub by: String,
    pub lag: Duration,
}

/// The options as the bindings pass them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    since: Option<String>,
    by: Option<String>,
    /// Seconds.
    lag: Option<f64>,
    #[serde(alias = "lagMs")]
    lag_ms: Option<f64>,
}

impl ChangesOptions {
    pub(in crate::list) fn from_json(json: &[u8]) -> Result<Self> {
        let given: Given = options::read("changes", json)?;
        let lag = options::duration(LAG, given.lag, given.lag_ms)?.unwrap_or(DEFAULT_LAG);
        Ok(Self { since: given.since, by: given.by.unwrap_or_else(|| DEFAULT_FIELD.into()), lag })
    }

    /// Reads the mark.
    pub(super) fn mark(&self, origin: &Origin) -> Result<Mark> {
        self.since.as_deref().map_or_else(|| Ok(Mark::default()), |text| Mark::from_text(text, origin))
    }

    /// Error `config`: the field or the mark is invalid.
    pub(in crate::list) fn check(&self, origin: &Origin, page_size: u32) -> Result<()> {
        if is_blank(&self.by) {
            return Err(Error::config("by", "invalid `by`: expected a field, got an empty name"));
        }
        if page_size < MIN_PAGE_SIZE {
            let message =
                format!("invalid `page_size`: a list of changes needs at least {MIN_PAGE_SIZE}, got {page_size}");
            return Err(Error::config("page_size", message));
        }
        self.mark(origin).map(drop)
    }
}

impl Default for ChangesOptions {
    fn default() -> Self {
        Self { since: None, by: DEFAULT_FIELD.into(), lag: DEFAULT_LAG }
    }
}
