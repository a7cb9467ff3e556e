//! Caches counts and page positions of an entity until it changes, so deep pages and counts do not scan all rows.

use std::collections::{BTreeMap, HashMap};

use super::{Key, Order, Query};

#[derive(Debug, Default)]
pub(super) struct StoreCache(HashMap<String, CachedEntity>);

#[derive(Debug, Default)]
struct CachedEntity {
    count: Option<i64>,
    /// Offset → id of the row just before it, in the order of ids.
    before: BTreeMap<u64, Key>,
}

impl StoreCache {
    /// Returns the last known row before the query's offset: its position, counted from 1, and its id.
    pub fn before(&self, entity: &str, query: &Query) -> Option<(u64, Key)> {
        let cached = self.0.get(entity).filter(|_| is_sorted_by_id(query))?;
        cached.before.range(..=query.offset).next_back().map(|(offset, key)| (*offset, key.clone()))
    }

    /// Stores the position at which a page of this query ended.
    pub fn note_page(&mut self, entity: &str, query: &Query, rows: u64, last: Option<Key>) {
        if let Some(last) = last.filter(|_| is_sorted_by_id(query)) {
            self.entry(entity).before.insert(query.offset + rows, last);
        }
    }

    pub fn count(&self, entity: &str, query: &Query) -> Option<i64> {
        self.0.get(entity).filter(|_| query.filters.is_empty())?.count
    }

    pub fn note_count(&mut self, entity: &str, query: &Query, count: i64) {
        if query.filters.is_empty() {
            self.entry(entity).count = Some(count);
        }
    }

    /// Discards what is cached of an entity that has changed.
    pub fn invalidate(&mut self, entity: &str) {
        self.0.remove(entity);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    fn entry(&mut self, entity: &str) -> &mut CachedEntity {
        self.0.entry(entity.to_owned()).or_default()
    }
}

fn is_sorted_by_id(query: &Query) -> bool {
    let by_id = match &query.order {
        Order::Natural => true,
        Order::By { field, descending, .. } => field == "id" && !descending,
        Order::Random => false,
    };
    by_id && query.filters.is_empty()
}
