//! Bulks: one call for each of many inputs, a limited number at a time, and one row for each input, in order.
//!
//! [`calls`] is the scheduler. [`circuit_breaker`] holds calls during an outage of the server, and [`graceful_cancel`] lets calls in
//! flight finish after a cancel.

mod calls;
mod change;
mod circuit_breaker;
mod graceful_cancel;
mod in_flight;
mod input_keys;
mod journaled;
mod options;
mod outage;
mod progress;
#[cfg(test)]
mod property_tests;
mod row;
mod slots;

use crate::cancellation::CancellationToken;
use crate::error::Result;
use crate::key::RecordKey;
use futures_util::future::BoxFuture;
use futures_util::stream::{Stream, StreamExt};
use std::future::poll_fn;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

pub(crate) use calls::CallFactory;
pub use calls::{BulkCalls, BulkStep};
pub use change::Change;
pub(crate) use options::{BULK_DURATIONS, BULK_OPTIONS};
pub use row::{BulkAction, BulkInput, BulkRow, Progress};
pub(crate) use row::{CallInput, CallOutput, KeyedInput};
#[cfg(feature = "outbox")]
pub(crate) use {graceful_cancel::GracefulCancel, outage::ServerSignal};

pub(crate) type Inputs = Box<dyn Iterator<Item = Result<BulkInput>> + Send>;
pub(crate) type ProgressCallback = Box<dyn FnMut(Progress) + Send>;

/// Many calls of one action. Nothing is sent before the first row is read.
///
/// Inputs are taken from their iterator only when they are needed, so the use of memory does not depend on their number. An input that
/// fails does not stop the others. Calls in flight continue while the reader of the rows does something else. Awaiting the bulk
/// returns all rows.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let leads = ["Ryś", "Żbik"].map(|name| serde_json::json!({"lastName": name}));
/// for row in client.leads().create_many(leads).await {
///     match row.error {
///         None => println!("{} was created", row.id.unwrap()),
///         Some(error) => eprintln!("{:?} was not: {error}", row.input.record),
///     }
/// }
/// # Ok(()) });
/// ```
#[must_use = "a bulk sends nothing until its rows are read"]
pub struct Bulk {
    pub(crate) inputs: Inputs,
    pub(crate) calls: BulkCalls,
    pub(crate) on_progress: Option<ProgressCallback>,
}

impl Bulk {
    pub(crate) fn new(calls: BulkCalls, inputs: impl Iterator<Item = Result<BulkInput>> + Send + 'static) -> Self {
        Self { inputs: Box::new(inputs), calls, on_progress: None }
    }

    /// Sets the maximum number of calls in flight. The default is 8. The settings `max_concurrency` and `requests_per_second` limit
    /// it as well. With 1, the calls are sent one after the other, in the order of the inputs.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let rows = client.accounts().get_many([1, 2, 3]).concurrency(2).to_vec().await;
    /// assert_eq!(rows.len(), 3);
    /// # Ok(()) });
    /// ```
    pub fn concurrency(self, calls: usize) -> Self {
        Self { calls: self.calls.concurrency(calls), ..self }
    }

    /// Sets the maximum duration of an outage of the server. The default is 300 s; zero disables the pause.
    ///
    /// The bulk pauses after three calls in a row without a response: no connection, a timeout, or 502, 503 or 504 from a proxy.
    /// It probes the server with a small read, then with one call alone, and continues once that call has a response. After this
    /// time, every further input has a row with the error `connection` and the outcome `not_sent`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// use std::time::Duration;
    ///
    /// let bulk = client.accounts().get_many([1, 2, 3]).outage_timeout(Duration::from_secs(3600)); // a nightly import can wait
    /// assert_eq!(bulk.await.len(), 3);
    /// # Ok(()) });
    /// ```
    pub fn outage_timeout(self, timeout: Duration) -> Self {
        Self { calls: self.calls.outage_timeout(timeout), ..self }
    }

    /// Sets the number of failed rows that ends the bulk. There is no limit by default.
    ///
    /// Once this many rows have failed, no further call is sent: the other inputs have rows with the error `cancelled` and the
    /// outcome `not_sent`. Calls in flight are not cancelled.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let rows = client.accounts().get_many(7_000_000..7_000_100).concurrency(1).max_failures(5).to_vec().await;
    /// assert!(rows[4].error.as_ref().unwrap().is_not_found());
    /// assert!(rows[5].error.as_ref().unwrap().is_cancelled() && rows.len() == 100);
    /// # Ok(()) });
    /// ```
    pub fn max_failures(self, rows: u64) -> Self {
        Self { calls: self.calls.max_failures(rows), ..self }
    }

