//! Groups: the entries that mean the same record, which are sent in order.

use crate::id::RecordId;
use crate::key::KeyValues;
use ring::digest::{SHA256, digest};

/// The hash of what identifies a record.
pub(super) type Group = [u8; 16];

/// Returns the group of the entries with this key.
pub(super) fn group_of_key(entity: &str, key: &KeyValues) -> Group {
    group(&[entity, "key", &key.to_json()])
}

/// Returns the group of the entries with this id.
pub(super) fn group_of_id(entity: &str, id: &RecordId) -> Group {
    group(&[entity, "id", &id.to_string()])
}

fn group(parts: &[&str]) -> Group {
    let text = serde_json::to_string(parts).expect("texts can be written as JSON");
    let hash = digest(&SHA256, text.as_bytes());
    hash.as_ref()[..16].try_into().expect("SHA-256 has 32 bytes")
}
