//! Cursors: read a list record by record, or page by page.

use crate::callback;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::Out;
use crate::handle::{Handle, HandleTag, free, handle, require, shared};
use crate::panic::infallible;
use crate::record::egito_record;
use bytes::Bytes;
use egito_core::binding::ResponseSink;
use egito_core::blocking::{Pages, RecordList};
use egito_core::{Error, Page, Record, Result};
use std::ffi::c_char;
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::task::Poll;
use std::time::Duration;

/// A cursor over a list. Not thread-safe: one thread at a time.
pub struct egito_cursor {
    tag: HandleTag,
    pub(crate) list: RecordList,
    state: Mutex<CursorState>,
}
handle!(egito_cursor, b"e_cursor");

pub(crate) struct CursorState {
    pages: Pages,
    page: Option<Page>,
    /// Keeps the response of each page, if the client keeps responses.
    response: Option<ResponseSink>,
    /// Number of records of the page that were returned.
    read: usize,
    failed: Option<Error>,
}

impl egito_cursor {
    /// Fails with `config` for an invalid option.
    pub(crate) fn new(list: RecordList, response: Option<ResponseSink>) -> Result<Self> {
        let read = if response.is_some() { list.clone().with_response() } else { list.clone() };
        let state = CursorState { pages: read.pages()?, page: None, response, read: 0, failed: None };
        Ok(Self { tag: HandleTag::new(Self::TAG), list, state: Mutex::new(state) })
    }

    /// Locks the state, unless another thread uses it.
    pub(crate) fn lock(&self) -> Result<MutexGuard<'_, CursorState>> {
        match self.state.try_lock() {
            Ok(state) => Ok(state),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => {
                Err(Error::config("cursor", "the cursor is in use by another thread; create one cursor per thread"))
            }
        }
    }
}

impl CursorState {
    fn next(&mut self) -> Result<Option<Record>> {
        if !self.has_unread()? {
            return Ok(None);
        }
        self.read += 1;
        Ok(self.page.as_ref().and_then(|page| page.get(self.read - 1)))
    }

    /// Returns the next records of one page, at most `maximum`; none at the end of the list. Waits for them like
    /// `find_within`.
    pub(crate) fn records_within(&mut self, maximum: usize, timeout: Duration) -> Result<Poll<Vec<Record>>> {
        Ok(match self.find_within(timeout)? {
            Found::Pending => Poll::Pending,
            Found::End => Poll::Ready(Vec::new()),
            Found::Unread => {
                let page = self.page.iter();
                let records: Vec<Record> = page.flat_map(|page| page.records().skip(self.read).take(maximum)).collect();
                self.read += records.len();
                Poll::Ready(records)
            }
        })
    }

    /// Like `next_page`. Waits for it like `find_within`.
    pub(crate) fn page_within(&mut self, timeout: Duration) -> Result<Poll<Option<Bytes>>> {
        Ok(match self.find_within(timeout)? {
            Found::Pending => Poll::Pending,
            Found::End => Poll::Ready(None),
            Found::Unread => Poll::Ready(self.rest_of_page()),
        })
    }

    /// Returns the rest of the current page, or the next page.
    fn next_page(&mut self) -> Result<Option<Bytes>> {
        Ok(if self.has_unread()? { self.rest_of_page() } else { None })
    }

    fn rest_of_page(&mut self) -> Option<Bytes> {
        let read = std::mem::take(&mut self.read);
        self.page.take().map(|page| if read == 0 { page.json() } else { rest(&page, read).into() })
    }

    /// Returns whether there is an unread record. Fetches the next page if needed.
    fn has_unread(&mut self) -> Result<bool> {
        self.find(|pages| Poll::Ready(pages.next())).map(|found| matches!(found, Found::Unread))
    }

    /// Looks for an unread record, and waits at most for `timeout`.
    fn find_within(&mut self, timeout: Duration) -> Result<Found> {
        self.find(|pages| egito_core::binding::next_page_within(pages, timeout))
    }

