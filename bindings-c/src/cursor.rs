//! A list as it is read: record by record, or page by page.

use crate::callback;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::Out;
use crate::handle::{Handle, Mark, free, handle, needed, shared};
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

/// A place in a list that moves on. One thread at a time.
pub struct egito_cursor {
    mark: Mark,
    pub(crate) list: RecordList,
    place: Mutex<Place>,
}
handle!(egito_cursor, b"e_cursor");

pub(crate) struct Place {
    pages: Pages,
    page: Option<Page>,
    /// Where each page leaves its response, if its client keeps them.
    response: Option<ResponseSink>,
    /// How many of the page's records were given out.
    read: usize,
    failed: Option<Error>,
}

impl egito_cursor {
    /// Error `config`: a wrong option.
    pub(crate) fn new(list: RecordList, response: Option<ResponseSink>) -> Result<Self> {
        let read = if response.is_some() { list.clone().with_response() } else { list.clone() };
        let place = Place { pages: read.pages()?, page: None, response, read: 0, failed: None };
        Ok(Self { mark: Mark::new(Self::KIND), list, place: Mutex::new(place) })
    }

    /// The place, unless another thread is at it.
    pub(crate) fn lock(&self) -> Result<MutexGuard<'_, Place>> {
        match self.place.try_lock() {
            Ok(place) => Ok(place),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(Error::config(
                "cursor",
                "the cursor is in use by another thread; give each thread a cursor of its own",
            )),
        }
    }
}

impl Place {
    fn next(&mut self) -> Result<Option<Record>> {
        if !self.find_unread()? {
            return Ok(None);
        }
        self.read += 1;
        Ok(self.page.as_ref().and_then(|page| page.get(self.read - 1)))
    }

    /// The next records of one page, at most `number`; none at the end of the list. Waits for them as `find_within` does.
    pub(crate) fn records_within(&mut self, number: usize, most: Duration) -> Result<Poll<Vec<Record>>> {
        Ok(match self.find_within(most)? {
            Found::Nothing => Poll::Pending,
            Found::End => Poll::Ready(Vec::new()),
            Found::Unread => {
                let page = self.page.iter();
                let records: Vec<Record> = page.flat_map(|page| page.records().skip(self.read).take(number)).collect();
                self.read += records.len();
                Poll::Ready(records)
            }
        })
    }

    /// As `next_page`. Waits for it as `find_within` does.
    pub(crate) fn page_within(&mut self, most: Duration) -> Result<Poll<Option<Bytes>>> {
        Ok(match self.find_within(most)? {
            Found::Nothing => Poll::Pending,
            Found::End => Poll::Ready(None),
            Found::Unread => Poll::Ready(self.rest_of_page()),
        })
    }

    /// The rest of the page that was begun, else the next page.
    fn next_page(&mut self) -> Result<Option<Bytes>> {
        Ok(if self.find_unread()? { self.rest_of_page() } else { None })
    }

    fn rest_of_page(&mut self) -> Option<Bytes> {
        let read = std::mem::take(&mut self.read);
        self.page.take().map(|page| if read == 0 { page.json() } else { rest(&page, read).into() })
    }

    /// Whether there is a record that was not given out, after a look at the server where need be.
    fn find_unread(&mut self) -> Result<bool> {
        self.find(|pages| Poll::Ready(pages.next())).map(|found| matches!(found, Found::Unread))
    }

    /// Looks for a record that was not given out, and waits at most for so long.
    fn find_within(&mut self, most: Duration) -> Result<Found> {
        self.find(|pages| egito_core::binding::next_page_within(pages, most))
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
            callback::may_wait()?; // the cursor is as it was, and good for later
            let Poll::Ready(next) = next(&mut self.pages) else { return Ok(Found::Nothing) };
            let next = next.transpose();
            if let Some(sink) = &self.response {
                let page = next.as_ref().ok().and_then(Option::as_ref);
                sink.set(page.and_then(Page::response).cloned().map(Into::into));
            }
            (self.page, self.read) = (next.inspect_err(|e| self.failed = Some(e.clone()))?, 0);
            if self.page.is_none() {
                return Ok(Found::End);
            }
        }
        Ok(Found::Unread)
    }
}

/// What a look for the next record has found.
enum Found {
    /// A record that was not given out.
    Unread,
    End,
    /// Nothing yet: the page is still on its way.
    Nothing,
}

/// Gives the next record of a list, and NULL after the last one.
///
/// record_json: receives the record as the server wrote it; free it with egito_string_free. Receives NULL at the end:
///   then the status is EGITO_OK as well, and the list is complete.
/// Fails as every call, and with EGITO_ERROR_PAGINATION where the rest cannot be reached. After a failure the list is
/// incomplete, and the same error comes again. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_next(
    cursor: *mut egito_cursor,
    record_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record_json = Out::needed("record_json", record_json)?;
        record_json.text_or_null(needed("cursor", shared(cursor))?.lock()?.next()?.map(|record| record.bytes()))
    })
}

/// Gives the next record of a list to read values from, and NULL after the last one. Nothing is copied.
///
/// record: receives the record; free it with egito_record_free. It keeps the memory of its page while it lives. Receives NULL
///   at the end: then the status is EGITO_OK as well, and the list is complete.
/// Fails as egito_cursor_next does. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_next_record(
    cursor: *mut egito_cursor,
    record: *mut *mut egito_record,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record = Out::needed("record", record)?;
        let next = needed("cursor", shared(cursor))?.lock()?.next()?;
        record.handle_or_null(next.map(egito_record::new));
        Ok(())
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
    cursor: *mut egito_cursor,
    page_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let page_json = Out::needed("page_json", page_json)?;
        page_json.text_or_null(needed("cursor", shared(cursor))?.lock()?.next_page()?)
    })
}

/// Frees a cursor, also before its end. NULL is fine. Any thread, once no other one uses the cursor.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cursor_free(cursor: *mut egito_cursor) {
    infallible((), || free(cursor));
}

fn rest(page: &Page, read: usize) -> Vec<u8> {
    let records: Vec<Record> = page.records().skip(read).collect();
    let records: Vec<&str> = records.iter().map(Record::json).collect();
    format!("[{}]", records.join(",")).into_bytes()
}
