//! Rows: the result of one input of a bulk.

use crate::change::{Changed, egito_change};
use crate::error::egito_error;
use crate::handle::{Handle, HandleTag, free, handle, if_live};
use crate::panic::infallible;
use crate::record::{egito_record, egito_record_json};
use egito_core::BulkRow;
use std::ffi::{CStr, CString, c_char};
use std::ptr::null;

/// The result of one input of a bulk. Immutable and thread-safe.
pub struct egito_row {
    tag: HandleTag,
    index: u64,
    input: Input,
    id: Option<CString>,
    record: Option<egito_record>,
    changed: Changed,
    planned_for: Option<CString>,
    resumed: bool,
    error: Option<egito_error>,
}
handle!(egito_row, b"e_row___");

/// An input, byte for byte as it was passed.
#[derive(Default)]
pub(crate) struct Input {
    pub id: Option<CString>,
    pub record: Option<CString>,
}

impl egito_row {
    pub(crate) fn new(row: BulkRow, input: Input) -> Self {
        let text = |json: String| CString::new(json).expect("JSON has no NUL");
        let planned_for = row.planned_for.and_then(|text| CString::new(text).ok()); // names have no NUL
        Self {
            tag: HandleTag::new(Self::TAG),
            index: row.index,
            input,
            changed: Changed::new(row.change, &row.fields, &row.duplicates),
            planned_for,
            resumed: row.resumed,
            id: row.id.map(|id| text(id.to_json())),
            record: row.record.map(egito_record::new),
            error: row.error.map(egito_error::new),
        }
    }
}

/// Returns the position of the input, from 0; 0 if row is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_index(row: Option<&egito_row>) -> u64 {
    infallible(0, || if_live(row).map_or(0, |row| row.index))
}

/// Returns the id of the record that was created, read, changed, deleted or found, as JSON: the oldest one if several
/// records have the key; NULL if the call failed, for a record that a plan would create, and if row is NULL.
///
/// Do not free the string: it belongs to the row. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_id_json(row: Option<&egito_row>) -> *const c_char {
    infallible(null(), || borrowed(if_live(row).and_then(|row| row.id.as_deref())))
}

/// Returns the record that was read, as the server sent it. For a plan, returns what would be written: the whole record,
/// or the fields that differ. NULL for other actions, if there is nothing to write, if the call failed, and if row is
/// NULL.
///
/// Do not free the string: it belongs to the row. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_record_json(row: Option<&egito_row>) -> *const c_char {
    infallible(null(), || egito_record_json(if_live(row).and_then(|row| row.record.as_ref())))
}

/// Returns the record of egito_row_record_json as a handle, or NULL.
///
/// Do not free the record: it belongs to the row. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_record(row: Option<&egito_row>) -> *const egito_record {
    infallible(null(), || if_live(row).and_then(|row| row.record.as_ref()).map_or(null(), |record| record))
}

/// Returns what an upsert did, or would do according to a plan; EGITO_CHANGE_NONE for other actions, if the call failed,
/// and if row is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_change(row: Option<&egito_row>) -> egito_change {
    infallible(egito_change::EGITO_CHANGE_NONE, || {
        if_live(row).map_or(egito_change::EGITO_CHANGE_NONE, |row| row.changed.change)
    })
}

/// For a plan, returns its entity and key, such as "Account(nip)": it is only applied to these. NULL for other actions, if
/// the call failed, and if row is NULL.
///
/// Do not free the string: it belongs to the row. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_planned_for(row: Option<&egito_row>) -> *const c_char {
    infallible(null(), || borrowed(if_live(row).and_then(|row| row.planned_for.as_deref())))
}

/// Returns the number of fields that an upsert updated, or would update; 0 if row is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_field_count(row: Option<&egito_row>) -> usize {
    infallible(0, || if_live(row).map_or(0, |row| row.changed.field_count()))
}

/// Returns the name of a field that an upsert updated, or would update; NULL if index is not smaller than
/// egito_row_field_count, and if row is NULL.
///
/// Do not free the string: it belongs to the row. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_field(row: Option<&egito_row>, index: usize) -> *const c_char {
    infallible(null(), || if_live(row).map_or(null(), |row| row.changed.field(index)))
}

/// Returns the number of all records with the key if there are several; otherwise 0, and if row is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_duplicate_count(row: Option<&egito_row>) -> usize {
    infallible(0, || if_live(row).map_or(0, |row| row.changed.duplicate_count()))
}

/// Returns the id of one of several records with the key as JSON, the oldest first; NULL if index is not smaller than
/// egito_row_duplicate_count, and if row is NULL.
///
/// Do not free the string: it belongs to the row. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_duplicate_id_json(row: Option<&egito_row>, index: usize) -> *const c_char {
    infallible(null(), || if_live(row).map_or(null(), |row| row.changed.duplicate(index)))
}

/// Returns whether the call was made by an earlier run, whose journal has this result; false if row is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_is_resumed(row: Option<&egito_row>) -> bool {
    infallible(false, || if_live(row).is_some_and(|row| row.resumed))
}

/// Returns why the call failed; NULL if it succeeded, and if row is NULL.
///
/// Do not free the error: it belongs to the row. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_error(row: Option<&egito_row>) -> *const egito_error {
    infallible(null(), || if_live(row).and_then(|row| row.error.as_ref()).map_or(null(), |error| error))
}

/// Returns the id of the input, byte for byte; NULL if it has none, and if row is NULL.
///
/// Do not free the string: it belongs to the row. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_input_id(row: Option<&egito_row>) -> *const c_char {
    infallible(null(), || borrowed(if_live(row).and_then(|row| row.input.id.as_deref())))
}

/// Returns the record or the fields of the input, byte for byte; NULL if it has none, and if row is NULL.
///
/// Do not free the string: it belongs to the row. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_input_json(row: Option<&egito_row>) -> *const c_char {
    infallible(null(), || borrowed(if_live(row).and_then(|row| row.input.record.as_deref())))
}

/// Frees a row. NULL is allowed. Any thread, after all other uses of the row.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_free(row: *mut egito_row) {
    infallible((), || free(row));
}

fn borrowed(text: Option<&CStr>) -> *const c_char {
    text.map_or(null(), CStr::as_ptr)
}
