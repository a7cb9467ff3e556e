//! The pages of a list.

use crate::background;
use crate::error::NativeResult;
use crate::response::response_json;
use egito::binding::{blocking_list_with_cancellation, list_with_cancellation, next_page, next_page_blocking};
use egito::{CancellationToken, Page, Pages, RecordList, Result, blocking};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The records of a page.
#[derive(uniffi::Record)]
pub struct NativePage {
    /// The records as a JSON array without whitespace between them: the first begins at 1, and the next one after a comma.
    pub json: Vec<u8>,
    /// The length of each record, in bytes.
    pub lengths: Vec<i32>,
    /// The response, if the list wants it; its value is `null`.
    pub response: Option<Vec<u8>>,
}

/// The handle of an iteration over the pages of a list, for blocking calls.
#[derive(uniffi::Object)]
pub struct NativePages {
    pages: Mutex<blocking::Pages>,
    cancellation: CancellationToken,
}

/// The handle of an iteration over the pages of a list, for calls in the background.
#[derive(uniffi::Object)]
pub struct NativeAsyncPages {
    pages: Arc<tokio::sync::Mutex<Pages>>,
    list: RecordList,
    cancellation: CancellationToken,
}

impl NativePages {
    /// Begins to read the pages. Error `config`: an invalid option.
    pub fn new(list: &blocking::RecordList) -> Result<Self> {
        let cancellation = CancellationToken::default();
        let pages = blocking_list_with_cancellation(list, &cancellation).pages()?;
        Ok(Self { pages: Mutex::new(pages), cancellation })
    }

    fn lock(&self) -> MutexGuard<'_, blocking::Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl NativeAsyncPages {
    /// Begins to read the pages. Error `config`: an invalid option.
    pub fn new(list: &RecordList) -> Result<Self> {
        let cancellation = CancellationToken::default();
        let list = list_with_cancellation(list, &cancellation);
        let pages = Arc::new(tokio::sync::Mutex::new(list.clone().pages()?));
        Ok(Self { pages, list, cancellation })
    }
}

#[uniffi::export]
impl NativePages {
    /// Waits for the next page. Returns nothing at the end.
    pub fn next(&self) -> NativeResult<Option<NativePage>> {
        Ok(next_page_blocking(&mut self.lock())?.map(|page| page_of(&page)))
    }

    /// Fails once the client is closed or the list is cancelled: then no further record of a page may be returned.
    pub fn check_running(&self) -> NativeResult<()> {
        Ok(egito::binding::check_running(&self.lock())?)
    }

    /// Ends the wait for the next page on other threads, and closes its request.
    pub fn cancel(&self) {
        self.cancellation.cancel();
    }

    /// Returns the mark of a list of changes; nothing before the list was read to its end.
    pub fn mark(&self) -> Option<String> {
        self.lock().mark()
    }
}

#[uniffi::export]
impl NativeAsyncPages {
    /// Waits for the next page. Returns nothing at the end.
    pub async fn next(&self) -> NativeResult<Option<NativePage>> {
        let pages = self.pages.clone();
        background::spawn(async move {
            let page = next_page(&mut *pages.lock().await).await?;
            Ok(page.map(|page| page_of(&page)))
        })
        .await
    }

    /// Fails once the client is closed or the list is cancelled: then no further record of a page may be returned.
    pub fn check_running(&self) -> NativeResult<()> {
        Ok(egito::binding::check_list_running(&self.list)?)
    }

    /// Ends the wait for the next page on other threads, and closes its request.
    pub fn cancel(&self) {
        self.cancellation.cancel();
    }

    /// Returns the mark of a list of changes; nothing before the list was read to its end.
    pub fn mark(&self) -> Option<String> {
        self.pages.try_lock().ok().and_then(|pages| pages.mark())
    }
}

fn page_of(page: &Page) -> NativePage {
    let mut json = vec![b'['];
    let mut lengths = Vec::with_capacity(page.len());
    for record in page.records() {
        if !lengths.is_empty() {
            json.push(b',');
        }
        json.extend_from_slice(record.json().as_bytes());
        lengths.push(i32::try_from(record.json().len()).unwrap_or(i32::MAX));
    }
    json.push(b']');
    NativePage { json, lengths, response: page.response().map(|response| response_json(response, b"null")) }
}
