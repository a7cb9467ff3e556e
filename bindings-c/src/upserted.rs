//! The result of `egito_upsert`.

use crate::change::{Changed, egito_change};
use crate::ffi::without_nul;
use crate::handle::{Handle, HandleTag, free, handle, if_live};
use crate::panic::infallible;
use egito_core::Upserted;
use std::ffi::{CString, c_char};
use std::ptr::null;

/// A record that egito_upsert created, updated or left unchanged. Immutable and thread-safe.
pub struct egito_upserted {
    tag: HandleTag,
    id: CString,
    changed: Changed,
}
handle!(egito_upserted, b"e_upsert");

impl egito_upserted {
    pub(crate) fn new(upserted: &Upserted) -> Self {
        Self {
            tag: HandleTag::new(Self::TAG),
            id: without_nul(&upserted.id.to_json()),
            changed: Changed::new(Some(upserted.change), &upserted.fields, &upserted.duplicates),
        }
    }
}

/// Returns the id of the record as JSON: the oldest one if several records have the key; NULL if upserted is NULL.
///
/// Do not free the string: it belongs to the result. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_upserted_id_json(upserted: Option<&egito_upserted>) -> *const c_char {
    infallible(null(), || if_live(upserted).map_or(null(), |upserted| upserted.id.as_ptr()))
}

/// Returns how the stored record changed; EGITO_CHANGE_NONE if upserted is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_upserted_change(upserted: Option<&egito_upserted>) -> egito_change {
    infallible(egito_change::EGITO_CHANGE_NONE, || {
        if_live(upserted).map_or(egito_change::EGITO_CHANGE_NONE, |upserted| upserted.changed.change)
    })
}

/// Returns the number of updated fields; 0 if upserted is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_upserted_field_count(upserted: Option<&egito_upserted>) -> usize {
    infallible(0, || if_live(upserted).map_or(0, |upserted| upserted.changed.field_count()))
}

/// Returns the name of an updated field; NULL if index is not smaller than egito_upserted_field_count, and if upserted
/// is NULL.
///
/// Do not free the string: it belongs to the result. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_upserted_field(upserted: Option<&egito_upserted>, index: usize) -> *const c_char {
    infallible(null(), || if_live(upserted).map_or(null(), |upserted| upserted.changed.field(index)))
}

/// Returns the number of all records with the key if there are several; otherwise 0, and if upserted is NULL.
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_upserted_duplicate_count(upserted: Option<&egito_upserted>) -> usize {
    infallible(0, || if_live(upserted).map_or(0, |upserted| upserted.changed.duplicate_count()))
}

/// Returns the id of one of several records with the key as JSON, the oldest first; NULL if index is not smaller than
/// egito_upserted_duplicate_count, and if upserted is NULL.
///
/// Do not free the string: it belongs to the result. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_upserted_duplicate_id_json(upserted: Option<&egito_upserted>, index: usize) -> *const c_char {
    infallible(null(), || if_live(upserted).map_or(null(), |upserted| upserted.changed.duplicate(index)))
}

/// Frees a result of egito_upsert. NULL is allowed. Any thread, after all other uses of the result.
#[unsafe(no_mangle)]
pub extern "C" fn egito_upserted_free(upserted: *mut egito_upserted) {
    infallible((), || free(upserted));
}
