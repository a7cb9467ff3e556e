//! The pages of a list: one crossing of the border for each.

use crate::reply::{Reply, promise};
use egito::{Pages, Result};
use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;
use std::sync::Arc;
use tokio::sync::Mutex;

/// What an iteration over a list holds.
#[napi]
pub struct NativePages {
    pages: Arc<Mutex<Result<Pages>>>,
}

impl NativePages {
    pub fn new(pages: Result<Pages>) -> Self {
        Self { pages: Arc::new(Mutex::new(pages)) }
    }
}

#[napi]
impl NativePages {
    /// The next page's records as a JSON array; an empty reply at the end.
    #[napi(catch_unwind)]
    pub fn next<'env>(&self, env: &'env Env) -> napi::Result<PromiseRaw<'env, Reply>> {
        let pages = self.pages.clone();
        promise(env, async move {
            let mut pages = pages.lock().await;
            let page = match pages.as_mut().map_err(|error| error.clone())?.next().await {
                Some(page) => page?,
                None => return Ok(None),
            };
            Ok(Some(String::from_utf8(page.json().into()).expect("pages are UTF-8")))
        })
    }
}
