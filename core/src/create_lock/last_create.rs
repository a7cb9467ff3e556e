//! How the last call for a key ended.

use crate::id::RecordId;
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// How the last call for a key ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LastCreate {
    /// The record was found or created; the ids of all records with the key. A list may not show a new one yet.
    Exists(Vec<RecordId>),
    /// The create was begun, and its outcome is unknown. The server may still store the record.
    Unknown,
}

/// A [`LastCreate`] for some time.
#[derive(Debug)]
pub(super) struct Remembered {
    pub last: LastCreate,
    pub since: Instant,
    /// `None` if beyond the range of the clock.
    until: Option<Instant>,
}

impl Remembered {
    pub(super) fn new(last: LastCreate, now: Instant, time: Duration) -> Self {
        Self { last, since: now, until: now.checked_add(time) }
    }

    /// Returns whether it is still of use.
    pub(super) fn is_valid(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}
