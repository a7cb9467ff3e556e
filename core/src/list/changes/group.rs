//! The rows with the lowest value that was read: those that the server may order differently for each page.

use super::Row;
use crate::id::RecordId;
use std::collections::HashMap;

/// Number of rows in their former order that prove that the server keeps the order of equal values.
const ROWS_IN_ORDER: usize = 10;

/// The rows with one value, in the order in which they were read.
#[derive(Debug)]
pub(super) struct TieGroup {
    /// The ticks of the value.
    pub value: i128,
    /// The offset of the row before the first one; `None` if it is not known.
    pub start: Option<usize>,
    positions: HashMap<RecordId, usize>,
}

/// How a page that begins with a row of the group continues it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Continuation {
    /// It begins with the rows that were read last.
    Joined,
    /// It has none of the known rows, or too few: rows before it were deleted.
    Gap,
    /// The order of the rows has changed, or one of the last rows is missing.
    Unclear,
}

impl TieGroup {
    pub(super) fn new(value: i128, start: Option<usize>) -> Self {
        Self { value, start, positions: HashMap::new() }
    }

    /// Adds the rows of a page that have this value.
    pub(super) fn add(&mut self, rows: &[Row]) {
        for row in rows.iter().filter(|row| row.ticks() == self.value) {
            let next = self.positions.len();
            self.positions.entry(row.id.clone()).or_insert(next);
        }
    }

    /// Compares a page that begins with a row of this value with the rows that were read.
    ///
    /// The page must begin with known rows in their former order, up to the last one, and have only new ones after them. Fewer than
    /// `overlap` known rows prove nothing, since random rows may look so.
    pub(super) fn continuation(&self, page: &[Row], overlap: usize) -> Continuation {
        let same = page.iter().take_while(|row| row.ticks() == self.value);
        let positions: Vec<Option<usize>> = same.map(|row| self.positions.get(&row.id).copied()).collect();
        let known: Vec<usize> = positions.iter().map_while(|position| *position).collect();
        let has_known_after = positions[known.len()..].iter().any(Option::is_some);
        let is_ascending = known.windows(2).all(|pair| pair[0] < pair[1]);
        let is_complete = known.first().is_some_and(|first| first + known.len() == self.positions.len());
        match known.len() {
            _ if has_known_after || !is_ascending => Continuation::Unclear,
            0 => Continuation::Gap,
            length if is_complete && length < overlap.min(self.positions.len()) => Continuation::Gap,
            _ if is_complete => Continuation::Joined,
            length if length >= ROWS_IN_ORDER => Continuation::Joined,
            _ => Continuation::Unclear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(ids: impl IntoIterator<Item = i64>) -> Vec<Row> {
        ids.into_iter().map(|id| Row::new(id, 7)).collect()
    }

    #[test]
    fn a_page_joins_with_the_last_rows_in_their_order() {
        let mut group = TieGroup::new(7, Some(3));
        group.add(&rows(0..20));
        let continuation = |ids: &[i64]| group.continuation(&rows(ids.iter().copied()), 1);
        assert_eq!(continuation(&[19, 20, 21]), Continuation::Joined);
        assert_eq!(continuation(&[17, 18, 19]), Continuation::Joined);
        assert_eq!(continuation(&[19]), Continuation::Joined);
        assert_eq!(continuation(&[20, 21]), Continuation::Gap);
        assert_eq!(continuation(&[18, 20]), Continuation::Unclear, "19 is missing");
        assert_eq!(continuation(&[20, 19]), Continuation::Unclear);
        assert_eq!(continuation(&[19, 20, 3]), Continuation::Unclear);
        assert_eq!(continuation(&[19, 18]), Continuation::Unclear);
        assert_eq!(
            continuation(&[1, 2, 4, 5, 8, 9, 10, 11, 12, 13, 14, 20]),
            Continuation::Joined,
            "some were deleted"
        );
        let mut page = rows([19]);
        page.push(Row::new(1, 6));
        assert_eq!(group.continuation(&page, 1), Continuation::Joined);
        assert_eq!(group.continuation(&page, 2), Continuation::Gap);
    }
}
