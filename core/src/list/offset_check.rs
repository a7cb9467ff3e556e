//! Whether the server honours the offset. Completeness before the first row of a range is given out: a server that ignores the
//! offset sends the rows from the beginning, and they would pass for those of the range.

use super::record_key::RecordKey;

/// How often both requests are made before the offset counts as ignored: others may have inserted just as many rows in front.
const MAX_ROUNDS: u32 = 2;

/// The state of the check.
#[derive(Debug)]
pub(super) enum OffsetCheck {
    /// The next page is the first row of the whole list.
    FirstRow { round: u32 },
    /// The next page is the beginning of the range, which must not be the beginning of the list.
    Range { head: Vec<RecordKey>, round: u32 },
    /// Nothing needs to be shown any more.
    Done,
}

/// What a page shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OffsetFinding {
    /// The list has no rows at all.
    NoRows,
    /// One more page is needed.
    GoOn,
    /// The offset works.
    Honoured,
    /// The page is the beginning of the list.
    Ignored,
    /// The page looks like the beginning of the list, but its records have no ids: they may be others that are alike.
    Unclear,
    /// There was nothing to show.
    Nothing,
}

impl OffsetCheck {
    /// The check for a list that is read from `offset` on.
    pub(super) fn new(offset: usize) -> Self {
        if offset == 0 { Self::Done } else { Self::FirstRow { round: 1 } }
    }

    /// Whether the first row of the whole list is asked for next.
    pub(super) fn wants_first_row(&self) -> bool {
        matches!(self, Self::FirstRow { .. })
    }

    /// Whether the next page is the last one that is compared. It is asked for in full: it may be the whole list.
    pub(super) fn is_last_round(&self) -> bool {
        matches!(self, Self::Range { round: MAX_ROUNDS, .. })
    }

    /// Looks at the next page.
    pub(super) fn see(&mut self, page: &[RecordKey]) -> OffsetFinding {
        match std::mem::replace(self, Self::Done) {
            Self::Done => OffsetFinding::Nothing,
            Self::FirstRow { .. } if page.is_empty() => OffsetFinding::NoRows,
            Self::FirstRow { round } => {
                *self = Self::Range { head: page.to_vec(), round };
                OffsetFinding::GoOn
            }
            Self::Range { head, .. } if !begins_alike(page, &head) => OffsetFinding::Honoured,
            Self::Range { round, .. } if round < MAX_ROUNDS => {
                *self = Self::FirstRow { round: round + 1 };
                OffsetFinding::GoOn
            }
            // A server that ignores `max` as well has sent the same rows both times, and no one row passes for another.
            Self::Range { head, .. } if head[0].id().is_some() || (head.len() > 1 && head == page) => {
                OffsetFinding::Ignored
            }
            Self::Range { .. } => OffsetFinding::Unclear,
        }
    }
}

/// Whether a page begins as the list does. One id is proof; records without ids may be alike, so all that came count.
fn begins_alike(page: &[RecordKey], head: &[RecordKey]) -> bool {
    match head {
        [RecordKey::Id(first), ..] => page.first().and_then(RecordKey::id) == Some(first),
        _ => page.starts_with(head),
    }
}
