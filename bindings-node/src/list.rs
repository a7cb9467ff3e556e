//! The pages of a list: one wait for each, and slices of it that are short work to parse.

use crate::numbers::Integers;
use crate::queue::Calls;
use crate::reply::Reply;
use egito::{Page, Pages, Result};
use napi_derive::napi;
use serde_json::json;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a slice, about: parsed in well under a millisecond.
const SLICE: usize = 1 << 16;

/// What an iteration over a list holds.
#[napi]
pub struct NativePages {
    calls: Calls,
    pages: Arc<tokio::sync::Mutex<Result<Pages>>>,
    slices: Arc<Mutex<VecDeque<Reply>>>,
}

impl NativePages {
    pub fn new(calls: Calls, pages: Result<Pages>) -> Self {
        Self { calls, pages: Arc::new(tokio::sync::Mutex::new(pages)), slices: Arc::default() }
    }
}

#[napi]
impl NativePages {
    /// Waits for the next page; the reply tells the list's `total`, or is empty at the end.
    #[napi(catch_unwind)]
    pub fn next(&self, ticket: u32) {
        let (pages, slices, integers) = (self.pages.clone(), self.slices.clone(), self.calls.integers);
        self.calls.run(ticket, move || async move {
            let mut pages = pages.lock().await;
            let page = match pages.as_mut().map_err(|error| error.clone())?.next().await {
                Some(page) => page?,
                None => return Ok(None),
            };
            *slices.lock().unwrap_or_else(PoisonError::into_inner) = sliced(&page, integers);
            Ok(Some(json!({ "total": page.total() }).to_string()))
        });
    }

    /// The next slice of the page: some of its records as a JSON array; an empty reply after the last.
    #[napi(catch_unwind)]
    pub fn slice(&self) -> Reply {
        self.slices.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or_default()
    }
}

/// The page's records as JSON arrays.
fn sliced(page: &Page, integers: Integers) -> VecDeque<Reply> {
    let mut slices = VecDeque::new();
    let mut slice = String::new();
    for record in page.records() {
        slice.push(if slice.is_empty() { '[' } else { ',' });
        slice.push_str(record.json());
        if slice.len() >= SLICE {
            slices.push_back(closed(&mut slice, integers));
        }
    }
    if !slice.is_empty() {
        slices.push_back(closed(&mut slice, integers));
    }
    slices
}

fn closed(slice: &mut String, integers: Integers) -> Reply {
    slice.push(']');
    let json = std::mem::replace(slice, String::with_capacity(SLICE + SLICE / 4));
    Reply::json(json, integers)
}
