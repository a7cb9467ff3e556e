//! What every export answers with: JSON text, or an error record. A panic becomes an error record, too.

use crate::numbers;
use egito::{Error, Result};
use futures_util::FutureExt;
use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;
use std::panic::AssertUnwindSafe;

/// A result, an error, or (with neither) the end of a list.
#[derive(Default)]
#[napi(object, object_from_js = false)]
pub struct Reply {
    /// The result as JSON.
    pub json: Option<String>,
    /// All details of an error as JSON.
    pub error: Option<String>,
    /// Where the JSON has integers that JavaScript would round: what stands before their digits, see [`numbers`].
    pub mark: Option<String>,
}

impl Reply {
    /// A reply that says what went wrong.
    pub fn error(error: &Error) -> Self {
        let (json, mark) = numbers::mark(error.to_json());
        Self { error: Some(json), mark, json: None }
    }

    fn new(result: Result<Option<String>>) -> Self {
        match result {
            Ok(Some(json)) => {
                let (json, mark) = numbers::mark(json);
                Self { json: Some(json), mark, error: None }
            }
            Ok(None) => Self::default(),
            Err(error) => Self::error(&error),
        }
    }
}

/// A promise that resolves with the reply once `work` is done.
///
/// The work owns all it needs: a worker thread may end, and its objects with it, while the work is under way.
pub fn promise(
    env: &Env,
    work: impl Future<Output = Result<Option<String>>> + Send + 'static,
) -> napi::Result<PromiseRaw<'_, Reply>> {
    let reply = AssertUnwindSafe(async { Reply::new(work.await) }).catch_unwind();
    env.spawn_future(async { Ok(reply.await.unwrap_or_else(|panic| Reply::error(&Error::from_panic(&*panic)))) })
}
