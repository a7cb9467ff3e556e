//! Lists: questions about them, and their pages, one wait for each, in slices that are short work to parse.

use crate::numbers::Numbers;
use crate::queue::Calls;
use crate::reply::Reply;
use crate::response;
use egito::{Page, Pages, RecordList, Result};
use napi_derive::napi;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a slice, about: parsed in well under a millisecond.
const SLICE: usize = 1 << 16;

/// What one way of reading a list holds.
#[napi]
pub struct NativeList {
    calls: Calls,
    list: Result<RecordList>,
}

/// What an iteration over a list holds.
#[napi]
pub struct NativePages {
    calls: Calls,
    pages: Arc<tokio::sync::Mutex<Result<Pages>>>,
    list: Result<RecordList>,
    slices: Arc<Mutex<VecDeque<Reply>>>,
}

impl NativeList {
    pub fn new(calls: Calls, list: Result<RecordList>) -> Self {
        Self { calls, list }
    }

    /// Answers a question about the list.
    fn ask<W>(&self, ticket: u32, question: impl FnOnce(RecordList) -> W + Send + 'static)
    where
        W: Future<Output = Result<Option<String>>> + Send + 'static,
    {
        let list = self.list.clone();
        self.calls.run(ticket, move || async move { question(list?).await });
    }
}

#[napi]
impl NativeList {
    /// Its pages. What is wrong with its options is reported when the first page is asked for.
    #[napi(catch_unwind)]
    pub fn pages(&self) -> NativePages {
        let list = self.list.clone();
        let pages = Arc::new(tokio::sync::Mutex::new(list.clone().and_then(RecordList::pages)));
        NativePages { calls: self.calls.clone(), pages, list, slices: Arc::default() }
    }

    /// The first record; the reply is empty where there is none.
    #[napi(catch_unwind)]
    pub fn first(&self, ticket: u32) {
        self.ask(ticket, |list| async { Ok(list.first().await?.map(|record| record.json().to_owned())) });
    }

    /// Whether there is any record.
    #[napi(catch_unwind)]
    pub fn exists(&self, ticket: u32) {
        self.ask(ticket, |list| async { list.exists().await.map(|exists| Some(exists.to_string())) });
    }

    /// The server's number of all records; the reply is empty where it tells none.
    #[napi(catch_unwind)]
    pub fn total(&self, ticket: u32) {
        self.ask(ticket, |list| async { Ok(list.total().await?.map(|total| total.to_string())) });
    }

    /// The number of records that the list gives.
    #[napi(catch_unwind)]
    pub fn count(&self, ticket: u32) {
        self.ask(ticket, |list| async { list.count().await.map(|count| Some(count.to_string())) });
    }
}

#[napi]
impl NativePages {
    /// Waits for the next page; the reply is `true`, or its response where the list wants it, and empty at the end.
    #[napi(catch_unwind)]
    pub fn next(&self, ticket: u32) {
        let (pages, slices, numbers) = (self.pages.clone(), self.slices.clone(), self.calls.numbers);
        self.calls.run(ticket, move || async move {
            let mut pages = pages.lock().await;
            let page = match pages.as_mut().map_err(|error| error.clone())?.next().await {
                Some(page) => page?,
                None => return Ok(None),
            };
            *slices.lock().unwrap_or_else(PoisonError::into_inner) = sliced(&page, numbers);
            Ok(Some(page.response().map_or_else(|| true.to_string(), |of_page| response::to_json(of_page, "[]"))))
        });
    }

    /// Returns whether records of the page may be given out: false once the client is closed.
    #[napi(catch_unwind)]
    pub fn is_running(&self) -> bool {
        self.check_running().is_ok()
    }

    /// The next slice of the page: some of its records as a JSON array; an empty reply after the last, and an error once the
    /// client is closed.
    #[napi(catch_unwind)]
    pub fn slice(&self) -> Reply {
        if let Err(error) = self.check_running() {
            return Reply::error(&error, self.calls.numbers);
        }
        self.slices.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or_default()
    }
}

impl NativePages {
    fn check_running(&self) -> Result<()> {
        self.list.as_ref().map_or(Ok(()), egito::binding::check_list_running)
    }
}

/// The page's records as JSON arrays.
fn sliced(page: &Page, numbers: Numbers) -> VecDeque<Reply> {
    let mut slices = VecDeque::new();
    let mut slice = String::new();
    for record in page.records() {
        slice.push(if slice.is_empty() { '[' } else { ',' });
        slice.push_str(record.json());
        if slice.len() >= SLICE {
            slices.push_back(closed(&mut slice, numbers));
        }
    }
    if !slice.is_empty() {
        slices.push_back(closed(&mut slice, numbers));
    }
    slices
}

fn closed(slice: &mut String, numbers: Numbers) -> Reply {
    slice.push(']');
    let json = std::mem::replace(slice, String::with_capacity(SLICE + SLICE / 4));
    Reply::json(json, numbers)
}
