//! Groups: the entries that mean the same record, which are sent in order.

use crate::hash::sha256_of_texts;
use crate::id::RecordId;
use crate::key::KeyValues;

/// The hash of what identifies a record.
pub(super) type Group = [u8; 16];

/// Returns the group of the entries with this key.
pub(super) fn group_of_key(entity: &str, key: &KeyValues) -> Group {
    sha256_of_texts(&[entity, "key", &key.to_json()])
}

/// Returns the group of the entries with this id.
pub(super) fn group_of_id(entity: &str, id: &RecordId) -> Group {
    sha256_of_texts(&[entity, "id", &id.to_string()])
}
