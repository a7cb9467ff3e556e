//! What a page brings: which of its records are given out, and whether there is anything new in it.

use super::mark::{Mark, hash};
use super::seen::Seen;
use std::collections::HashSet;

/// What the pages so far have brought.
#[derive(Debug, Default)]
pub(super) struct News {
    seen: Seen,
    /// The records without ids of each page, by one hash for all of them in whatever order.
    unnamed: HashSet<u64>,
    /// Those of the last page, one by one.
    last_unnamed: Vec<u64>,
}

impl News {
    /// For each record whether it is given out, and whether the page brings anything new.
    ///
    /// Two records without ids that are alike may well be two, so all of them are given out. But a page of them that was
    /// there before, or is mostly the last one again, is nothing new: else a server could send such pages for ever.
    pub(super) fn of(&mut self, page: &[Mark]) -> (Vec<bool>, bool) {
        let give: Vec<bool> = page.iter().map(|mark| mark.id().is_none_or(|id| self.seen.insert(id))).collect();
        let new_id = page.iter().zip(&give).any(|(mark, &give)| give && mark.id().is_some());
        let new_unnamed = self.has_new_unnamed(page.iter().filter_map(Mark::bytes).collect());
        (give, new_id || new_unnamed)
    }

    /// Notes records that are not given out.
    pub(super) fn note(&mut self, marks: &[Mark]) {
        for id in marks.iter().filter_map(Mark::id) {
            self.seen.insert(id);
        }
    }

    /// Whether the record was given out or noted before.
    pub(super) fn knows(&self, mark: &Mark) -> bool {
        mark.id().is_some_and(|id| self.seen.contains(id))
    }

    fn has_new_unnamed(&mut self, unnamed: Vec<u64>) -> bool {
        let mut sorted = unnamed.clone();
        sorted.sort_unstable();
        let is_new = !unnamed.is_empty() && self.unnamed.insert(hash(&sorted));
        let last = std::mem::replace(&mut self.last_unnamed, unnamed);
        is_new && !is_mostly(&last, &self.last_unnamed)
    }
}

/// Whether most records stand where they stood before.
fn is_mostly(last: &[u64], unnamed: &[u64]) -> bool {
    let alike = last.iter().zip(unnamed).filter(|(before, now)| before == now).count();
    last.len() == unnamed.len() && alike * 2 > unnamed.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(news: &mut News, texts: &[&str]) -> bool {
        let page: Vec<Mark> = texts.iter().map(|text| Mark::of(None, text.as_bytes())).collect();
        let (give, is_new) = news.of(&page);
        assert_eq!(give, vec![true; texts.len()], "no record without an id is held back");
        is_new
    }

    #[test]
    fn pages_without_ids_are_new_unless_they_were_there_in_whatever_order() {
        let mut all = News::default();
        assert!(news(&mut all, &["a", "b"]));
        assert!(news(&mut all, &["c", "d"]));
        assert!(!news(&mut all, &["a", "b"]));
        assert!(!news(&mut all, &["d", "c"]));
        assert!(news(&mut all, &["a", "d"]));
    }

    #[test]
    fn a_page_without_ids_that_is_mostly_the_last_one_is_nothing_new() {
        let mut all = News::default();
        assert!(news(&mut all, &["a", "b", "1"]));
        assert!(!news(&mut all, &["a", "b", "2"]));
        assert!(news(&mut all, &["a", "c", "d"]));
    }

    #[test]
    fn beside_records_that_are_known_one_without_an_id_is_new_once() {
        let page = [Mark::Id(1.into()), Mark::of(None, b"{}")];
        let mut all = News::default();
        assert_eq!(all.of(&page), (vec![true, true], true));
        assert_eq!(all.of(&page), (vec![false, true], false));
    }
}
