//! Which ids a list has given out: a few bits or bytes each, never the records.

use crate::id::RecordId;
use roaring::RoaringTreemap;
use std::collections::HashSet;

/// The ids given out so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    numbers: RoaringTreemap,
    others: HashSet<RecordId>,
}

impl Seen {
    /// Whether an id was given out.
    pub(super) fn contains(&self, id: &RecordId) -> bool {
        match number(id) {
            Some(number) => self.numbers.contains(number),
            None => self.others.contains(id),
        }
    }

    /// Notes an id; false where it was given out before.
    pub(super) fn insert(&mut self, id: &RecordId) -> bool {
        match number(id) {
            Some(number) => self.numbers.insert(number),
            None => self.others.insert(id.clone()),
        }
    }
}

fn number(id: &RecordId) -> Option<u64> {
    id.as_i64().and_then(|int| u64::try_from(int).ok())
}
