//! The calls of a bulk that are under way.

use super::row::{BulkInput, BulkRow, Done, Progress};
use crate::cancel::Cancel;
use crate::error::Result;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, StreamExt};
use std::sync::Arc;

/// Calls at one time, where the caller does not say.
const CONCURRENCY: usize = 8;

pub(crate) type Call = Arc<dyn Fn(BulkInput) -> BoxFuture<'static, Result<Done>> + Send + Sync>;

/// A bulk whose inputs are handed over one by one, for callers who have no iterator that may leave their thread.
///
/// ```no_run
/// # async fn job(leads: egito::Entity, inputs: &mut dyn Iterator<Item = egito::Result<egito::BulkInput>>) {
/// let mut calls = leads.bulk_calls(egito::BulkAction::Create);
/// loop {
///     while let Some(input) = calls.has_room().then(|| inputs.next()).flatten() {
///         calls.push(input);
///     }
///     let Some(row) = calls.next().await else { break };
///     println!("{} of {} failed", calls.progress().failed, calls.progress().done);
/// }
/// # }
/// ```
#[must_use = "calls go on only while their rows are waited for"]
pub struct BulkCalls {
    call: Call,
    cancel: Cancel,
    concurrency: usize,
    pushed: u64,
    progress: Progress,
    under_way: FuturesOrdered<BoxFuture<'static, BulkRow>>,
}

impl BulkCalls {
    pub(crate) fn new(cancel: Cancel, call: Call) -> Self {
        Self {
            call,
            cancel,
            concurrency: CONCURRENCY,
            pushed: 0,
            progress: Progress::default(),
            under_way: FuturesOrdered::new(),
        }
    }

    /// Most calls at one time. Default 8; the settings `max_concurrency` and `requests_per_second` bound it as well.
    pub fn concurrency(self, calls: usize) -> Self {
        Self { concurrency: calls.max(1), ..self }
    }

    /// Whether another input may be handed over now. Never again once it is cancelled.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.under_way.len() < self.concurrency && !self.cancel.is_cancelled()
    }

    /// Hands the next input over; one that could not be read becomes a row with its error. Its call goes out while [`next`](Self::next) waits.
    pub fn push(&mut self, input: Result<BulkInput>) {
        let row = row(self.pushed, input, self.call.clone());
        self.pushed += 1;
        self.under_way.push_back(Box::pin(row));
    }

    /// The next row, in the order of the inputs; `None` where no call is under way.
    pub async fn next(&mut self) -> Option<BulkRow> {
        let row = self.under_way.next().await?;
        self.progress.done += 1;
        self.progress.failed += u64::from(row.error.is_some());
        Some(row)
    }

    /// How many rows were given.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// What ends this bulk from outside, see [`Bulk::cancel`](crate::Bulk::cancel).
    #[must_use]
    pub fn cancel(&self) -> Cancel {
        self.cancel.clone()
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

impl std::fmt::Debug for BulkCalls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BulkCalls").field("progress", &self.progress).finish_non_exhaustive()
    }
}
