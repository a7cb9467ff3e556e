//! The set of ids that a list has returned. It stores a few bits for each number and a hash for each string, but no record.

use crate::id::RecordId;
use roaring::RoaringTreemap;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

/// A compact set of record ids.
#[derive(Debug, Default)]
pub(super) struct SeenIds {
    /// Integers, 0 or more.
    numbers: RoaringTreemap,
    /// All other ids, as 128 bits of keyed hashes: two ids do not collide, and a server cannot make them collide.
    others: HashSet<u128>,
    keys: [RandomState; 2],
}

impl SeenIds {
    /// Returns whether the set contains the id.
    pub(super) fn contains(&self, id: &RecordId) -> bool {
        match number(id) {
            Some(number) => self.numbers.contains(number),
            None => self.others.contains(&self.hash(id)),
        }
    }

    /// Adds an id. Returns false if the set contained it already.
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
