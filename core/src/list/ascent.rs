//! Whether rows that others insert come at the end of a list.

use super::mark::Mark;
use crate::id::RecordId;

/// They do where rows are sorted by id and ids are given in their order. The pages must bear it out.
#[derive(Debug)]
pub(super) struct Ascent {
    /// The server was asked for that order, and nothing speaks against it.
    may_hold: bool,
    /// A page has shown it: one row alone shows no order.
    shown: bool,
    highest: Option<i64>,
}

impl Ascent {
    /// `by_id`: the server was asked for that order.
    pub(super) fn new(by_id: bool) -> Self {
        Self { may_hold: by_id, shown: false, highest: None }
    }

    /// Whether all pages so far bear it out.
    pub(super) fn holds(&self) -> bool {
        self.may_hold && self.shown
    }

    /// Looks at the next page. Ids that are texts may be made at random, so only numbers that ascend will do.
    pub(super) fn see(&mut self, page: &[Mark]) {
        self.shown |= page.len() > 1;
        for mark in page {
            let number = mark.id().and_then(RecordId::as_i64);
            self.may_hold &= number.is_some() && number > self.highest;
            self.highest = number;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(by_id: bool, pages: &[&[RecordId]]) -> bool {
        let mut ascent = Ascent::new(by_id);
        for page in pages {
            ascent.see(&page.iter().cloned().map(Mark::Id).collect::<Vec<_>>());
        }
        ascent.holds()
    }

    #[test]
    fn only_numbers_that_ascend_from_page_to_page_will_do() {
        assert!(holds(true, &[&[3.into(), 5.into()], &[6.into()]]));
        assert!(!holds(true, &[&[3.into()], &[5.into()]]), "two rows in front may have come between the pages");
        assert!(!holds(false, &[&[3.into(), 5.into()]]), "nobody asked for it");
        assert!(!holds(true, &[&[5.into(), 3.into()]]));
        assert!(!holds(true, &[&[3.into(), 5.into()], &[5.into(), 6.into()]]), "a row has moved to the next page");
        assert!(!holds(true, &[&["a".into(), "b".into()]]));
        let mut unnamed = Ascent::new(true);
        unnamed.see(&[Mark::of(None, b"{}")]);
        assert!(!unnamed.holds());
    }
}
