//! What is known of an entity until its next change, so that deep pages and counts need not run through all rows.

use std::collections::{BTreeMap, HashMap};

use super::{Key, Order, Query};

#[derive(Debug, Default)]
pub(super) struct Shortcuts(HashMap<String, Known>);

#[derive(Debug, Default)]
struct Known {
    count: Option<i64>,
    /// Offset → the id of the row just before it, in the order of ids.
    before: BTreeMap<u64, Key>,
}

impl Shortcuts {
    /// The last row known before the query's offset: how many rows lie before it, itself included, and its id.
    pub fn before(&self, entity: &str, query: &Query) -> Option<(u64, Key)> {
        let known = self.0.get(entity).filter(|_| runs_by_id(query))?;
        known.before.range(..=query.offset).next_back().map(|(offset, key)| (*offset, key.clone()))
    }

    /// Notes where a page of this query ended.
    pub fn note_page(&mut self, entity: &str, query: &Query, rows: u64, last: Option<Key>) {
        if let Some(last) = last.filter(|_| runs_by_id(query)) {
            self.known(entity).before.insert(query.offset + rows, last);
        }
    }

    pub fn count(&self, entity: &str, query: &Query) -> Option<i64> {
        self.0.get(entity).filter(|_| query.filters.is_empty())?.count
    }

    pub fn note_count(&mut self, entity: &str, query: &Query, count: i64) {
        if query.filters.is_empty() {
            self.known(entity).count = Some(count);
        }
    }

    /// The entity has changed.
    pub fn forget(&mut self, entity: &str) {
        self.0.remove(entity);
    }

    pub fn forget_all(&mut self) {
        self.0.clear();
    }

    fn known(&mut self, entity: &str) -> &mut Known {
        self.0.entry(entity.to_owned()).or_default()
    }
}

fn runs_by_id(query: &Query) -> bool {
    let by_id = match &query.order {
        Order::Natural => true,
        Order::By { field, descending } => field == "id" && !descending,
        Order::Random => false,
    };
    by_id && query.filters.is_empty()
}
