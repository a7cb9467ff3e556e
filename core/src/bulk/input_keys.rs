//! The keys of the inputs of a bulk. Two inputs with the same key would race.

use super::change::Change;
use super::row::{BulkAction, BulkInput, KeyedInput};
use crate::error::{Error, Result};
use crate::key::{KeyHash, KeyValues, RecordKey};
use crate::record::RecordIndex;
use bytes::Bytes;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The keys of the inputs so far, as hashes, and the index of the input that has each of them.
#[derive(Debug, Default)]
pub(super) struct InputKeys(HashMap<KeyHash, u64>);

impl InputKeys {
    /// Adds the key of an input that may create a record, and returns the input as its call needs it; `None` for other inputs.
    ///
    /// Error `config`: the input is not an object (setting `record`), has no valid key, or has the key of an earlier input
    /// (setting `key`).
    pub(super) fn add(
        &mut self,
        action: BulkAction,
        input: &BulkInput,
        key: &RecordKey,
        index: u64,
    ) -> Result<Option<Box<KeyedInput>>> {
        let Some(json) = input.record.as_ref().filter(|_| may_create(action, input)) else { return Ok(None) };
        let record = RecordIndex::from_bytes(&Bytes::copy_from_slice(json.get().as_bytes()))?;
        let values = KeyValues::of_index(&record, key)?;
        match self.0.entry(values.hash()) {
            Entry::Vacant(entry) => entry.insert(index),
            Entry::Occupied(entry) => return Err(same_key(*entry.get(), index, &values)),
        };
        Ok(Some(Box::new(KeyedInput { record, values })))
    }
}

fn may_create(action: BulkAction, input: &BulkInput) -> bool {
    action != BulkAction::ApplyUpsert || input.change == Some(Change::Created)
}

fn same_key(earlier: u64, index: u64, values: &KeyValues) -> Error {
    let names = values.names();
    let message = format!(
        "invalid `key`: the inputs {earlier} and {index} have the same key ({names}); only the first of them is sent, since calls \
         run at the same time and either could win"
    );
    Error::config("key", message)
}
