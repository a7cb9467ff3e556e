//! One record of a page, as far as telling records and pages apart goes.

use crate::id::RecordId;
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a record is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Id(RecordId),
    /// A record without an id, by the hash of its bytes.
    Bytes(u64),
}

impl Mark {
    pub(super) fn of(id: Option<&RecordId>, json: &[u8]) -> Self {
        if let Some(id) = id {
            return Self::Id(id.clone());
        }
        Self::Bytes(hash(json))
    }

    pub(super) fn id(&self) -> Option<&RecordId> {
        match self {
            Self::Id(id) => Some(id),
            Self::Bytes(_) => None,
        }
    }

    /// The hash of a record without an id.
    pub(super) fn bytes(&self) -> Option<u64> {
        match self {
            Self::Id(_) => None,
            Self::Bytes(hash) => Some(*hash),
        }
    }
}

pub(super) fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
