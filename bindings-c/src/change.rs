//! What an upsert changed: a part of its result, and of the rows of its bulks.

use crate::ffi::without_nul;
use crate::panic::infallible;
use egito_core::{Change, RecordId};
use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr::null;

/// How an upsert changed the stored record.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum egito_change {
    /// Not an upsert, or it failed.
    EGITO_CHANGE_NONE = 0,
    /// No record had the key, so it was created.
    EGITO_CHANGE_CREATED = 1,
    /// One record has the key, and some of its fields were updated.
    EGITO_CHANGE_UPDATED = 2,
    /// One record has the key, and all given fields have these values. Nothing was written.
    EGITO_CHANGE_UNCHANGED = 3,
    /// Several records have the key. Nothing was written.
    EGITO_CHANGE_AMBIGUOUS = 4,
}

impl From<Change> for egito_change {
    fn from(change: Change) -> Self {
        match change {
            Change::Created => Self::EGITO_CHANGE_CREATED,
            Change::Updated => Self::EGITO_CHANGE_UPDATED,
            Change::Unchanged => Self::EGITO_CHANGE_UNCHANGED,
            Change::Ambiguous => Self::EGITO_CHANGE_AMBIGUOUS,
            _ => Self::EGITO_CHANGE_NONE, // a newer change
        }
    }
}

const NAMES: [&CStr; 4] = [c"created", c"updated", c"unchanged", c"ambiguous"];

/// Returns the name of a change, such as "created" for EGITO_CHANGE_CREATED; NULL for EGITO_CHANGE_NONE and an unknown
/// change.
///
/// Do not free the string: it is static. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_change_name(change: c_int) -> *const c_char {
    infallible(null(), || {
        let index = usize::try_from(change).ok().and_then(|change| change.checked_sub(1));
        index.and_then(|index| NAMES.get(index)).map_or(null(), |name| name.as_ptr())
    })
}

/// What an upsert changed, as C strings.
pub(crate) struct Changed {
    pub(crate) change: egito_change,
    fields: Vec<CString>,
    duplicates: Vec<CString>,
}

impl Changed {
    pub(crate) fn new(change: Option<Change>, fields: &[String], duplicates: &[RecordId]) -> Self {
        Self {
            change: change.map_or(egito_change::EGITO_CHANGE_NONE, egito_change::from),
            fields: fields.iter().map(|name| without_nul(name)).collect(),
            duplicates: duplicates.iter().map(|id| without_nul(&id.to_json())).collect(),
        }
    }

    pub(crate) fn field_count(&self) -> usize {
        self.fields.len()
    }

    /// Returns NULL after the last field.
    pub(crate) fn field(&self, index: usize) -> *const c_char {
        self.fields.get(index).map_or(null(), |name| name.as_ptr())
    }

    pub(crate) fn duplicate_count(&self) -> usize {
        self.duplicates.len()
    }

    /// Returns NULL after the last duplicate.
    pub(crate) fn duplicate(&self, index: usize) -> *const c_char {
        self.duplicates.get(index).map_or(null(), |id| id.as_ptr())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_the_core_has_the_name_of_its_constant() {
        for change in [Change::Created, Change::Updated, Change::Unchanged, Change::Ambiguous] {
            let (constant, name) = (egito_change::from(change), egito_change_name(egito_change::from(change) as c_int));
            let name = crate::ffi::required_string("name", name).expect("a name");
            assert_eq!(format!("{constant:?}"), format!("EGITO_CHANGE_{}", name.to_uppercase()));
            assert_eq!(serde_json::to_string(&change).expect("JSON"), format!("\"{name}\""));
        }
        assert!([-1, 0, 5].into_iter().all(|change| egito_change_name(change).is_null()));
    }
}
