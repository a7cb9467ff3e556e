#![doc = include_str!("../README.md")]
//!
//! ## Types
//!
//! - [`Client`] and [`blocking::Client`], created by a [`ClientBuilder`]
//! - [`Entity`]: calls for one record
//! - [`RecordList`]: lists of records
//! - [`Bulk`]: many calls
//! - [`Outbox`]: calls that are stored in a file first, with the feature `outbox`, a default
//! - [`Record`] and [`RecordId`]
//! - [`Response`]: HTTP status and headers
//! - [`Report`]: the result of [`Client::probe`], which checks the settings on a server
//! - [`Error`] with its [`Code`] and [`Details`]

pub mod binding;
pub mod blocking;
mod bulk;
mod client;
mod entity;
mod list;
#[cfg(feature = "outbox")]
mod outbox;
mod probe;
// A call, from its request to its response.
mod auth;
mod call;
mod envelope;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod retry;
mod transport;
// The base of all modules.
mod background_runtime;
mod blank;
mod cancellation;
mod clock;
mod create_lock;
mod decimals;
mod descriptors;
mod driver_thread;
mod error;
mod events;
mod file_lock;
mod hash;
mod id;
mod journal;
mod json;
mod key;
mod log;
mod options;
mod per_process;
mod record;
mod response;
mod secret;
mod settings;
mod signals;
mod stats;

pub use bulk::{Bulk, BulkAction, BulkCalls, BulkInput, BulkRow, BulkRows, BulkStep, Change, Progress};
pub use cancellation::CancellationToken;
pub use client::Client;
pub use entity::{Entity, EntityWithResponse, FoundOrCreated, Upserted};
pub use error::{CODES, Cause, Code, CodeInfo, Details, Error, FieldError, Outcome, Result};
pub use events::{Event, EventHook, EventKind};
pub use http::HeaderMap;
pub use id::RecordId;
pub use key::{Lookup, RecordKey};
pub use list::{Page, Pages, RecordList, Records};
#[cfg(feature = "outbox")]
pub use outbox::{Counts, Delivery, Entry, EntryAction, EntryQuery, EntryState, Outbox};
pub use probe::{Check, CheckStatus, ProbeOptions, Report, SnippetFormat};
pub use record::{IntoRecord, Record};
pub use response::Response;
pub use settings::{
    BodyFormat, ClientBuilder, Decimals, FormDecimal, Headers, Method, Settings, TokenIn, TokenParams, TokenStore,
};
pub use stats::Stats;
