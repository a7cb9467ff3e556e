//! The C ABI of the Egito SDK: `libegito`, described by `include/egito.h`.
//!
//! One file for each noun of the header. A function turns C values into the core's, calls the core, and turns the result
//! back; it decides nothing. Its body stands in one guard,
//! `error::fallible` or `panic::infallible`, so no panic crosses the border.
//!
//! Handles are taken as `Option<&T>` (NULL is `None`) and given back as `*mut T`: the types say who owns what, and `handle.rs`
//! tells a live one from one that was freed.

// The C ABI is what this crate is for: exported names count as unsafe, and pointers must be followed. The blocks that do
// so stand in ffi.rs, each with its reason.
#![allow(unsafe_code)]
// The types are called here what they are called in the header.
#![allow(non_camel_case_types)]
// Their documentation becomes the header's comments, where backticks would be noise.
#![allow(clippy::doc_markdown)]

mod bulk;
mod cancel;
mod client;
mod code;
mod cursor;
mod entity;
mod error;
mod event;
mod log;
mod object;
mod php;
mod php_calls;
mod php_events;
mod questions;
mod record;
mod response;
mod row;
mod status;
mod text;
mod version;
// The mechanics, once.
mod callback;
mod ffi;
mod handle;
mod panic;
mod request;
mod serialize;
mod time;
