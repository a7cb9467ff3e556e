//! The part of a list that the caller wants.

/// The rows from `start` on, as many as are still wanted.
#[derive(Clone, Debug)]
pub(super) struct RowRange {
    /// How many rows of the server's list come before the range.
    pub start: usize,
    /// How many more records are wanted; `None` means all.
    left: Option<usize>,
}

impl RowRange {
    pub(super) fn new(start: u64, limit: Option<u64>) -> Self {
        Self { start: saturated(start), left: limit.map(saturated) }
    }

    /// Whether no record is wanted at all.
    pub(super) fn is_empty(&self) -> bool {
        self.left == Some(0)
    }

    /// Whether a part of the list is wanted, and not all of it.
    pub(super) fn is_part(&self) -> bool {
        self.start > 0 || self.left.is_some()
    }

    /// The largest page that brings no more than what is wanted, where its first `lead` rows were seen before.
    pub(super) fn page_size(&self, most: usize, lead: usize) -> usize {
        self.left.map_or(most, |left| most.min(left.saturating_add(lead)))
    }

    /// The offset behind the last row that is wanted, where the rows before `offset` have been read.
    pub(super) fn end(&self, offset: usize) -> usize {
        self.left.map_or(usize::MAX, |left| offset.saturating_add(left))
    }

    /// Gives out no more records than are wanted. Returns whether that was the last one.
    pub(super) fn take(&mut self, keep: &mut [bool]) -> bool {
        let Some(left) = &mut self.left else { return false };
        for keep in keep {
            *keep &= *left > 0;
            *left -= usize::from(*keep);
        }
        *left == 0
    }
}

/// No list has more rows than fit into memory.
fn saturated(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}
