//! Whether rows that others insert come at the end of a list.

use super::record_key::RecordKey;
use crate::id::RecordId;

/// They do where rows are sorted by id and ids are given in their order. The pages must bear it out.
#[derive(Debug)]
pub(super) struct IdOrder {
    /// The server was asked for that order, and nothing speaks against it.
    may_hold: bool,
    /// A page has shown it: one row alone shows no order.
    shown: bool,
    highest: Option<i64>,
}

impl IdOrder {
    /// `by_id`: the server was asked for that order.
    pub(super) fn new(by_id: bool) -> Self {
        Self { may_hold: by_id, shown: false, highest: None }
    }

    /// Whether all pages so far bear it out.
    pub(super) fn holds(&self) -> bool {
        self.may_hold && self.shown
    }

    /// Looks at the next page. Ids that are texts may be made at random, so only numbers that ascend will do.
    pub(super) fn see(&mut self, page: &[RecordKey]) {
        self.shown |= page.len() > 1;
        for key in page {
            let number = key.id().and_then(RecordId::as_i64);
            self.may_hold &= number.is_some() && number > self.highest;
            self.highest = number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(by_id: bool, pages: &[&[RecordId]]) -> bool {
        let mut id_order = IdOrder::new(by_id);
        for page in pages {
            id_order.see(&page.iter().cloned().map(RecordKey::Id).collect::<Vec<_>>());
        }
        id_order.holds()
    }

    #[test]
    fn only_numbers_that_ascend_from_page_to_page_will_do() {
        assert!(holds(true, &[&[3.into(), 5.into()], &[6.into()]]));
        assert!(!holds(true, &[&[3.into()], &[5.into()]]), "two rows in front may have come between the pages");
        assert!(!holds(false, &[&[3.into(), 5.into()]]), "nobody asked for it");
        assert!(!holds(true, &[&[5.into(), 3.into()]]));
        assert!(!holds(true, &[&[3.into(), 5.into()], &[5.into(), 6.into()]]), "a row has moved to the next page");
        assert!(!holds(true, &[&["a".into(), "b".into()]]));
        let mut unnamed = IdOrder::new(true);
        unnamed.see(&[RecordKey::new(None, b"{}")]);
        assert!(!unnamed.holds());
    }
}