    /// Sets the fields that identify a record. [`create_many`](crate::Entity::create_many) then looks for a record by its key if the
    /// outcome of its create is unknown, instead of reporting `outcome_unknown` at once. It does not look before it creates.
    ///
    /// Every input needs a value for each field of the key, and no two inputs may have the same key: the row of the second one has
    /// the error `config` (setting `key`). The same error have all rows of a bulk that gets, updates or deletes, which has no key.
    ///
    /// ```
    /// # let fault = r#"{"on": {"action": "create"}, "cut": "after"}"#;
    /// # egito_test_support::run_against(fault, async |client| {
    /// let leads = [serde_json::json!({"formKey": "f-1", "lastName": "Ryś"})];
    /// let rows = client.leads().create_many(leads).key("formKey").await;
    /// assert!(rows[0].id.is_some()); // the response was lost, and the record was found
    /// # Ok(()) });
    /// ```
    pub fn key(self, key: impl Into<RecordKey>) -> Self {
        Self { calls: self.calls.key(key), ..self }
    }

    /// Records the rows in a file, so that the same bulk with the same file continues where an earlier run stopped. Call it after
    /// [`key`](Self::key), and pass the same inputs in the same order.
    ///
    /// The start of a row is on the disk before its request is sent, and its result before the row is returned. So the file is true
    /// after a crash at any moment. A later run returns the rows that are done ([`BulkRow::resumed`]), and sends those that were
    /// not sent or were refused. For a row that may have been done, it looks by the key; without a key, a create is not sent again
    /// and has the error `outcome_unknown`. Updates, deletes and upserts are sent again.
    ///
    /// Error `config` (setting `journal`): the file is in use, damaged or of another bulk, or it cannot be written; the bulk only
    /// reads. If an input differs from the one that was sent, its row has this error, and no further input is sent.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// # let path = std::env::temp_dir().join(format!("egito-bulk-{}.journal", std::process::id()));
    /// let leads = || ["Ryś", "Żbik"].map(|name| serde_json::json!({"lastName": name, "formKey": name}));
    /// let first = client.leads().create_many(leads()).key("formKey").journal(&path)?.await;
    /// let second = client.leads().create_many(leads()).key("formKey").journal(&path)?.await;
    /// assert!(first[0].id == second[0].id && second[0].resumed); // nothing was sent
    /// # std::fs::remove_file(path).unwrap();
    /// # Ok(()) });
    /// ```
    pub fn journal(self, path: impl AsRef<Path>) -> Result<Self> {
        Ok(Self { calls: self.calls.journal(path)?, ..self })
    }

    /// Calls `callback` after each call that finishes, also while the caller waits for the next row.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let bulk = client.accounts().get_many([1, 7_000_000]).on_progress(|p| println!("{} done, {} failed", p.done, p.failed));
    /// bulk.await;
    /// # Ok(()) });
    /// ```
    pub fn on_progress(self, callback: impl FnMut(Progress) + Send + 'static) -> Self {
        let mut bulk = Self { on_progress: Some(Box::new(callback)), ..self };
        bulk.calls.report_progress();
        bulk
    }

    /// Sets how long calls in flight may continue after a cancel. The default is 5 s.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let bulk = client.accounts().get_many([1, 2, 3]).cancel_grace(std::time::Duration::ZERO); // a cancel does not wait for them
    /// assert_eq!(bulk.await.len(), 3);
    /// # Ok(()) });
    /// ```
    pub fn cancel_grace(self, grace: Duration) -> Self {
        Self { calls: self.calls.cancel_grace(grace), ..self }
    }

    /// Returns a token that cancels this bulk.
    ///
    /// After a cancel, no further input is taken, and calls in flight have some time to finish, see
    /// [`cancel_grace`](Self::cancel_grace). Then they are cancelled with the error `cancelled`, or `outcome_unknown` if a create was
    /// sent. After a second cancel, that happens at once. Every input that was taken has a row, so no outcome is lost.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let bulk = client.accounts().get_many(1..);
    /// let cancellation = bulk.cancellation_token();
    /// let bulk = bulk.on_progress(move |progress| {
    ///     if progress.done == 10 {
    ///         cancellation.cancel();
    ///     }
    /// });
    /// assert!(bulk.await.len() >= 10);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn cancellation_token(&self) -> CancellationToken {
        self.calls.cancellation_token()
    }

    /// Returns a stream of the rows, in the order of the inputs.
    ///
    /// While a row is awaited, at most 16 × `concurrency` inputs after it are in flight or finished.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut rows = client.accounts().get_many([1, 2, 3]).rows();
    /// while let Some(row) = rows.next().await {
    ///     println!("{}: {:?}", row.index, row.record);
    /// }
    /// # Ok(()) });
    /// ```
    pub fn rows(self) -> BulkRows {
        let Self { inputs, calls, on_progress } = self;
        BulkRows { inputs: Some(inputs), calls, on_progress, waiting: None }
    }

    /// Runs the bulk and returns all rows.
    ///
    /// After a cancel it returns the rows of the inputs that were taken, without an error. If the bulk can be cancelled, read
    /// [`rows`](Self::rows) and call [`BulkRows::check_complete`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let rows = client.accounts().get_many([1, 2, 7_000_000]).to_vec().await;
    /// assert_eq!(rows.iter().filter(|row| row.error.is_some()).count(), 1);
    /// # Ok(()) });
    /// ```
    pub async fn to_vec(mut self) -> Vec<BulkRow> {
        self.calls.keep_all_rows();
        self.rows().collect().await
    }
}

