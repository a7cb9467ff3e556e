//! The async client: calls run on a tokio thread, and the event loop awaits them.

mod bulk;
mod client;
mod context;
mod entity;
mod loop_bridge;
mod loop_waker;
mod outbox;
mod pages;
mod pending;
mod record_list;

pub(crate) use bulk::AsyncBulkCalls;
pub(crate) use client::AsyncClient;
pub(crate) use entity::AsyncEntity;
pub(crate) use outbox::AsyncOutbox;
pub(crate) use pages::AsyncPages;
pub(crate) use pending::Pending;
pub(crate) use record_list::AsyncRecordList;
