//! Removes records that were returned before, and detects pages that contain nothing new.

use super::record_key::{RecordKey, hash};
use super::seen_ids::SeenIds;
use std::collections::HashSet;

/// Remembers the records of all pages.
#[derive(Debug, Default)]
pub(super) struct Deduplicator {
    seen_ids: SeenIds,
    /// For each page, one hash of all its records without ids, in any order.
    page_hashes: HashSet<u64>,
    /// The content hashes of the records without ids of the last page.
    last_hashes: Vec<u64>,
}

impl Deduplicator {
    /// Adds a page. Returns, for each record, whether the caller receives it; and whether the page contains anything new.
    ///
    /// A record with an id is returned once. Records without ids are always returned: two that are equal may be two records.
    /// But records without ids are not new if the same ones were on an earlier page, or if most of them are equal to those of
    /// the last page. Otherwise a server could send such pages without end.
    pub(super) fn add(&mut self, page: &[RecordKey]) -> (Vec<bool>, bool) {
        let keep: Vec<bool> = page.iter().map(|key| key.id().is_none_or(|id| self.seen_ids.insert(id))).collect();
        let has_new_id = page.iter().zip(&keep).any(|(key, &keep)| keep && key.id().is_some());
        let has_new_without_id = self.has_new_without_id(page.iter().filter_map(RecordKey::content_hash).collect());
        (keep, has_new_id || has_new_without_id)
    }

    /// Adds records that are not returned to the caller.
    pub(super) fn add_skipped(&mut self, keys: &[RecordKey]) {
        for id in keys.iter().filter_map(RecordKey::id) {
            self.seen_ids.insert(id);
        }
    }

    /// Returns whether this record has an id that was added before.
    pub(super) fn has_seen(&self, key: &RecordKey) -> bool {
        key.id().is_some_and(|id| self.seen_ids.contains(id))
    }

    fn has_new_without_id(&mut self, hashes: Vec<u64>) -> bool {
        let mut sorted = hashes.clone();
        sorted.sort_unstable();
        let is_new = !hashes.is_empty() && self.page_hashes.insert(hash(&sorted));
        let last = std::mem::replace(&mut self.last_hashes, hashes);
        is_new && !is_mostly_equal(&last, &self.last_hashes)
    }
}

/// Returns whether more than half of the records are equal to those at the same positions of the last page.
fn is_mostly_equal(last: &[u64], hashes: &[u64]) -> bool {
    let equal = last.iter().zip(hashes).filter(|(before, now)| before == now).count();
    last.len() == hashes.len() && equal * 2 > hashes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has_new(dedup: &mut Deduplicator, records: &[&str]) -> bool {
        let page: Vec<RecordKey> = records.iter().map(|text| RecordKey::new(None, text.as_bytes())).collect();
        let (keep, is_new) = dedup.add(&page);
        assert_eq!(keep, vec![true; records.len()], "records without an id are always returned");
        is_new
    }

    #[test]
    fn records_without_ids_are_new_unless_an_earlier_page_had_the_same_in_any_order() {
        let mut all = Deduplicator::default();
        assert!(has_new(&mut all, &["a", "b"]));
        assert!(has_new(&mut all, &["c", "d"]));
        assert!(!has_new(&mut all, &["a", "b"]));
        assert!(!has_new(&mut all, &["d", "c"]));
        assert!(has_new(&mut all, &["a", "d"]));
    }

    #[test]
    fn a_page_without_ids_that_mostly_equals_the_last_one_is_not_new() {
        let mut all = Deduplicator::default();
        assert!(has_new(&mut all, &["a", "b", "1"]));
        assert!(!has_new(&mut all, &["a", "b", "2"]));
        assert!(has_new(&mut all, &["a", "c", "d"]));
    }

    #[test]
    fn a_record_without_an_id_next_to_known_ids_is_new_once() {
        let page = [RecordKey::Id(1.into()), RecordKey::new(None, b"{}")];
        let mut all = Deduplicator::default();
        assert_eq!(all.add(&page), (vec![true, true], true));
        assert_eq!(all.add(&page), (vec![false, true], false));
    }
}
