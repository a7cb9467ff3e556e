//! Queries about the list of a cursor. They do not move the cursor.

use crate::callback;
use crate::cursor::egito_cursor;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::Out;
use crate::handle::require;
use crate::record::egito_record;
use egito_core::Result;
use egito_core::blocking::RecordList;
use std::ffi::c_char;

/// Returns the first record of the cursor's list, or NULL if it is empty. Requests one record, or three with `start`,
/// and does not move the cursor.
///
/// record_json: receives the record as the server sent it, or NULL; free it with egito_string_free.
/// Fails like every call, and with EGITO_ERROR_PAGINATION if the list's `start` cannot be reached. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_first(
    cursor: Option<&egito_cursor>,
    record_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record_json = Out::required("record_json", record_json)?;
        record_json.string_or_null(list(cursor)?.first()?.map(|record| record.bytes()))
    })
}

/// Returns the first record of the cursor's list as a handle, or NULL if it is empty. See egito_cursor_first.
///
/// record: receives the record, or NULL; free it with egito_record_free.
/// Fails like egito_cursor_first. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_first_record(
    cursor: Option<&egito_cursor>,
    record: *mut *mut egito_record,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record = Out::required("record", record)?;
        record.handle_or_null(list(cursor)?.first()?.map(egito_record::new));
        Ok(())
    })
}

/// Returns whether the cursor's list has any record. Requests one record, or three with `start`, and does not move the
/// cursor.
///
/// exists: receives true or false.
/// Fails like egito_cursor_first. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_exists(
    cursor: Option<&egito_cursor>,
    exists: *mut bool,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let out = Out::required("exists", exists)?;
        out.value(list(cursor)?.exists()?);
        Ok(())
    })
}

/// Returns the server's own number of records that match the filters of the cursor's list. Sends one small request, and
/// does not move the cursor.
///
/// total: receives the number, or -1 if the server reports none. The options `start` and `limit` do not change it.
/// Fails like every call. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_total(
    cursor: Option<&egito_cursor>,
    total: *mut i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let out = Out::required("total", total)?;
        out.value(list(cursor)?.total()?.and_then(|total| i64::try_from(total).ok()).unwrap_or(-1));
        Ok(())
    })
}

/// Counts the records of the cursor's list, with its filters, `start` and `limit`. Does not move the cursor.
///
/// Sends one small request if the server reports a total. Otherwise reads the whole list, in constant memory.
/// count: receives the number.
/// Fails like egito_cursor_next. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_count(
    cursor: Option<&egito_cursor>,
    count: *mut u64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let out = Out::required("count", count)?;
        out.value(list(cursor)?.count()?);
        Ok(())
    })
}

/// Returns the list for a call that waits for the server.
pub(crate) fn list(cursor: Option<&egito_cursor>) -> Result<RecordList> {
    let list = require("cursor", cursor)?.list.clone();
    callback::check_may_block().map(|()| list)
}
