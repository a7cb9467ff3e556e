//! The C ABI of the Egito SDK: `libegito`, described by `include/egito.h`.
//!
//! One file per noun of the header. A function converts its arguments, calls the core and converts the result; it
//! decides nothing. Its body is in one guard, `error::fallible` or `panic::infallible`, so no panic unwinds into C.
//!
//! Handles are passed in as `Option<&T>` (NULL is `None`) and returned as `*mut T`: the types show the ownership.
//! `handle.rs` detects handles that were freed.

// A C ABI needs exported names and raw pointers. The unsafe blocks are in ffi.rs, handle.rs and callback.rs, each with
// its reason.
#![allow(unsafe_code)]
// The types have the names of the header.
#![allow(non_camel_case_types)]
// Their documentation becomes comments of the header, without backticks.
#![allow(clippy::doc_markdown)]

mod bulk;
mod cancellation;
mod change;
mod client;
mod code;
mod cursor;
mod entity;
mod error;
mod event;
mod found_or_created;
mod ids;
mod list_queries;
mod log;
mod object;
mod outbox;
mod php;
mod php_calls;
mod php_events;
mod record;
mod response;
mod row;
mod status;
mod strings;
mod upserted;
mod version;
// Shared mechanics.
mod callback;
mod ffi;
mod handle;
mod panic;
mod php_request;
mod serialize;
mod time;
