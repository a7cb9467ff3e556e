//! The native library of the Kotlin and Java package `pl.egito`. It is private: the public API is the Kotlin in `src/main`.
//!
//! It exchanges handles and JSON only. A record, an id, the options of a call and a result are JSON, so a call crosses the border once,
//! and a list once per page. Each object has blocking methods, which run on the caller's thread, and `async` ones with the same
//! parameters. An error of the core is a [`error::NativeError`].

// uniffi passes owned values, and no Rust code calls the exports.
#![allow(clippy::needless_pass_by_value, clippy::must_use_candidate)]

mod background;
mod bulk;
mod client;
mod context;
mod direct;
mod entity;
mod entity_call;
mod error;
mod events;
mod json;
mod list;
mod log;
mod outbox;
mod pages;
mod response;

uniffi::setup_scaffolding!();

/// Returns the version of the SDK.
#[uniffi::export]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Returns what the message of the error `outcome_unknown` says about a create.
#[uniffi::export]
pub fn outcome_unknown_advice() -> String {
    egito::binding::OUTCOME_UNKNOWN_ADVICE.to_owned()
}

/// Returns the codes of errors and the names of their classes, to test that the Kotlin classes are complete.
#[uniffi::export]
pub fn error_classes() -> std::collections::HashMap<String, String> {
    egito::CODES.iter().map(|row| (row.name.to_owned(), row.class.to_owned())).collect()
}
