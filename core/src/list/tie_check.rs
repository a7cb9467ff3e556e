//! Detects that rows with equal sort values change places between pages, so that some are skipped.
//!
//! A database may order such rows differently for each page. Then a row moves from a page that was not read yet to one that was,
//! and is skipped, while another row comes twice:
//!
//! ```text
//! sorted by city    page 1: Gdynia 1, Gdynia 2     page 2: Gdynia 2, Gdynia 1     row 3 was skipped
//! ```
//!
//! The proof is a count: fewer different rows than places in the list. Rows that are inserted in front have the same effect, so a
//! list only fails if equal rows have changed places too.

use std::collections::HashSet;

/// The check of a list that is sorted by a field whose values may be equal.
#[derive(Debug)]
pub(super) struct TieCheck {
    field: String,
    /// The offset of the first row.
    first_offset: usize,
    /// The hashes of the sort values of the last rows of all pages.
    last_values: HashSet<u64>,
    /// Rows with equal sort values have changed places.
    has_moved_tie: bool,
    /// Number of different rows.
    rows_read: usize,
    /// The offset after the last row.
    reached: usize,
}

impl TieCheck {
    pub(super) fn new(field: &str, first_offset: usize) -> Self {
        let (last_values, has_moved_tie) = (HashSet::new(), false);
        Self { field: field.to_owned(), first_offset, last_values, has_moved_tie, rows_read: 0, reached: 0 }
    }

    /// Returns the field that the list is sorted by.
    pub(super) fn field(&self) -> &str {
        &self.field
    }

    /// Adds a row that is not where it should be. `value` is the hash of its sort value. If no page before ended with this
    /// value, the row has moved because its value was changed.
    pub(super) fn add_moved_row(&mut self, value: u64) {
        self.has_moved_tie |= self.is_tie(value);
    }

    /// Returns whether a page before ended with this value.
    pub(super) fn is_tie(&self, value: u64) -> bool {
        self.last_values.contains(&value)
    }

    /// Adds an accepted page, after its moved rows.
    pub(super) fn add_page(&mut self, new_rows: usize, reached: usize, last_value: u64) {
        self.last_values.insert(last_value);
        self.rows_read += new_rows;
        self.reached = reached;
    }

    /// Returns whether rows with equal sort values have changed places.
    pub(super) fn has_moved_tie(&self) -> bool {
        self.has_moved_tie
    }

    /// Returns whether rows were skipped.
    pub(super) fn has_skipped(&self) -> bool {
        self.has_moved_tie && self.rows_read < self.reached.saturating_sub(self.first_offset)
    }
}
