//! Detects rows that were deleted or moved while a list is read, by an overlap between pages.
//!
//! If a row before the offset is deleted, all later rows move forward by one, and the next page starts one row too late: a row
//! is skipped. With an overlap, each page must start with the last rows of the page before it:
//!
//! ```text
//! page 1, offset 0:  0 1 2 3
//! page 2, offset 3:        3 4 5 6     row 3 is the overlap
//! ```
//!
//! If page 2 does not contain row 3, there is a gap, and the client steps back to find where to continue.

use super::record_key::RecordKey;
use super::seen_ids::SeenIds;

/// The overlap that a list is read with.
#[derive(Clone, Copy, Debug)]
pub(super) struct OverlapSetting {
    /// Number of records that each page shares with the page before it.
    pub rows: usize,
    /// The caller did not set it. A list of records without ids is then read without an overlap.
    pub is_default: bool,
}

impl OverlapSetting {
    /// `setting`: the value of the setting `page_overlap`. The default is 1.
    pub(super) fn new(setting: Option<u32>) -> Self {
        Self { rows: setting.unwrap_or(1) as usize, is_default: setting.is_none() }
    }
}

/// Remembers the records that pages share, and chooses the offset of the next page.
#[derive(Debug)]
pub(super) struct OverlapTracker {
    setting: OverlapSetting,
    /// The last records of the page before, which the next page must contain.
    expected: Vec<RecordKey>,
    /// The offset of the first expected record.
    offset: usize,
    /// The overlap records of all pages, and the row before a range. If the expected ones were deleted, an earlier one shows where
    /// to continue.
    all_ids: SeenIds,
    /// Number of pages in a row, up to the last one, that showed that rows moved forward.
    shifts_in_a_row: u32,
    /// Number of rows before the expected ones that the next page reads again.
    margin: usize,
}

/// A page that was accepted, for [`OverlapTracker::advance`].
pub(super) struct AcceptedPage<'p> {
    pub page: &'p [RecordKey],
    pub offset: usize,
    /// Number of its records that are returned to the caller.
    pub kept: usize,
    /// The page was found by stepping back.
    pub stepped_back: bool,
    /// The length of the longest page so far.
    pub max_page_len: usize,
}

impl OverlapTracker {
    pub(super) fn new(setting: OverlapSetting) -> Self {
        let (expected, all_ids) = (Vec::new(), SeenIds::default());
        Self { setting, expected, offset: 0, all_ids, shifts_in_a_row: 0, margin: 0 }
    }

    /// Returns whether the list is read with an overlap.
    pub(super) fn is_enabled(&self) -> bool {
        self.setting.rows > 0
    }

    /// Returns whether the next page must contain this record.
    pub(super) fn expects(&self, key: &RecordKey) -> bool {
        self.expected.contains(key)
    }

    /// Returns the expected records, with the indexes that they should have in a page at an offset.
    pub(super) fn expected_at(&self, offset: usize) -> impl Iterator<Item = (usize, &RecordKey)> {
        let places = self.expected.iter().zip(self.offset..);
        places.filter_map(move |(key, place)| Some((place.checked_sub(offset)?, key)))
    }

    /// Returns how many records of the page before the next page must start with.
    pub(super) fn expected_len(&self) -> usize {
        self.expected.len()
    }

    /// Returns how many rows of the next page were read before.
    pub(super) fn rows_read_again(&self) -> usize {
        self.expected.len() + self.margin
    }

    /// Returns how many records two pages share. It is less than the setting if the server caps its pages.
    pub(super) fn overlap_len(&self, max_page_len: usize) -> usize {
        self.setting.rows.min(max_page_len.saturating_sub(1))
    }

    /// Returns whether rows are moving forward, for example because the caller deletes the records that it reads. A prefetched page
    /// would be requested from the wrong offset then.
    pub(super) fn is_shifting(&self) -> bool {
        self.shifts_in_a_row > 0
    }

    /// Switches the overlap off, for records without ids. Returns false if the caller has set an overlap.
    pub(super) fn disable(&mut self) -> bool {
        self.expected.clear();
        (self.setting.rows, self.shifts_in_a_row, self.margin) = (0, 0, 0);
        self.setting.is_default
    }

    /// Returns whether the next page begins before the expected records: after a step back, or with a margin.
    pub(super) fn reads_again(&self, is_stepping_back: bool) -> bool {
        is_stepping_back || self.margin > 0
    }

    /// Returns whether the page contains one of the expected records.
    ///
    /// If rows are read again, an overlap record of any earlier page counts too. Other
    /// known records do not count: they may have moved here.
    pub(super) fn matches(&self, page: &[RecordKey], is_stepping_back: bool) -> bool {
        let reads_again = self.reads_again(is_stepping_back);
        let is_earlier_overlap = |key: &RecordKey| key.id().is_some_and(|id| self.all_ids.contains(id));
        page.iter().any(|key| (reads_again && is_earlier_overlap(key)) || self.expects(key))
    }

    /// Adds overlap records.
    pub(super) fn add(&mut self, keys: &[RecordKey]) {
        for id in keys.iter().filter_map(RecordKey::id) {
            self.all_ids.insert(id);
        }
    }

    /// Expects the last records of the page on the next one, and returns the offset of the next page.
    ///
    /// After two pages in a row that showed a shift, the next page starts earlier, by the number of rows that may be deleted
    /// until then: those that the caller receives now. So a caller that deletes what it reads needs one request per page.
    pub(super) fn advance(&mut self, accepted: &AcceptedPage) -> usize {
        let &AcceptedPage { page, offset, kept, stepped_back, max_page_len } = accepted;
        let shift = self.shift(page, offset);
        self.shifts_in_a_row = if stepped_back || shift != Some(0) { self.shifts_in_a_row + 1 } else { 0 };
        let length = self.overlap_len(max_page_len).min((page.len() - 1).max(1));
        let overlap = &page[page.len() - length..];
        self.expected = overlap.to_vec();
        self.add(overlap);
        self.offset = offset + page.len() - length;
        let max_margin = max_page_len - length; // the page must still reach the expected records
        self.margin = if self.shifts_in_a_row > 1 { max_margin.min(kept + shift.unwrap_or(0)) } else { 0 };
        self.offset.saturating_sub(self.margin)
    }

    /// Returns by how many rows the expected records have moved forward; `None` if they are not on the page.
    fn shift(&self, page: &[RecordKey], offset: usize) -> Option<usize> {
        let Some(first) = self.expected.first() else { return Some(0) };
        let index = page.iter().position(|key| key == first)?;
        Some(self.offset.saturating_sub(offset + index))
    }
}
