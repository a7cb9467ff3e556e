//! For the PHP package alone: records in PHP's own form of values. No part of egito.h.

use crate::client::egito_client;
use crate::cursor::egito_cursor;
use crate::entity;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::Out;
use crate::handle::{needed, shared};
use crate::panic::infallible;
use crate::questions;
use crate::request;
use crate::serialize::serialize;
use egito_core::{Record, Result};
use std::cell::RefCell;
use std::ffi::c_char;
use std::ptr::null;

/// More memory than this is not kept from one text to the next.
const KEPT: usize = 4 << 20;

thread_local! {
    /// What was handed to PHP last.
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Gives the next records of a list as an array that PHP's `unserialize` reads in less than half the time of `json_decode`:
/// the same arrays, integers, floats and texts, with integers beyond 64 bits as text.
///
/// most: how many records at most; they are of one page.
/// records: receives the text, or NULL at the end of the list. It may hold NULs, and is good until the next function of this
///   file on this thread.
/// length: receives its length in bytes.
/// Fails as egito_cursor_next does. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_next_php(
    cursor: *mut egito_cursor,
    most: usize,
    records: *mut *const c_char,
    length: *mut usize,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || hand_out(records, length, || needed("cursor", shared(cursor))?.lock()?.next_records(most)))
}

/// Gives the first record of a list, as an array with that record alone, or NULL; see egito_cursor_next_php and
/// egito_cursor_first.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_first_php(
    cursor: Option<&egito_cursor>,
    records: *mut *const c_char,
    length: *mut usize,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || hand_out(records, length, || Ok(questions::list(cursor)?.first()?.into_iter().collect())))
}

/// Reads one record, as an array with that record alone; see egito_cursor_next_php and egito_get.
#[unsafe(no_mangle)]
pub extern "C" fn egito_get_php(
    client: Option<&egito_client>,
    entity: *const c_char,
    id: *const c_char,
    records: *mut *const c_char,
    length: *mut usize,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || hand_out(records, length, || Ok(vec![entity::reachable(client, entity)?.get(entity::id(id)?)?])))
}

fn hand_out(text: *mut *const c_char, length: *mut usize, records: impl FnOnce() -> Result<Vec<Record>>) -> Result<()> {
    let (place, length) = (Out::needed("records", text)?, Out::needed("length", length)?);
    let records = records()?;
    TEXT.with_borrow_mut(|text| {
        text.clear();
        text.shrink_to(KEPT);
        if !records.is_empty() {
            serialize(text, records.iter().map(Record::json)).expect("the core gives JSON");
        }
        place.value(if records.is_empty() { null() } else { text.as_ptr().cast() });
        length.value(text.len());
    });
    Ok(())
}

/// Begins a request of PHP on this thread: what the request before left behind is freed. PHP runs no destructors after a fatal
/// error, and a worker of a web server goes on.
///
/// request: tells requests apart; the same one again is no new request.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_begin_request(request: u64) {
    infallible((), || request::begin(request));
}
