//! Questions about a cursor's list, which do not move the cursor.

use crate::callback;
use crate::cursor::egito_cursor;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::Out;
use crate::handle::needed;
use crate::record::egito_record;
use egito_core::Result;
use egito_core::blocking::RecordList;
use std::ffi::c_char;

/// Gives the first record of the cursor's list, or NULL where it has none. Asks for one record (with `start`, for three),
/// and does not move the cursor.
///
/// record_json: receives the record as the server wrote it, or NULL; free it with egito_string_free.
/// Fails as every call, and with EGITO_ERROR_PAGINATION where the list's `start` cannot be reached. Any number of threads at a
/// time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_first(
    cursor: Option<&egito_cursor>,
    record_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record_json = Out::needed("record_json", record_json)?;
        record_json.text_or_null(list(cursor)?.first()?.map(|record| record.bytes()))
    })
}

/// Gives the first record of the cursor's list to read values from, or NULL where it has none. See egito_cursor_first.
///
/// record: receives the record, or NULL; free it with egito_record_free.
/// Fails as egito_cursor_first does. Any number of threads at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_first_record(
    cursor: Option<&egito_cursor>,
    record: *mut *mut egito_record,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record = Out::needed("record", record)?;
        record.handle_or_null(list(cursor)?.first()?.map(egito_record::new));
        Ok(())
    })
}

/// Gives whether the cursor's list has any record. Asks for one record (with `start`, for three), and does not move the cursor.
///
/// exists: receives true or false.
/// Fails as egito_cursor_first does. Any number of threads at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_exists(
    cursor: Option<&egito_cursor>,
    exists: *mut bool,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let place = Out::needed("exists", exists)?;
        place.value(list(cursor)?.exists()?);
        Ok(())
    })
}

/// Gives the number of records that the server says match the filters of the cursor's list. Sends one small request, and does
/// not move the cursor.
///
/// total: receives the server's own number, or -1 where it does not say. The options `start` and `limit` do not change it.
/// Fails as every call. Any number of threads at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_total(
    cursor: Option<&egito_cursor>,
    total: *mut i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let place = Out::needed("total", total)?;
        place.value(list(cursor)?.total()?.and_then(|total| i64::try_from(total).ok()).unwrap_or(-1));
        Ok(())
    })
}

/// Gives the number of records in the cursor's list, with its filters, `start` and `limit`. Does not move the cursor.
///
/// count: receives the number. It costs one small request where the server tells a total; otherwise the whole list is read, in
///   constant memory.
/// Fails as egito_cursor_next does. Any number of threads at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_count(
    cursor: Option<&egito_cursor>,
    count: *mut u64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let place = Out::needed("count", count)?;
        place.value(list(cursor)?.count()?);
        Ok(())
    })
}

/// The list, for a call that waits for the server.
pub(crate) fn list(cursor: Option<&egito_cursor>) -> Result<RecordList> {
    let list = needed("cursor", cursor)?.list.clone();
    callback::may_wait().map(|()| list)
}
