//! The keys of the inputs of a bulk. Two inputs with the same key would race.

use super::change::Change;
use super::row::{BulkAction, BulkInput, KeyedInput};
use crate::error::{Error, Result};
use crate::hash::sha256;
use crate::id::RecordId;
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
    /// Error `config`: the input is not an object (setting `record`), has no valid key, has the key of an earlier input, or updates the
    /// same record as an earlier one of a plan (setting `key`).
    pub(super) fn add(
        &mut self,
        entity: &str,
        action: BulkAction,
        input: &BulkInput,
        key: &RecordKey,
        index: u64,
    ) -> Result<Option<Box<KeyedInput>>> {
        let Some(json) = input.record.as_ref().filter(|_| may_create(action, input)) else {
            return if is_update(entity, action, input, key) { self.add_id(input, index) } else { Ok(None) };
        };
        let record = RecordIndex::from_bytes(&Bytes::copy_from_slice(json.get().as_bytes()))?;
        let values = KeyValues::of_index(&record, key)?;
        match self.0.entry(values.hash()) {
            Entry::Vacant(entry) => entry.insert(index),
            Entry::Occupied(entry) => return Err(same_key(*entry.get(), index, &values)),
        };
        Ok(Some(Box::new(KeyedInput { record, values })))
    }

    /// Adds the id of a planned update.
    fn add_id(&mut self, input: &BulkInput, index: u64) -> Result<Option<Box<KeyedInput>>> {
        let Some(id) = &input.id else { return Ok(None) };
        match self.0.entry(hash_of_id(id)) {
            Entry::Vacant(entry) => entry.insert(index),
            Entry::Occupied(entry) => return Err(same_id(*entry.get(), index, id)),
        };
        Ok(None)
    }
}

/// Returns whether an input is an update that was planned for this entity and key. Other plans are refused, and not sent.
fn is_update(entity: &str, action: BulkAction, input: &BulkInput, key: &RecordKey) -> bool {
    action == BulkAction::ApplyUpsert
        && input.change == Some(Change::Updated)
        && input.planned_for.as_deref() == Some(&key.plan_of(entity))
}

/// Returns a hash that no key has.
fn hash_of_id(id: &RecordId) -> KeyHash {
    sha256(format!("id {id}").as_bytes())
}

fn same_id(earlier: u64, index: u64, id: &RecordId) -> Error {
    let message = format!(
        "invalid plan: the inputs {earlier} and {index} both update the record {id}; only the first of them is sent, since calls run at \
         the same time and either could win"
    );
    Error::config("key", message)
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