/// Runs the bulk: `client.leads().create_many(leads).await` is short for [`to_vec`](Bulk::to_vec).
impl IntoFuture for Bulk {
    type Output = Vec<BulkRow>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.to_vec())
    }
}

/// A [`Stream`] of the rows of a bulk. Dropping it cancels the calls in flight.
///
/// ```
/// use futures_util::StreamExt;
///
/// # egito_test_support::run(async |client| {
/// let mut rows = client.accounts().get_many(1..).rows(); // endless: inputs are taken when they are needed
/// assert!(rows.next().await.unwrap().record.is_some());
///
/// let rows = client.accounts().get_many([1, 2, 7_000_000]).rows();
/// let failed: Vec<_> = rows.filter_map(async |row| row.error).collect().await;
/// assert!(failed[0].is_not_found());
/// # Ok(()) });
/// ```
#[must_use = "dropping it cancels the calls in flight"]
pub struct BulkRows {
    /// `None` after the last input.
    inputs: Option<Inputs>,
    calls: BulkCalls,
    on_progress: Option<ProgressCallback>,
    /// Waits until there is something to do.
    waiting: Option<BoxFuture<'static, ()>>,
}

impl BulkRows {
    /// Waits for the next row. Returns `None` after the last one. No row is lost if the future is dropped.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut rows = client.accounts().get_many([1]).rows();
    /// assert!(rows.next().await.is_some() && rows.next().await.is_none());
    /// # Ok(()) });
    /// ```
    pub async fn next(&mut self) -> Option<BulkRow> {
        poll_fn(|cx| self.poll_row(cx)).await
    }

    /// Cancels the bulk, waits for the calls in flight, and returns the rows that were not read yet.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut rows = client.accounts().get_many(1..).rows();
    /// let first = rows.next().await.unwrap();
    /// let rest = rows.rest().await; // the calls that were in flight
    /// assert!(rest.iter().all(|row| row.index > first.index));
    /// # Ok(()) });
    /// ```
    pub async fn rest(self) -> Vec<BulkRow> {
        self.calls.cancellation_token().cancel();
        self.collect().await
    }

    /// Checks that every input has a row. Call it after the last row.
    ///
    /// Error `cancelled`: the bulk was cancelled before all inputs were taken.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let bulk = client.accounts().get_many(1..);
    /// let (cancellation, mut rows) = (bulk.cancellation_token(), bulk.rows());
    /// while let Some(row) = rows.next().await {
    ///     if row.index == 10 {
    ///         cancellation.cancel();
    ///     }
    /// }
    /// assert!(rows.check_complete().unwrap_err().is_cancelled());
    /// # Ok(()) });
    /// ```
    pub fn check_complete(&self) -> Result<()> {
        self.calls.check_complete(self.inputs.is_some())
    }

    fn poll_row(&mut self, cx: &mut Context<'_>) -> Poll<Option<BulkRow>> {
        self.calls.start_pending();
        loop {
            if let Some(waiting) = &mut self.waiting {
                ready!(waiting.as_mut().poll(cx));
                self.waiting = None;
            }
            match self.calls.try_step(self.inputs.is_some()) {
                Some(BulkStep::NeedsInput) => self.push_next(),
                Some(BulkStep::Row(row)) => return Poll::Ready(Some(row)),
                Some(BulkStep::Progress(progress)) => {
                    if let Some(callback) = &mut self.on_progress {
                        callback(progress);
                    }
                }
                Some(BulkStep::Done) => return Poll::Ready(None),
                None => self.waiting = Some(Box::pin(self.calls.ready(self.inputs.is_some()))),
            }
        }
    }

    fn push_next(&mut self) {
        match self.inputs.as_mut().and_then(Iterator::next) {
            Some(input) => self.calls.push(input),
            None => self.inputs = None,
        }
    }
}

impl Stream for BulkRows {
    type Item = BulkRow;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<BulkRow>> {
        self.get_mut().poll_row(cx)
    }
}

impl std::fmt::Debug for Bulk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Bulk").field(&self.calls).finish()
    }
}

impl std::fmt::Debug for BulkRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("BulkRows").field(&self.calls).finish()
    }
}
