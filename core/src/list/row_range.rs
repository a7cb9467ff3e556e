//! The part of a list that the caller requests with `start` and `limit`.

/// The range: the rows from `start` on, up to the limit. Counts the records that were returned.
#[derive(Clone, Debug)]
pub(super) struct RowRange {
    /// Number of rows of the server's list before the range.
    pub start: usize,
    /// Maximum number of records that are still to be returned; `None` means no limit.
    remaining: Option<usize>,
}

impl RowRange {
    pub(super) fn new(start: u64, limit: Option<u64>) -> Self {
        Self { start: saturating_usize(start), remaining: limit.map(saturating_usize) }
    }

    /// Returns whether no further record is to be returned.
    pub(super) fn is_empty(&self) -> bool {
        self.remaining == Some(0)
    }

    /// Returns the size of the next page: at most `max`, and no more than the limit needs. Its first `rows_read_again` rows do not
    /// count for the limit.
    pub(super) fn page_size(&self, max: usize, rows_read_again: usize) -> usize {
        self.remaining.map_or(max, |remaining| max.min(remaining.saturating_add(rows_read_again)))
    }

    /// Returns the offset after the last row of the range, if all rows before `offset` have been read.
    pub(super) fn end(&self, offset: usize) -> usize {
        self.remaining.map_or(usize::MAX, |remaining| offset.saturating_add(remaining))
    }

    /// Clears the flags of records beyond the limit, and counts the others. Returns whether the limit is reached.
    pub(super) fn apply(&mut self, keep: &mut [bool]) -> bool {
        let Some(remaining) = &mut self.remaining else { return false };
        for keep in keep {
            *keep &= *remaining > 0;
            *remaining -= usize::from(*keep);
        }
        *remaining == 0
    }
}

/// Converts a number of rows. One that does not fit is more than any list has.
fn saturating_usize(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}
