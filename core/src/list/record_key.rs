//! One record of a page, as far as telling records and pages apart goes.

use crate::id::RecordId;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a record is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RecordKey {
    Id(RecordId),
    /// A record without an id, by the hash of its bytes.
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

    /// The hash of a record without an id.
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
