//! What a page brings: which of its records are given out, and whether there is anything new in it.

use super::record_key::{RecordKey, hash};
use super::seen_ids::SeenIds;
use std::collections::HashSet;

/// What the pages so far have content.
#[derive(Debug, Default)]
pub(super) struct Deduplicator {
    seen: SeenIds,
    /// The records without ids of each page, by one hash for all of them in whatever order.
    unnamed: HashSet<u64>,
    /// Those of the last page, one by one.
    last_unnamed: Vec<u64>,
}

impl Deduplicator {
    /// For each record whether it is given out, and whether the page brings anything new.
    ///
    /// Two records without ids that are alike may well be two, so all of them are given out. But a page of them that was
    /// there before, or is mostly the last one again, is nothing new: else a server could send such pages for ever.
    pub(super) fn of(&mut self, page: &[RecordKey]) -> (Vec<bool>, bool) {
        let keep: Vec<bool> = page.iter().map(|key| key.id().is_none_or(|id| self.seen.insert(id))).collect();
        let new_id = page.iter().zip(&keep).any(|(key, &keep)| keep && key.id().is_some());
        let new_unnamed = self.has_new_unnamed(page.iter().filter_map(RecordKey::content_hash).collect());
        (keep, new_id || new_unnamed)
    }

    /// Notes records that are not given out.
    pub(super) fn note(&mut self, keys: &[RecordKey]) {
        for id in keys.iter().filter_map(RecordKey::id) {
            self.seen.insert(id);
        }
    }

    /// Whether the record was given out or noted before.
    pub(super) fn knows(&self, key: &RecordKey) -> bool {
        key.id().is_some_and(|id| self.seen.contains(id))
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

    fn brings_new(dedup: &mut Deduplicator, texts: &[&str]) -> bool {
        let page: Vec<RecordKey> = texts.iter().map(|text| RecordKey::new(None, text.as_bytes())).collect();
        let (keep, is_new) = dedup.of(&page);
        assert_eq!(keep, vec![true; texts.len()], "no record without an id is held back");
        is_new
    }

    #[test]
    fn pages_without_ids_are_new_unless_they_were_there_in_whatever_order() {
        let mut all = Deduplicator::default();
        assert!(brings_new(&mut all, &["a", "b"]));
        assert!(brings_new(&mut all, &["c", "d"]));
        assert!(!brings_new(&mut all, &["a", "b"]));
        assert!(!brings_new(&mut all, &["d", "c"]));
        assert!(brings_new(&mut all, &["a", "d"]));
    }

    #[test]
    fn a_page_without_ids_that_is_mostly_the_last_one_is_nothing_new() {
        let mut all = Deduplicator::default();
        assert!(brings_new(&mut all, &["a", "b", "1"]));
        assert!(!brings_new(&mut all, &["a", "b", "2"]));
        assert!(brings_new(&mut all, &["a", "c", "d"]));
    }

    #[test]
    fn beside_records_that_are_known_one_without_an_id_is_new_once() {
        let page = [RecordKey::Id(1.into()), RecordKey::new(None, b"{}")];
        let mut all = Deduplicator::default();
        assert_eq!(all.of(&page), (vec![true, true], true));
        assert_eq!(all.of(&page), (vec![false, true], false));
    }
}
