//! Identifies a record, so that records and pages can be compared without keeping them.

use crate::id::RecordId;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The identity of a record: its id, or a hash of its content if it has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RecordKey {
    Id(RecordId),
    /// A record without an id.
    ContentHash(u64),
}

impl RecordKey {
    pub(super) fn new(id: Option<&RecordId>, json: &[u8]) -> Self {
        if let Some(id) = id {
            return Self::Id(id.clone());
        }
        Self::ContentHash(hash(json))
    }

    pub(super) fn id(&self) -> Option<&RecordId> {
        match self {
            Self::Id(id) => Some(id),
            Self::ContentHash(_) => None,
        }
    }

    /// Returns the hash of a record without an id.
    pub(super) fn content_hash(&self) -> Option<u64> {
        match self {
            Self::Id(_) => None,
            Self::ContentHash(hash) => Some(*hash),
        }
    }
}

pub(super) fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
