//! Many inputs, one call each: a bounded number at a time, one row for each input, in order.

use crate::cancel::Cancel;
use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::record::Record;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::sync::Arc;

/// Calls at one time, where the caller does not say.
const CONCURRENCY: usize = 8;

/// What is done to each input of a bulk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // as the methods of an entity
pub enum BulkAction {
    Create,
    Get,
    Update,
    Delete,
}

/// What one call of a bulk is made of.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BulkInput {
    /// Id of the record, but for a create.
    pub id: Option<RecordId>,
    /// The record or the changed fields, for a create and an update.
    pub record: Option<Box<RawValue>>,
}

/// One input's line in the report of a bulk.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct BulkRow {
    /// Which input it is, from 0.
    pub index: u64,
    /// The input itself; empty where it could not be read.
    pub input: BulkInput,
    /// Id of the record that was created, changed or deleted.
    pub id: Option<RecordId>,
    /// The record that was read.
    pub record: Option<Record>,
    /// Why it failed, with all that errors carry.
    #[serde(serialize_with = "details")]
    pub error: Option<Error>,
}

/// How far a bulk has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Progress {
    /// Rows that are finished.
    pub done: u64,
    /// Those of them that failed.
    pub failed: u64,
}

/// What a call of a bulk brought.
pub(crate) enum Done {
    Id(RecordId),
    Record(Record),
}

type Call = Arc<dyn Fn(BulkInput) -> BoxFuture<'static, Result<Done>> + Send + Sync>;
type Inputs = Box<dyn Iterator<Item = Result<BulkInput>> + Send>;
type Watcher = Box<dyn FnMut(Progress) + Send>;

/// A bulk that nothing has been sent for yet.
///
/// Inputs are taken from their iterator as they are needed, so that their number does not cost memory. One that fails does not stop
/// the others.
#[must_use = "a bulk sends nothing until its rows are read"]
pub struct Bulk {
    inputs: Inputs,
    call: Call,
    concurrency: usize,
    progress: Option<Watcher>,
    cancel: Cancel,
}

impl Bulk {
    pub(crate) fn new(inputs: Inputs, cancel: Cancel, call: Call) -> Self {
        Self { inputs, call, concurrency: CONCURRENCY, progress: None, cancel }
    }

    /// Most calls at one time. Default 8; the settings `max_concurrency` and `requests_per_second` bound it as well.
    pub fn concurrency(self, calls: usize) -> Self {
        Self { concurrency: calls.max(1), ..self }
    }

    /// Calls `watch` after each row.
    pub fn on_progress(self, watch: impl FnMut(Progress) + Send + 'static) -> Self {
        Self { progress: Some(Box::new(watch)), ..self }
    }

    /// What ends this bulk from outside: no further input is taken, and calls under way end with the error `cancelled`. Their rows
    /// and all before them are still given, so that it is known what was done.
    #[must_use]
    pub fn cancel(&self) -> Cancel {
        self.cancel.clone()
    }

    /// The rows, in the order of the inputs, as they become known.
    #[must_use]
    pub fn rows(self) -> BulkRows {
        let Self { inputs, call, concurrency, mut progress, cancel } = self;
        let begun = inputs.zip(0..).take_while(move |_| !cancel.is_cancelled());
        let rows = stream::iter(begun).map(move |(input, index)| row(index, input, call.clone())).buffered(concurrency);
        let mut count = Progress::default();
        let rows = rows.inspect(move |row| {
            count.done += 1;
            count.failed += u64::from(row.error.is_some());
            if let Some(watch) = &mut progress {
                watch(count);
            }
        });
        BulkRows(rows.boxed())
    }

    /// All rows, once the last is known.
    pub async fn to_vec(self) -> Vec<BulkRow> {
        self.rows().0.collect().await
    }
}

/// The rows of a bulk as they become known. Dropping it ends the calls that are under way.
pub struct BulkRows(BoxStream<'static, BulkRow>);

impl BulkRows {
    /// The next row; `None` after the last.
    pub async fn next(&mut self) -> Option<BulkRow> {
        self.0.next().await
    }

    /// The rows as a `Stream`.
    #[must_use]
    pub fn into_stream(self) -> BoxStream<'static, BulkRow> {
        self.0
    }
}

async fn row(index: u64, input: Result<BulkInput>, call: Call) -> BulkRow {
    let (input, result) = match input {
        Ok(input) => (input.clone(), call(input).await),
        Err(error) => (BulkInput::default(), Err(error)),
    };
    let (id, record, error) = match result {
        Ok(Done::Id(id)) => (Some(id), None, None),
        Ok(Done::Record(record)) => (record.id(), Some(record), None),
        Err(error) => (None, None, Some(error)),
    };
    BulkRow { index, input, id, record, error }
}

#[allow(clippy::ref_option)] // as serde hands it over
fn details<S: serde::Serializer>(error: &Option<Error>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    error.as_ref().map(Error::details).serialize(serializer)
}

impl std::fmt::Debug for Bulk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bulk").field("concurrency", &self.concurrency).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for BulkRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BulkRows")
    }
}
