//! A list as it is read: record by record, or page by page.

use crate::error::{egito_error, egito_status};
use crate::ffi::{Out, needed};
use crate::panic::{fallible, infallible};
use egito_core::blocking::Pages;
use egito_core::{Error, Page, Record, Result};
use std::ffi::c_char;

/// A place in a list that moves on. One thread at a time.
pub struct egito_cursor {
    pages: Pages,
    page: Option<Page>,
    /// How many of the page's records were given out.
    place: usize,
    failed: Option<Error>,
}

impl egito_cursor {
    pub(crate) fn new(pages: Pages) -> Self {
        Self { pages, page: None, place: 0, failed: None }
    }

    fn next(&mut self) -> Result<Option<Record>> {
        if !self.find_unread()? {
            return Ok(None);
        }
        self.place += 1;
        Ok(self.page.as_ref().and_then(|page| page.get(self.place - 1)))
    }

    /// The rest of the page that was begun, else the next page.
    fn next_page(&mut self) -> Result<Option<Vec<u8>>> {
        if !self.find_unread()? {
            return Ok(None);
        }
        let read = std::mem::take(&mut self.place);
        Ok(self.page.take().map(|page| if read == 0 { page.json().into() } else { rest(&page, read) }))
    }

    /// Whether there is a record that was not given out, after a look at the server where need be.
    fn find_unread(&mut self) -> Result<bool> {
        if let Some(error) = &self.failed {
            return Err(error.clone()); // an end here would make the list look complete
        }
        while self.page.as_ref().is_none_or(|page| self.place >= page.len()) {
            (self.page, self.place) =
                (self.pages.next().transpose().inspect_err(|e| self.failed = Some(e.clone()))?, 0);
            if self.page.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Gives the next record of a list, and NULL after the last one.
///
/// record_json: receives the record as the server wrote it; free it with egito_string_free. Receives NULL at the end:
///   then the status is EGITO_OK as well, and the list is complete.
/// Fails as every call, and with EGITO_ERROR_PAGINATION where the rest cannot be reached. After a failure the list is
/// incomplete, and the same error comes again. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_next(
    cursor: Option<&mut egito_cursor>,
    record_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record_json = Out::needed("record_json", record_json)?;
        record_json.text_or_null(needed("cursor", cursor)?.next()?.map(|record| record.bytes()))
    })
}

/// Gives the next page of a list as one JSON array of its records, and NULL after the last page.
///
/// After some egito_cursor_next it gives the records of the current page that were not given yet.
/// page_json: receives the array, never an empty one; free it with egito_string_free. Receives NULL at the end: then the
///   status is EGITO_OK as well, and the list is complete.
/// Fails as egito_cursor_next does. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_next_page(
    cursor: Option<&mut egito_cursor>,
    page_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let page_json = Out::needed("page_json", page_json)?;
        page_json.text_or_null(needed("cursor", cursor)?.next_page()?)
    })
}

/// Frees a cursor, also before its end. NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_free(cursor: Option<Box<egito_cursor>>) {
    infallible((), || drop(cursor));
}

fn rest(page: &Page, read: usize) -> Vec<u8> {
    let records: Vec<Record> = page.records().skip(read).collect();
    let records: Vec<&str> = records.iter().map(Record::json).collect();
    format!("[{}]", records.join(",")).into_bytes()
}
