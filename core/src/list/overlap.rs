//! How pages join. With an overlap each page begins with the last records of the one before it, so that rows which are
//! deleted while the list is read hide no others unnoticed.

use super::record_key::RecordKey;
use super::seen_ids::SeenIds;

/// How many records each page shares with the one before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Overlap {
    pub rows: usize,
    /// Nobody asked for it, so a list of records without ids is read without it.
    pub is_default: bool,
}

impl Overlap {
    /// `setting`: the setting `page_overlap`, where it is given.
    pub(super) fn new(setting: Option<u32>) -> Self {
        Self { rows: setting.unwrap_or(1) as usize, is_default: setting.is_none() }
    }
}

/// The records at which pages join.
#[derive(Debug)]
pub(super) struct OverlapTracker {
    overlap: Overlap,
    /// The last records of the page before, with which the next one shall begin.
    last: Vec<RecordKey>,
    /// The offset of the first of them.
    offset: usize,
    /// Those of all pages: where the last ones are gone, an earlier one shows as well where to go on. The row before a range is
    /// one of them.
    all: SeenIds,
    /// How many pages in a row, up to the last one, showed that rows have moved to the front.
    moves: u32,
    /// How many rows before the joints the next page reads again.
    margin: usize,
}

/// What a page that was accepted shows about the next one.
pub(super) struct AcceptedPage<'p> {
    pub page: &'p [RecordKey],
    pub offset: usize,
    /// How many of its records are given out.
    pub kept: usize,
    /// The client stepped back to it.
    pub stepped_back: bool,
    /// The length of the longest page so far.
    pub max_page_len: usize,
}

impl OverlapTracker {
    pub(super) fn new(overlap: Overlap) -> Self {
        Self { overlap, last: Vec::new(), offset: 0, all: SeenIds::default(), moves: 0, margin: 0 }
    }

    /// Whether pages shall join at all.
    pub(super) fn is_enabled(&self) -> bool {
        self.overlap.rows > 0
    }

    /// How many records the next page shall begin with.
    pub(super) fn len(&self) -> usize {
        self.last.len()
    }

    /// How many rows of the next page were read before.
    pub(super) fn lead(&self) -> usize {
        self.last.len() + self.margin
    }

    /// How many records a page shares with the next one; a server that caps pages may leave room for fewer.
    pub(super) fn overlap_len(&self, max_page_len: usize) -> usize {
        self.overlap.rows.min(max_page_len.saturating_sub(1))
    }

    /// Whether rows move to the front while the list is read, as they do where the reader deletes what it gets. A page that
    /// is asked for early would be of no use.
    pub(super) fn is_shifting(&self) -> bool {
        self.moves > 0
    }

    /// Reads on without an overlap, for records without ids. Returns false where the caller asked for one.
    pub(super) fn disable(&mut self) -> bool {
        self.last.clear();
        (self.overlap.rows, self.moves, self.margin) = (0, 0, 0);
        self.overlap.is_default
    }

    /// Whether the page has one of the records that it shall begin with. Where the client reads rows again, any joint will do. A
    /// record from elsewhere shows nothing, since it may have moved here.
    pub(super) fn matches(&self, page: &[RecordKey], stepping_back: bool) -> bool {
        let is_joint = |key: &RecordKey| {
            let was_joint = (stepping_back || self.margin > 0) && key.id().is_some_and(|id| self.all.contains(id));
            was_joint || self.last.contains(key)
        };
        page.iter().any(is_joint)
    }

    /// Notes records at which pages join.
    pub(super) fn note(&mut self, keys: &[RecordKey]) {
        for id in keys.iter().filter_map(RecordKey::id) {
            self.all.insert(id);
        }
    }

    /// Takes the last records of the page as the joints of the next one. Returns the offset of the next page.
    ///
    /// Once two pages in a row did not join where they should, the next one begins earlier, by as many rows as may be deleted
    /// until then: the ones that are given out now. So a reader that deletes what it gets needs one request for each page.
    pub(super) fn take(&mut self, accepted: &AcceptedPage) -> usize {
        let &AcceptedPage { page, offset, kept, stepped_back, max_page_len } = accepted;
        let shift = self.shift(page, offset);
        self.moves = if stepped_back || shift != Some(0) { self.moves + 1 } else { 0 };
        let length = self.overlap_len(max_page_len).min((page.len() - 1).max(1));
        let joints = &page[page.len() - length..];
        self.last = joints.to_vec();
        self.note(joints);
        self.offset = offset + page.len() - length;
        let room = max_page_len - length; // the page must reach the joints
        self.margin = if self.moves > 1 { room.min(kept + shift.unwrap_or(0)) } else { 0 };
        self.offset.saturating_sub(self.margin)
    }

    /// By how many rows the joints have moved to the front; `None` where they are gone.
    fn shift(&self, page: &[RecordKey], offset: usize) -> Option<usize> {
        let Some(first) = self.last.first() else { return Some(0) };
        let place = page.iter().position(|key| key == first)?;
        Some(self.offset.saturating_sub(offset + place))
    }
}
