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
    /// Notes an id; false where it was given out before.
    pub(super) fn insert(&mut self, id: &RecordId) -> bool {
        match id.as_i64().and_then(|int| u64::try_from(int).ok()) {
            Some(number) => self.numbers.insert(number),
            None => self.others.insert(id.clone()),
        }
    }
}
