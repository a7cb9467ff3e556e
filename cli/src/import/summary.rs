//! What became of the rows.

use super::decisions::Mode;
use egito::{BulkRow, Change, Code, Outcome};
use serde::Serialize;

/// The numbers of rows, by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Summary {
    pub rows: u64,
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    /// With `create-once`: records that exist with other values, and stay as they are.
    pub existing: u64,
    /// Rows with data that cannot be sent.
    pub invalid: u64,
    /// Rows whose key several records have.
    pub ambiguous: u64,
    /// Rows that the server has refused.
    pub refused: u64,
    /// Rows that could not be sent, and that another run sends.
    pub not_sent: u64,
    /// Rows that may have been stored.
    pub unknown: u64,
    /// Rows that an earlier run has done. They are counted above as well.
    pub resumed: u64,
}

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowStatus {
    Created,
    Updated,
    Unchanged,
    Existing,
    Invalid,
    Ambiguous,
    Refused,
    NotSent,
    Unknown,
}

impl RowStatus {
    /// Returns what became of the row of a bulk. `is_invalid` says that nothing could be sent for it.
    pub(crate) fn of(row: &BulkRow, mode: Mode, is_invalid: bool) -> Self {
        let Some(error) = &row.error else {
            return match row.change {
                Some(Change::Ambiguous) => Self::Ambiguous,
                Some(Change::Unchanged) => Self::Unchanged,
                Some(Change::Updated) => Self::Updated,
                None if mode == Mode::Update => Self::Updated,
                _ => Self::Created,
            };
        };
        let is_config = error.code() == Code::Config;
        let setting = error.details().setting.as_deref();
        match error.outcome() {
            _ if is_invalid => Self::Invalid,
            _ if is_config && mode == Mode::CreateOnce && setting == Some("change") => Self::Existing,
            Some(Outcome::Unknown) => Self::Unknown,
            Some(Outcome::Rejected) => Self::Refused,
            _ if is_config && setting == Some("key") => Self::Invalid,
            _ => Self::NotSent,
        }
    }

    /// Returns whether the row is in the file of rejected rows.
    pub(crate) fn is_rejected(self) -> bool {
        !matches!(self, Self::Created | Self::Updated | Self::Unchanged | Self::Existing)
    }

    /// Returns the word in the file of rejected rows and in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Existing => "existing",
            Self::Invalid => "invalid",
            Self::Ambiguous => "ambiguous",
            Self::Refused => "refused",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
        }
    }
}

impl Summary {
    /// Counts a row.
    pub(crate) fn count(&mut self, status: RowStatus, resumed: bool) {
        self.rows += 1;
        self.resumed += u64::from(resumed);
        *match status {
            RowStatus::Created => &mut self.created,
            RowStatus::Updated => &mut self.updated,
            RowStatus::Unchanged => &mut self.unchanged,
            RowStatus::Existing => &mut self.existing,
            RowStatus::Invalid => &mut self.invalid,
            RowStatus::Ambiguous => &mut self.ambiguous,
            RowStatus::Refused => &mut self.refused,
            RowStatus::NotSent => &mut self.not_sent,
            RowStatus::Unknown => &mut self.unknown,
        } += 1;
    }

    /// Returns the number of rows that were not done.
    pub(crate) fn rejected(&self) -> u64 {
        self.invalid + self.ambiguous + self.refused + self.not_sent + self.unknown
    }
}
