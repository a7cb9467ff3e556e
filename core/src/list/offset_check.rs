//! Checks that the server honors the offset, before a range that does not start at the first row is read.
//!
//! A server that ignores the offset sends the first rows of the list instead, and they could be mistaken for those of the range. So
//! the first row of the list is requested, then the first page of the range, and the two are compared.

use super::record_key::RecordKey;

/// Number of comparisons before the offset counts as ignored. One is not enough: as many rows as `start` skips may have been
/// inserted in front between the two requests.
const MAX_ROUNDS: u32 = 2;

/// The state of the check.
#[derive(Debug)]
pub(super) enum OffsetCheck {
    /// The next page is the first row of the whole list.
    FirstRow { round: u32 },
    /// The next page is the first one of the range. It must not start like the list.
    Range { list_start: Vec<RecordKey>, round: u32 },
    /// The check has ended, or was not necessary.
    Done,
}

/// The result of one page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OffsetFinding {
    /// The list has no rows at all.
    NoRows,
    /// The check needs another page.
    NeedsMore,
    /// The server honors the offset.
    Honored,
    /// The server ignores the offset: the page is the start of the list.
    Ignored,
    /// The page looks like the start of the list, but its records have no ids: they may be different records that are equal.
    Unclear,
    /// The check has ended before this page.
    NotChecking,
}

impl OffsetCheck {
    /// Returns the check for a list that is read from `offset` on.
    pub(super) fn new(offset: usize) -> Self {
        if offset == 0 { Self::Done } else { Self::FirstRow { round: 1 } }
    }

    /// Returns whether the next request is for the first row of the whole list.
    pub(super) fn needs_first_row(&self) -> bool {
        matches!(self, Self::FirstRow { .. })
    }

    /// Returns whether the next page is the last one to be compared. It is requested in full size: it may be the whole list.
    pub(super) fn is_last_round(&self) -> bool {
        matches!(self, Self::Range { round: MAX_ROUNDS, .. })
    }

    /// Checks the next page.
    pub(super) fn check(&mut self, page: &[RecordKey]) -> OffsetFinding {
        match std::mem::replace(self, Self::Done) {
            Self::Done => OffsetFinding::NotChecking,
            Self::FirstRow { .. } if page.is_empty() => OffsetFinding::NoRows,
            Self::FirstRow { round } => {
                *self = Self::Range { list_start: page.to_vec(), round };
                OffsetFinding::NeedsMore
            }
            Self::Range { list_start, .. } if !starts_like(page, &list_start) => OffsetFinding::Honored,
            Self::Range { round, .. } if round < MAX_ROUNDS => {
                *self = Self::FirstRow { round: round + 1 };
                OffsetFinding::NeedsMore
            }
            Self::Range { list_start, .. } if is_proof(page, &list_start) => OffsetFinding::Ignored,
            Self::Range { .. } => OffsetFinding::Unclear,
        }
    }
}

/// Returns whether a page that starts like the list proves that the offset is ignored. An id does. Records without ids do if
/// the server ignores `max` as well, and has sent the same rows twice.
fn is_proof(page: &[RecordKey], list_start: &[RecordKey]) -> bool {
    list_start[0].id().is_some() || (list_start.len() > 1 && list_start == page)
}

/// Returns whether a page starts like the list. One id is enough. Records without ids may be equal, so all are compared.
fn starts_like(page: &[RecordKey], list_start: &[RecordKey]) -> bool {
    match list_start {
        [RecordKey::Id(first), ..] => page.first().and_then(RecordKey::id) == Some(first),
        _ => page.starts_with(list_start),
    }
}
