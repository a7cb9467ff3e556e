#![doc = include_str!("../README.md")]
//!
//! ## Where to begin
//!
//! [`Client`] or [`blocking::Client`], built by a [`ClientBuilder`] · [`Entity`] for one record · [`RecordList`] for many ·
//! [`Bulk`] for many calls · [`Record`] and [`RecordId`] · [`Response`] for status and headers · [`Error`] with its [`Details`] and [`Code`]

pub mod binding;
pub mod blocking;
mod bulk;
mod client;
mod entity;
mod list;
// A call: from the wish to the answer.
mod auth;
mod call;
mod envelope;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod retry;
mod transport;
// What everything is made of.
mod cancellation;
mod clock;
mod decimals;
mod error;
mod events;
mod id;
mod json;
mod options;
mod per_process;
mod record;
mod response;
mod secret;
mod settings;
mod signals;
mod stats;

pub use bulk::{Bulk, BulkAction, BulkCalls, BulkInput, BulkRow, BulkRows, BulkStep, Progress};
pub use cancellation::CancellationToken;
pub use client::Client;
pub use entity::{Entity, EntityWithResponse};
pub use error::{CODES, Cause, Code, CodeInfo, Details, Error, FieldError, Outcome, Result};
pub use events::{Event, EventHook, EventKind};
pub use http::HeaderMap;
pub use id::RecordId;
pub use list::{Page, Pages, RecordList, Records};
pub use record::{IntoRecord, Record};
pub use response::Response;
pub use settings::{
    BodyFormat, ClientBuilder, Decimals, FormDecimal, Headers, Method, Settings, TokenIn, TokenParams, TokenStore,
};
pub use stats::Stats;
