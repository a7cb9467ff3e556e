//! After a page, what next? Pure: what was seen in, the next step out.
//!
//! The server's habits are not documented, so nothing is believed that the pages themselves do not show: a short page is
//! not the end, a count alone is not the end, and a page that comes twice means that the server ignores the offset.

use crate::envelope::Count;
use crate::id::RecordId;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Pages in a row that may bring nothing new before the list counts as unreadable.
const BARREN_PAGES: u32 = 3;

/// What is remembered between pages.
#[derive(Debug)]
pub(super) struct Paging {
    page_size: usize,
    offset: usize,
    previous: Option<Vec<Mark>>,
    barren: u32,
}

/// One record of a page, as far as telling pages apart goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Id(RecordId),
    /// A record without an id, by the hash of its bytes.
    Bytes(u64),
}

/// The next step.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The page is part of the list; go on at the new offset.
    More,
    /// The page is part of the list, and its last.
    Last,
    /// The page adds nothing, and the list is complete.
    Complete,
    /// The rest cannot be reached, for this reason.
    Unreadable(String),
}

impl Paging {
    pub(super) fn new(page_size: u32) -> Self {
        Self { page_size: page_size as usize, offset: 0, previous: None, barren: 0 }
    }

    /// Where the next page begins: after all records received.
    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// Whether a page is the one before it again.
    pub(super) fn repeats(&self, page: &[Mark]) -> bool {
        self.previous.as_ref().is_some_and(|previous| !page.is_empty() && is_same(previous, page))
    }

    /// Decides after a page. `new` is how many of its records were not given out before.
    pub(super) fn after(&mut self, page: Vec<Mark>, new: usize, count: Option<Count>) -> Step {
        if page.is_empty() {
            return Step::Complete;
        }
        let received = self.offset + page.len();
        if self.repeats(&page) {
            return self.repeated(page.len(), count);
        }
        self.barren = if new == 0 { self.barren + 1 } else { 0 };
        if self.barren == BARREN_PAGES {
            return Step::Unreadable(format!(
                "{BARREN_PAGES} pages in a row brought nothing new up to offset {received}"
            ));
        }
        let is_last = count.is_some_and(|count| self.ends_with(count, received, page.len()));
        self.offset = received;
        self.previous = Some(page);
        if is_last { Step::Last } else { Step::More }
    }

    /// The server ignores the offset: either it sent everything at once, or the rest cannot be reached.
    fn repeated(&self, length: usize, count: Option<Count>) -> Step {
        let says_more = count.is_some_and(|count| count.value > length as u64);
        if length != self.page_size && !says_more {
            return Step::Complete;
        }
        Step::Unreadable(format!(
            "the server sent the same {length} records for offset {} again, so it ignores the offset; \
             check the setting `offset_param`, or ask for all at once with a larger `page_size`",
            self.offset
        ))
    }

    /// A count ends the list only together with the page's own evidence.
    fn ends_with(&self, count: Count, received: usize, length: usize) -> bool {
        let reached = count.value == received as u64;
        let page_shows_it = match &self.previous {
            Some(previous) => length < previous.len(),
            None => count.is_total && length < self.page_size,
        };
        reached && page_shows_it
    }
}

impl Mark {
    pub(super) fn of(id: Option<&RecordId>, json: &[u8]) -> Self {
        if let Some(id) = id {
            return Self::Id(id.clone());
        }
        let mut hasher = DefaultHasher::new();
        json.hash(&mut hasher);
        Self::Bytes(hasher.finish())
    }
}

/// The same ids in the same order; where records have no ids, most of them byte for byte.
fn is_same(previous: &[Mark], page: &[Mark]) -> bool {
    if previous.len() != page.len() {
        return false;
    }
    let mut unnamed = (0, 0);
    for (before, now) in previous.iter().zip(page) {
        match (before, now) {
            (Mark::Bytes(before), Mark::Bytes(now)) => {
                unnamed.0 += 1;
                unnamed.1 += usize::from(before == now);
            }
            _ if before == now => {}
            _ => return false,
        }
    }
    unnamed.0 == 0 || unnamed.1 * 2 > unnamed.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(ids: std::ops::Range<i64>) -> Vec<Mark> {
        ids.map(|id| Mark::Id(id.into())).collect()
    }

    #[allow(clippy::unnecessary_wraps)] // as the pages have it
    fn total(value: u64) -> Option<Count> {
        Some(Count { value, is_total: true })
    }

    #[test]
    fn a_short_page_is_not_the_end_but_an_empty_one_is() {
        let mut paging = Paging::new(500);
        assert_eq!(paging.after(page(0..100), 100, None), Step::More);
        assert_eq!(paging.after(page(100..150), 50, None), Step::More);
        assert_eq!(paging.offset(), 150);
        assert_eq!(paging.after(vec![], 0, None), Step::Complete);
    }

    #[test]
    fn a_count_needs_the_evidence_of_the_page() {
        let mut paging = Paging::new(100);
        assert_eq!(paging.after(page(0..100), 100, total(100)), Step::More, "a full first page proves nothing");
        let mut paging = Paging::new(100);
        assert_eq!(paging.after(page(0..60), 60, total(60)), Step::Last);
        let mut paging = Paging::new(100);
        let on_this_page = Some(Count { value: 60, is_total: false });
        assert_eq!(paging.after(page(0..60), 60, on_this_page), Step::More);
        let mut paging = Paging::new(100);
        paging.after(page(0..100), 100, total(130));
        assert_eq!(paging.after(page(100..130), 30, total(130)), Step::Last);
        let mut paging = Paging::new(100);
        assert_eq!(paging.after(page(0..60), 60, total(10)), Step::More, "less than received is ignored");
    }

    #[test]
    fn a_repeated_page_is_everything_or_an_error() {
        let mut paging = Paging::new(500);
        paging.after(page(0..120), 120, None);
        assert_eq!(paging.after(page(0..120), 0, None), Step::Complete);
        let mut paging = Paging::new(120);
        paging.after(page(0..120), 120, None);
        assert!(matches!(paging.after(page(0..120), 0, None), Step::Unreadable(_)));
        let mut paging = Paging::new(500);
        paging.after(page(0..120), 120, total(300));
        assert!(matches!(paging.after(page(0..120), 0, total(300)), Step::Unreadable(_)));
    }

    #[test]
    fn pages_without_news_end_in_an_error_and_not_in_a_loop() {
        let mut paging = Paging::new(2);
        paging.after(page(0..2), 2, None);
        paging.after(page(2..4), 2, None);
        assert_eq!(paging.after(page(0..2), 0, None), Step::More);
        assert_eq!(paging.after(page(2..4), 0, None), Step::More);
        assert!(matches!(paging.after(page(0..2), 0, None), Step::Unreadable(_)));
    }

    #[test]
    fn pages_without_ids_are_told_apart_by_most_of_their_bytes() {
        let marks = |texts: [&str; 3]| texts.map(|text| Mark::of(None, text.as_bytes())).to_vec();
        assert!(is_same(&marks(["a", "b", "c"]), &marks(["a", "b", "x"])));
        assert!(!is_same(&marks(["a", "b", "c"]), &marks(["a", "y", "x"])));
    }
}
