//! The native module under the npm package `egito`. Private: people see the TypeScript in `lib/`.
//!
//! Over this border go JSON text and handles, nothing else. What an export answers is a [`reply::Reply`]; none of them
//! throws or rejects for a reason that the core knows.

// Node-API hands strings over as owned values, and nobody in Rust calls the exports.
#![allow(clippy::needless_pass_by_value, clippy::must_use_candidate)]

mod bulk;
mod call;
mod client;
mod entity;
mod list;
mod numbers;
mod queue;
mod reply;
mod response;
mod values;

use napi_derive::{module_init, napi};
use tokio::runtime::Builder;

/// Calls wait far more than they work, and what they bring is read on JavaScript's one thread: one more keeps up with it, and
/// several would but wake each other.
#[module_init]
fn drive_calls_by_one_thread() {
    // Where the system gives no thread now, napi tries again with the first call.
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).thread_name("egito").on_thread_start(egito::binding::block_sigpipe).enable_all();
    if let Ok(runtime) = builder.build() {
        napi::bindgen_prelude::create_custom_tokio_runtime(runtime);
    }
}

/// The version of the SDK.
#[napi(catch_unwind)]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// The option of a list that is meant by the name of none, in `snake_case`.
#[napi(catch_unwind)]
pub fn meant_option(name: String) -> Option<&'static str> {
    egito::binding::suggested_list_option(&name)
}

/// The error codes and their classes, as JSON pairs, for the test that the TypeScript classes are complete.
#[napi(catch_unwind)]
pub fn error_codes() -> Vec<Vec<&'static str>> {
    egito::CODES.iter().map(|row| vec![row.name, row.class]).collect()
}
