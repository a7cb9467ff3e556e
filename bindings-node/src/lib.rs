//! The native module of the npm package `egito`. It is private: the public API is the TypeScript in `lib/`.
//!
//! It exchanges JSON and handles only. Exports return a [`native_result::NativeResult`], and never throw or reject with an error of
//! the core.

// Node-API passes strings as owned values, and no Rust code calls the exports.
#![allow(clippy::needless_pass_by_value, clippy::must_use_candidate)]

mod bulk;
mod client;
mod completions;
mod context;
mod entity;
mod json;
mod list;
mod native_result;
mod numbers;
mod outbox;
mod response;

use napi_derive::{module_init, napi};

/// Creates the runtime of all calls.
#[module_init]
fn create_runtime() {
    // If no thread can be started now, napi tries again with the first call.
    if let Ok(runtime) = egito::binding::background_runtime() {
        napi::bindgen_prelude::create_custom_tokio_runtime(runtime);
    }
}

/// Returns the version of the SDK.
#[napi(catch_unwind)]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Returns the message for an option that is not one of `names`.
#[napi(catch_unwind)]
pub fn unknown_option(name: String, names: Vec<String>) -> String {
    egito::binding::unknown_option(&name, &names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Returns pairs of an error code and its class, to test that the TypeScript classes are complete.
#[napi(catch_unwind)]
pub fn error_codes() -> Vec<Vec<&'static str>> {
    egito::CODES.iter().map(|row| vec![row.name, row.class]).collect()
}
