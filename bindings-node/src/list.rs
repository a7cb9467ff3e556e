//! Lists: calls such as `first` and `count`, and pages, in slices that are quick to parse.

use crate::completions::CallRunner;
use crate::json::plain_json;
use crate::native_result::NativeResult;
use crate::numbers::NumberFormat;
use crate::response;
use egito::{Page, Pages, RecordList, Result};
use napi_derive::napi;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Approximate size of a slice in bytes, which is parsed in well under a millisecond.
const SLICE: usize = 1 << 16;

/// The handle of a list.
#[napi]
pub struct NativeList {
    runner: CallRunner,
    list: Result<RecordList>,
}

/// The handle of an iteration over the pages of a list.
#[napi]
pub struct NativePages {
    runner: CallRunner,
    pages: Arc<tokio::sync::Mutex<Result<Pages>>>,
    list: Result<RecordList>,
    slices: Arc<Mutex<VecDeque<NativeResult>>>,
}

impl NativeList {
    pub fn new(runner: CallRunner, list: Result<RecordList>) -> Self {
        Self { runner, list }
    }

    /// Runs a call of the list.
    fn run<W>(&self, call_id: u32, call: impl FnOnce(RecordList) -> W + Send + 'static)
    where
        W: Future<Output = Result<Option<String>>> + Send + 'static,
    {
        let list = self.list.clone();
        self.runner.run(call_id, move || async move { call(list?).await });
    }
}

#[napi]
impl NativeList {
    /// Returns an iteration over the pages. Invalid options are reported with the first page.
    #[napi(catch_unwind)]
    pub fn pages(&self) -> NativePages {
        let list = self.list.clone();
        let pages = Arc::new(tokio::sync::Mutex::new(list.clone().and_then(RecordList::pages)));
        NativePages { runner: self.runner.clone(), pages, list, slices: Arc::default() }
    }

    /// Returns the first record. The result is empty for an empty list.
    #[napi(catch_unwind)]
    pub fn first(&self, call_id: u32) {
        self.run(call_id, |list| async { Ok(list.first().await?.map(|record| record.json().to_owned())) });
    }

    /// Returns whether there is any record.
    #[napi(catch_unwind)]
    pub fn exists(&self, call_id: u32) {
        self.run(call_id, |list| async { list.exists().await.map(|exists| Some(exists.to_string())) });
    }

    /// Returns the server's number of all records. The result is empty if it sends none.
    #[napi(catch_unwind)]
    pub fn total(&self, call_id: u32) {
        self.run(call_id, |list| async { Ok(list.total().await?.map(|total| total.to_string())) });
    }

    /// Returns the number of records of the list.
    #[napi(catch_unwind)]
    pub fn count(&self, call_id: u32) {
        self.run(call_id, |list| async { list.count().await.map(|count| Some(count.to_string())) });
    }
}

#[napi]
impl NativePages {
    /// Waits for the next page. The result is `true`, or its response if the list wants it, and empty at the end.
    #[napi(catch_unwind)]
    pub fn next(&self, call_id: u32) {
        let (pages, slices, numbers) = (self.pages.clone(), self.slices.clone(), self.runner.numbers);
        self.runner.run(call_id, move || async move {
            let mut pages = pages.lock().await;
            let pages = pages.as_mut().map_err(|error| error.clone())?;
            let Some(page) = egito::binding::next_page(pages).await? else { return Ok(None) };
            *slices.lock().unwrap_or_else(PoisonError::into_inner) = slices_of(&page, numbers);
            Ok(Some(page.response().map_or_else(|| true.to_string(), |response| response::to_json(response, "[]"))))
        });
    }

    /// Returns whether records of the page may be returned: false once the client is closed.
    #[napi(catch_unwind)]
    pub fn is_running(&self) -> bool {
        self.check_running().is_ok()
    }

    /// Returns the next slice of the page: some of its records as a JSON array; an empty result after the last, and an error once the
    /// client is closed.
    #[napi(catch_unwind)]
    pub fn slice(&self) -> NativeResult {
        if let Err(error) = self.check_running() {
            return NativeResult::error(&error, self.runner.numbers);
        }
        self.slices.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or_default()
    }

    /// Returns the mark of a list of changes, as JSON. The result is empty before the list was read to its end.
    #[napi(catch_unwind)]
    pub fn mark(&self) -> NativeResult {
        let pages = self.pages.try_lock().ok();
        let mark = pages.and_then(|pages| pages.as_ref().ok()?.mark());
        mark.map(|mark| NativeResult::json(plain_json(&mark), self.runner.numbers)).unwrap_or_default()
    }
}

impl NativePages {
    fn check_running(&self) -> Result<()> {
        self.list.as_ref().map_or(Ok(()), egito::binding::check_list_running)
    }
}

/// Returns the records of a page as JSON arrays.
fn slices_of(page: &Page, numbers: NumberFormat) -> VecDeque<NativeResult> {
    let mut slices = VecDeque::new();
    let mut slice = String::new();
    for record in page.records() {
        slice.push(if slice.is_empty() { '[' } else { ',' });
        slice.push_str(record.json());
        if slice.len() >= SLICE {
            slices.push_back(finish_slice(&mut slice, numbers));
        }
    }
    if !slice.is_empty() {
        slices.push_back(finish_slice(&mut slice, numbers));
    }
    slices
}

fn finish_slice(slice: &mut String, numbers: NumberFormat) -> NativeResult {
    slice.push(']');
    let json = std::mem::replace(slice, String::with_capacity(SLICE + SLICE / 4));
    NativeResult::json(json, numbers)
}
