//! The blocking client: a call runs on the thread of its caller.

mod arrow_batches;
mod bulk;
mod client;
mod entity;
mod outbox;
mod pages;
mod record_list;
mod wait;

pub(crate) use arrow_batches::ArrowBatches;
pub(crate) use bulk::BulkCalls;
pub(crate) use client::Client;
pub(crate) use entity::Entity;
pub(crate) use outbox::Outbox;
pub(crate) use pages::{Pages, Records};
pub(crate) use record_list::{RecordList, check_filter_keywords};
