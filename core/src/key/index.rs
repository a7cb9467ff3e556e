//! An index of the records of a list by their key.

use super::{KeyValues, RecordKey};
use crate::record::Record;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

/// Finds records by their key. It keeps them, and with them the pages of their list.
#[derive(Debug)]
pub(crate) struct KeyIndex {
    key: RecordKey,
    hasher: RandomState,
    /// The records by a hash of their key. Other keys may have the same hash.
    records: HashMap<u64, Vec<Record>>,
}

impl KeyIndex {
    pub(crate) fn new(key: &RecordKey) -> Self {
        Self { key: key.clone(), hasher: RandomState::new(), records: HashMap::new() }
    }

    /// Adds a record. One without a value for each field of the key is never found.
    pub(crate) fn add(&mut self, record: Record) {
        if let Ok(values) = KeyValues::of(&record, &self.key) {
            self.records.entry(self.hash(&values)).or_default().push(record);
        }
    }

    /// Returns the records with this key, in the order in which they were added.
    pub(crate) fn get(&self, values: &KeyValues) -> Vec<Record> {
        let candidates = self.records.get(&self.hash(values)).map_or(&[][..], Vec::as_slice);
        candidates.iter().filter(|record| values.first_difference(record).is_none()).cloned().collect()
    }

    fn hash(&self, values: &KeyValues) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        values.fields.iter().for_each(|(_, value)| value.loose().hash(&mut hasher));
        hasher.finish()
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
            assert_eq!(records.iter().map(Record::json).collect::<Vec<_>>(), found, "{given}");
        }
    }
}
