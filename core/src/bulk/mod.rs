//! Many inputs, one call each: a bounded number at a time, one row for each input, in order.

mod calls;
mod row;

use crate::cancel::Cancel;
use crate::error::Result;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt};

pub use calls::BulkCalls;
pub(crate) use row::Done;
pub use row::{BulkAction, BulkInput, BulkRow, Progress};

pub(crate) type Inputs = Box<dyn Iterator<Item = Result<BulkInput>> + Send>;
pub(crate) type Watcher = Box<dyn FnMut(Progress) + Send>;

/// A bulk that nothing has been sent for yet.
///
/// Inputs are taken from their iterator as they are needed, so that their number does not cost memory. One that fails does not stop
/// the others. Calls go on while the reader of the rows does something else.
#[must_use = "a bulk sends nothing until its rows are read"]
pub struct Bulk {
    pub(crate) inputs: Inputs,
    pub(crate) calls: BulkCalls,
    pub(crate) watcher: Option<Watcher>,
}

impl Bulk {
    pub(crate) fn new(calls: BulkCalls, inputs: impl Iterator<Item = Result<BulkInput>> + Send + 'static) -> Self {
        Self { inputs: Box::new(inputs.fuse()), calls, watcher: None }
    }

    /// See [`BulkCalls::concurrency`].
    pub fn concurrency(self, calls: usize) -> Self {
        Self { calls: self.calls.concurrency(calls), ..self }
    }

    /// Calls `watch` after each row.
    pub fn on_progress(self, watch: impl FnMut(Progress) + Send + 'static) -> Self {
        Self { watcher: Some(Box::new(watch)), ..self }
    }

    /// What ends this bulk from outside: no further input is taken, and calls under way end with the error `cancelled`. Their rows
    /// and all before them are still given, so that it is known what was done.
    #[must_use]
    pub fn cancel(&self) -> Cancel {
        self.calls.cancel()
    }

    /// The rows, in the order of the inputs, as they become known.
    pub fn rows(self) -> BulkRows {
        BulkRows(self)
    }

    /// All rows, once the last is known.
    pub async fn to_vec(self) -> Vec<BulkRow> {
        self.rows().into_stream().collect().await
    }
}

/// Sends all of it: `client.leads().create_many(leads).await` is short for [`to_vec`](Bulk::to_vec).
impl IntoFuture for Bulk {
    type Output = Vec<BulkRow>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.to_vec())
    }
}

/// The rows of a bulk as they become known. Dropping it ends the calls that are under way.
#[must_use = "dropping it ends the calls that are under way"]
pub struct BulkRows(Bulk);

impl BulkRows {
    /// The next row; `None` after the last.
    pub async fn next(&mut self) -> Option<BulkRow> {
        let Bulk { inputs, calls, watcher } = &mut self.0;
        while let Some(input) = calls.has_room().then(|| inputs.next()).flatten() {
            calls.push(input);
        }
        let row = calls.next().await?;
        if let Some(watch) = watcher {
            watch(calls.progress());
        }
        Some(row)
    }

    /// The rows as a `Stream`.
    #[must_use]
    pub fn into_stream(self) -> BoxStream<'static, BulkRow> {
        stream::unfold(self, |mut rows| async move { rows.next().await.map(|row| (row, rows)) }).boxed()
    }
}

impl std::fmt::Debug for Bulk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Bulk").field(&self.calls).finish()
    }
}

impl std::fmt::Debug for BulkRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("BulkRows").field(&self.0).finish()
    }
}
