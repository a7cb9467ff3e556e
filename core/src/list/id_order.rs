//! Detects whether a list is sorted by ascending numeric id, so that new rows appear only at its end.

use super::record_key::RecordKey;
use crate::id::RecordId;

/// Checks that the pages are sorted by ascending id.
///
/// It is not enough that this order was requested: all pages must show it.
#[derive(Debug)]
pub(super) struct IdOrder {
    /// The order was requested, and no page contradicts it.
    may_hold: bool,
    /// A page with more than one row has shown it.
    is_shown: bool,
    last_id: Option<i64>,
}

impl IdOrder {
    /// Starts the check. `requested`: the server was asked for this order.
    pub(super) fn new(requested: bool) -> Self {
        Self { may_hold: requested, is_shown: false, last_id: None }
    }

    /// Returns whether all pages so far were in this order.
    pub(super) fn is_ascending(&self) -> bool {
        self.may_hold && self.is_shown
    }

    /// Checks the next page. Ids that are strings do not count, since they may be random.
    pub(super) fn add(&mut self, page: &[RecordKey]) {
        self.is_shown |= page.len() > 1;
        for key in page {
            let id = key.id().and_then(RecordId::as_i64);
            self.may_hold &= id.is_some() && id > self.last_id;
            self.last_id = id;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_ascending(requested: bool, pages: &[&[RecordId]]) -> bool {
        let mut order = IdOrder::new(requested);
        for page in pages {
            order.add(&page.iter().cloned().map(RecordKey::Id).collect::<Vec<_>>());
        }
        order.is_ascending()
    }

    #[test]
    fn only_numbers_that_ascend_across_all_pages_count() {
        assert!(is_ascending(true, &[&[3.into(), 5.into()], &[6.into()]]));
        assert!(
            !is_ascending(true, &[&[3.into()], &[5.into()]]),
            "rows may have been inserted in front between the pages"
        );
        assert!(!is_ascending(false, &[&[3.into(), 5.into()]]), "the order was not requested");
        assert!(!is_ascending(true, &[&[5.into(), 3.into()]]));
        assert!(
            !is_ascending(true, &[&[3.into(), 5.into()], &[5.into(), 6.into()]]),
            "a row has moved to the next page"
        );
        assert!(!is_ascending(true, &[&["a".into(), "b".into()]]));
        let mut without_id = IdOrder::new(true);
        without_id.add(&[RecordKey::new(None, b"{}")]);
        assert!(!without_id.is_ascending());
    }
}
