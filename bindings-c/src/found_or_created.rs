//! The result of `egito_create_once`.

use crate::handle::{Handle, HandleTag, free, handle, if_live};
use crate::panic::infallible;
use egito_core::{FoundOrCreated, RecordId};
use std::ffi::{CString, c_char};
use std::ptr::null;

/// A record that egito_create_once found or created. Immutable and thread-safe.
pub struct egito_found_or_created {
    tag: HandleTag,
    id: CString,
    created: bool,
    duplicates: Vec<CString>,
}
handle!(egito_found_or_created, b"e_found_");

impl egito_found_or_created {
    pub(crate) fn new(found: &FoundOrCreated) -> Self {
        let text = |id: &RecordId| CString::new(id.to_json()).expect("JSON has no NUL");
        Self {
            tag: HandleTag::new(Self::TAG),
            id: text(&found.id),
            created: found.created,
            duplicates: found.duplicates.iter().map(text).collect(),
        }
    }
}

/// Returns the id of the record as JSON: the oldest one if several records have the key; NULL if found is NULL.
///
/// Do not free the string: it belongs to the result. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_found_or_created_id_json(found: Option<&egito_found_or_created>) -> *const c_char {
    infallible(null(), || if_live(found).map_or(null(), |found| found.id.as_ptr()))
}

/// Returns whether the call created the record; false if it found the record, and if found is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_found_or_created_is_created(found: Option<&egito_found_or_created>) -> bool {
    infallible(false, || if_live(found).is_some_and(|found| found.created))
}

/// Returns the number of all records with the key if there are several; otherwise 0, and if found is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_found_or_created_duplicate_count(found: Option<&egito_found_or_created>) -> usize {
    infallible(0, || if_live(found).map_or(0, |found| found.duplicates.len()))
}

/// Returns the id of one of several records with the key as JSON, the oldest first; NULL if index is not smaller than
/// egito_found_or_created_duplicate_count, and if found is NULL.
///
/// Do not free the string: it belongs to the result. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_found_or_created_duplicate_id_json(
    found: Option<&egito_found_or_created>,
    index: usize,
) -> *const c_char {
    infallible(null(), || if_live(found).and_then(|found| found.duplicates.get(index)).map_or(null(), |id| id.as_ptr()))
}

/// Frees a result of egito_create_once. NULL is allowed. Any thread, after all other uses of the result.
#[unsafe(no_mangle)]
pub extern "C" fn egito_found_or_created_free(found: *mut egito_found_or_created) {
    infallible((), || free(found));
}