    fn find(&mut self, next: impl Fn(&mut Pages) -> Poll<Option<Result<Page>>>) -> Result<Found> {
        if let Some(error) = &self.failed {
            return Err(error.clone()); // an end here would make the list look complete
        }
        if self.page.is_some()
            && let Err(error) = egito_core::binding::check_running(&self.pages)
        {
            self.page = None;
            self.failed = Some(error.clone());
            return Err(error);
        }
        while self.page.as_ref().is_none_or(|page| self.read >= page.len()) {
            callback::check_may_block()?; // leaves the cursor unchanged and usable
            let Poll::Ready(next) = next(&mut self.pages) else { return Ok(Found::Pending) };
            let next = next.transpose();
            if let Some(sink) = &self.response {
                let page = next.as_ref().ok().and_then(Option::as_ref);
                sink.set(page.and_then(Page::response).cloned().map(Into::into));
            }
            self.page = next.inspect_err(|error| self.failed = Some(error.clone()))?;
            self.read = 0;
            if self.page.is_none() {
                return Ok(Found::End);
            }
        }
        Ok(Found::Unread)
    }
}

/// Result of looking for the next record.
enum Found {
    /// There is an unread record.
    Unread,
    End,
    /// The page has not arrived yet.
    Pending,
}

/// Returns the next record of a list, and NULL after the last one.
///
/// record_json: receives the record as the server sent it; free it with egito_string_free. Receives NULL at the end of
///   a complete list, with the status EGITO_OK.
/// Fails like every call, and with EGITO_ERROR_PAGINATION if the rest of the list cannot be read. After a failure the
/// list is incomplete, and each further call returns the same error. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_next(
    cursor: *mut egito_cursor,
    record_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record_json = Out::required("record_json", record_json)?;
        record_json.string_or_null(require("cursor", shared(cursor))?.lock()?.next()?.map(|record| record.bytes()))
    })
}

/// Returns the next record of a list as a handle, and NULL after the last one. Copies nothing.
///
/// record: receives the record; free it with egito_record_free. It keeps the memory of its page until then. Receives
///   NULL at the end of a complete list, with the status EGITO_OK.
/// Fails like egito_cursor_next. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_next_record(
    cursor: *mut egito_cursor,
    record: *mut *mut egito_record,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record = Out::required("record", record)?;
        let next = require("cursor", shared(cursor))?.lock()?.next()?;
        record.handle_or_null(next.map(egito_record::new));
        Ok(())
    })
}

/// Returns the next page of a list as one JSON array of records, and NULL after the last page.
///
/// After egito_cursor_next it returns the rest of the current page.
/// page_json: receives the array, which is never empty; free it with egito_string_free. Receives NULL at the end of a
///   complete list, with the status EGITO_OK.
/// Fails like egito_cursor_next. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_next_page(
    cursor: *mut egito_cursor,
    page_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let page_json = Out::required("page_json", page_json)?;
        page_json.string_or_null(require("cursor", shared(cursor))?.lock()?.next_page()?)
    })
}

/// Returns the mark of a list of changes, which the next such list continues as `since`, see egito_list.
///
/// mark: receives the mark; free it with egito_string_free. Store it only after all records were processed.
/// Fails with EGITO_ERROR_CONFIG before egito_cursor_next, or a similar function, has returned NULL at the end of the
/// list, and for a list of another kind. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_mark(
    cursor: *mut egito_cursor,
    mark: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let mark = Out::required("mark", mark)?;
        let reached = require("cursor", shared(cursor))?.lock()?.pages.mark();
        mark.string(reached.ok_or_else(no_mark)?)
    })
}

/// Frees a cursor, also before the end of the list. NULL is allowed. Any thread, after all other uses of the cursor.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_free(cursor: *mut egito_cursor) {
    infallible((), || free(cursor));
}

fn no_mark() -> Error {
    Error::config("mark", "there is no mark: the list was not read to its end, or is not a list of changes")
}

fn rest(page: &Page, read: usize) -> Vec<u8> {
    let records: Vec<Record> = page.records().skip(read).collect();
    let records: Vec<&str> = records.iter().map(Record::json).collect();
    format!("[{}]", records.join(",")).into_bytes()
}
