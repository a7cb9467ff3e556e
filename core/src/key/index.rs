//! An index of the records of a list by their key.

use super::value::KeyValue;
use super::{KeyValues, RecordKey};
use crate::id::RecordId;
use crate::record::{Paths, Record};
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

/// Finds records by their key. It keeps them, and with them the pages of their list.
#[derive(Debug)]
pub(crate) struct KeyIndex {
    /// The fields of the key, and the id.
    paths: Paths,
    hasher: RandomState,
    /// The records by a hash of their key. Other keys may have the same hash.
    records: HashMap<u64, Vec<Entry>>,
}

#[derive(Debug)]
struct Entry {
    key: Vec<KeyValue>,
    id: Option<RecordId>,
    record: Record,
}

impl KeyIndex {
    pub(crate) fn new(key: &RecordKey) -> Self {
        let paths = Paths::new(key.fields.iter().map(String::as_str).chain(["id"]));
        Self { paths, hasher: RandomState::new(), records: HashMap::new() }
    }

    /// Adds a record. One without a value for each field of the key is never found.
    pub(crate) fn add(&mut self, record: Record) {
        let mut found = self.paths.find(record.json());
        let id = found.pop().flatten().and_then(RecordId::from_json);
        let values = found.into_iter().map(|json| KeyValue::from_json(json?).ok()).collect::<Option<Vec<_>>>();
        if let Some(key) = values {
            // Most keys have one record, and an empty `Vec` would reserve space for four.
            let same_hash = self.records.entry(self.hash(&key)).or_insert_with(|| Vec::with_capacity(1));
            same_hash.push(Entry { key, id, record });
        }
    }

    /// Returns the records with this key and their ids, in the order in which they were added.
    pub(crate) fn get(&self, key: &KeyValues) -> Vec<(Option<RecordId>, Record)> {
        let candidates = self.records.get(&self.hash(&key.values)).map_or(&[][..], Vec::as_slice);
        let found = candidates.iter().filter(|entry| entry.has_key(&key.values));
        found.map(|entry| (entry.id.clone(), entry.record.clone())).collect()
    }

    fn hash(&self, key: &[KeyValue]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        for value in key {
            value.loose().hash(&mut hasher);
        }
        hasher.finish()
    }
}

impl Entry {
    fn has_key(&self, key: &[KeyValue]) -> bool {
        self.key.iter().zip(key).all(|(stored, given)| stored.is_same(given))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(json: &str) -> Record {
        Record::from_json(json).unwrap()
    }

    #[test]
    fn records_are_found_by_all_spellings_of_their_key() {
        let mut index = KeyIndex::new(&"n".into());
        let stored = [r#"{"n": 7}"#, r#"{"n": "7"}"#, r#"{"n": "7.0"}"#, r#"{"n": " x "}"#, r#"{"n": null}"#, "{}"];
        for json in stored {
            index.add(record(json));
        }
        for (given, found) in [
            (r#"{"n": 7.0}"#, &stored[..3]),
            (r#"{"n": "7"}"#, &stored[..2]),
            (r#"{"n": "7.00"}"#, &stored[..1]),
            (r#"{"n": "x"}"#, &stored[3..4]),
            (r#"{"n": "y"}"#, &[]),
        ] {
            let values = KeyValues::of(&record(given), &"n".into()).unwrap();
            let records = index.get(&values);
            assert_eq!(records.iter().map(|(_, record)| record.json()).collect::<Vec<_>>(), found, "{given}");
        }
    }
}
