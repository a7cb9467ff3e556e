//! Which ids a list has given out: a few bits of each number and a hash of each text, never the records.

use crate::id::RecordId;
use roaring::RoaringTreemap;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// The ids given out so far.
#[derive(Debug, Default)]
pub(super) struct SeenIds {
    numbers: RoaringTreemap,
    /// All other ids by 128 bits of keyed hashes, so that no two are taken for one, and nobody can make them be.
    others: HashSet<u128>,
    keys: [RandomState; 2],
}

impl SeenIds {
    /// Whether an id was given out.
    pub(super) fn contains(&self, id: &RecordId) -> bool {
        match number(id) {
            Some(number) => self.numbers.contains(number),
            None => self.others.contains(&self.hash(id)),
        }
    }

    /// Notes an id; false where it was given out before.
    pub(super) fn insert(&mut self, id: &RecordId) -> bool {
        match number(id) {
            Some(number) => self.numbers.insert(number),
            None => self.others.insert(self.hash(id)),
        }
    }

    fn hash(&self, id: &RecordId) -> u128 {
        let [high, low] = self.keys.each_ref().map(|key| u128::from(key.hash_one(id)));
        high << 64 | low
    }
}

fn number(id: &RecordId) -> Option<u64> {
    id.as_i64().and_then(|int| u64::try_from(int).ok())
}
