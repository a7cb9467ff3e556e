//! A row: what became of one input of a bulk.

use crate::error::egito_error;
use crate::handle::{Handle, Mark, free, handle, live};
use crate::panic::infallible;
use crate::record::{egito_record, egito_record_json};
use egito_core::BulkRow;
use std::ffi::{CStr, CString, c_char};
use std::ptr::null;

/// One input's line in the report of a bulk. It never changes, so any number of threads may read it.
pub struct egito_row {
    mark: Mark,
    index: u64,
    input: Input,
    id: Option<CString>,
    record: Option<egito_record>,
    error: Option<egito_error>,
}
handle!(egito_row, b"e_row___");

/// An input as it was handed over, byte for byte.
#[derive(Default)]
pub(crate) struct Input {
    pub id: Option<CString>,
    pub record: Option<CString>,
}

impl egito_row {
    pub(crate) fn new(row: BulkRow, input: Input) -> Self {
        let text = |json: String| CString::new(json).expect("JSON has no NUL");
        Self {
            mark: Mark::new(Self::KIND),
            index: row.index,
            input,
            id: row.id.map(|id| text(id.to_json())),
            record: row.record.map(egito_record::new),
            error: row.error.map(egito_error::new),
        }
    }
}

/// Which input it is, from 0. 0 where row is NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_index(row: Option<&egito_row>) -> u64 {
    infallible(0, || live(row).map_or(0, |row| row.index))
}

/// The id of the record that was created, read, changed or deleted, as JSON; NULL where it failed, and where row is NULL.
///
/// The text is the row's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_id_json(row: Option<&egito_row>) -> *const c_char {
    infallible(null(), || borrowed(live(row).and_then(|row| row.id.as_deref())))
}

/// The record that was read, as the server wrote it; NULL for other actions, where it failed, and where row is NULL.
///
/// The text is the row's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_record_json(row: Option<&egito_row>) -> *const c_char {
    infallible(null(), || egito_record_json(live(row).and_then(|row| row.record.as_ref())))
}

/// The record that was read, to read values from it; NULL for other actions, where it failed, and where row is NULL.
///
/// The record is the row's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_record(row: Option<&egito_row>) -> *const egito_record {
    infallible(null(), || live(row).and_then(|row| row.record.as_ref()).map_or(null(), |record| record))
}

/// Why this input failed; NULL where it did not, and where row is NULL.
///
/// The error is the row's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_error(row: Option<&egito_row>) -> *const egito_error {
    infallible(null(), || live(row).and_then(|row| row.error.as_ref()).map_or(null(), |error| error))
}

/// The id that was handed over, byte for byte; NULL where none was, and where row is NULL.
///
/// The text is the row's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_input_id(row: Option<&egito_row>) -> *const c_char {
    infallible(null(), || borrowed(live(row).and_then(|row| row.input.id.as_deref())))
}

/// The record or the fields that were handed over, byte for byte; NULL where none were, and where row is NULL.
///
/// The text is the row's: do not free it. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_input_json(row: Option<&egito_row>) -> *const c_char {
    infallible(null(), || borrowed(live(row).and_then(|row| row.input.record.as_deref())))
}

/// Frees a row. NULL is fine. Any thread, once no other one reads it.
#[unsafe(no_mangle)]
pub extern "C" fn egito_row_free(row: *mut egito_row) {
    infallible((), || free(row));
}

fn borrowed(text: Option<&CStr>) -> *const c_char {
    text.map_or(null(), CStr::as_ptr)
}
