//! Blocking bulks, as iterators of their rows.

use super::runtime_pool::{RuntimePool, check_thread};
use super::worker::Worker;
use crate::bulk::{self, BulkAction, BulkInput, BulkRow, BulkStep, Inputs, Progress, ProgressCallback};
use crate::cancellation::CancellationToken;
use crate::entity::Entity;
use crate::error::{Error, Result};
use crate::key::RecordKey;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Many calls of one action, see [`crate::Bulk`]. Nothing is sent before the first row is read.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let leads = ["Ryś", "Żbik"].map(|name| serde_json::json!({"lastName": name}));
/// for row in client.leads().create_many(leads)? {
///     println!("{}: {:?}", row.index, row.id);
/// }
/// # Ok(()) });
/// ```
#[derive(Debug)]
#[must_use = "a bulk sends nothing until its rows are read"]
pub struct Bulk {
    runtimes: Arc<RuntimePool>,
    bulk: bulk::Bulk,
}

impl Bulk {
    pub(super) fn new(
        runtimes: &Arc<RuntimePool>,
        entity: &Entity,
        make: impl FnOnce(Entity) -> bulk::Bulk,
    ) -> Result<Self> {
        check_thread()?;
        let entity = entity.with_engine(runtimes.client().engine());
        Ok(Self { runtimes: runtimes.clone(), bulk: make(entity) })
    }

    /// Sets the maximum number of calls in flight, see [`crate::Bulk::concurrency`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let rows = client.accounts().get_many([1, 2, 3])?.concurrency(2).to_vec();
    /// assert_eq!(rows.len(), 3);
    /// # Ok(()) });
    /// ```
    pub fn concurrency(self, calls: usize) -> Self {
        Self { bulk: self.bulk.concurrency(calls), ..self }
    }

    /// Sets the maximum duration of an outage of the server, see [`crate::Bulk::outage_timeout`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let bulk = client.accounts().get_many([1, 2, 3])?.outage_timeout(std::time::Duration::from_secs(3600));
    /// assert_eq!(bulk.to_vec().len(), 3);
    /// # Ok(()) });
    /// ```
    pub fn outage_timeout(self, timeout: Duration) -> Self {
        Self { bulk: self.bulk.outage_timeout(timeout), ..self }
    }

    /// Sets the number of failed rows that ends the bulk, see [`crate::Bulk::max_failures`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let rows = client.accounts().get_many([7_000_000, 1])?.concurrency(1).max_failures(1).to_vec();
    /// assert!(rows[1].error.as_ref().unwrap().is_cancelled());
    /// # Ok(()) });
    /// ```
    pub fn max_failures(self, rows: u64) -> Self {
        Self { bulk: self.bulk.max_failures(rows), ..self }
    }

    /// Sets the fields that identify a record, see [`crate::Bulk::key`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let leads = [serde_json::json!({"formKey": "f-1", "lastName": "Ryś"})];
    /// assert!(client.leads().create_many(leads)?.key("formKey").to_vec()[0].id.is_some());
    /// # Ok(()) });
    /// ```
    pub fn key(self, key: impl Into<RecordKey>) -> Self {
        Self { bulk: self.bulk.key(key), ..self }
    }

    /// Records the rows in a file, so that a later run continues there, see [`crate::Bulk::journal`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// # let path = std::env::temp_dir().join(format!("egito-blocking-{}.journal", std::process::id()));
    /// let first = client.leads().delete_many([1, 2])?.journal(&path)?.to_vec();
    /// let second = client.leads().delete_many([1, 2])?.journal(&path)?.to_vec();
    /// assert!(first[0].id == second[0].id && second[0].resumed); // nothing was sent
    /// # std::fs::remove_file(path).unwrap();
    /// # Ok(()) });
    /// ```
    pub fn journal(self, path: impl AsRef<Path>) -> Result<Self> {
        Ok(Self { bulk: self.bulk.journal(path)?, ..self })
    }

    /// Calls `callback` after each call that finishes, see [`crate::Bulk::on_progress`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let bulk = client.accounts().get_many([1, 7_000_000])?.on_progress(|p| println!("{} done, {} failed", p.done, p.failed));
    /// bulk.to_vec();
    /// # Ok(()) });
    /// ```
    pub fn on_progress(self, callback: impl FnMut(Progress) + Send + 'static) -> Self {
        Self { bulk: self.bulk.on_progress(callback), ..self }
    }

    /// Sets how long calls in flight may continue after a cancel, see [`crate::Bulk::cancel_grace`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let bulk = client.accounts().get_many([1, 2, 3])?.cancel_grace(std::time::Duration::ZERO);
    /// assert_eq!(bulk.to_vec().len(), 3);
    /// # Ok(()) });
    /// ```
    pub fn cancel_grace(self, grace: Duration) -> Self {
        Self { bulk: self.bulk.cancel_grace(grace), ..self }
    }

    /// Returns a token that cancels this bulk, see [`crate::Bulk::cancellation_token`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let bulk = client.accounts().get_many(1..)?;
    /// let cancellation = bulk.cancellation_token();
    /// for row in bulk {
    ///     if row.index == 10 {
    ///         cancellation.cancel();
    ///     }
    /// }
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn cancellation_token(&self) -> CancellationToken {
        self.bulk.cancellation_token()
    }

    /// Returns the rows, see [`crate::Bulk::rows`]. The thread that reads the rows also reads the inputs.
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let failed = client.accounts().get_many([1, 7_000_000])?.rows().filter(|row| row.error.is_some()).count();
    /// assert_eq!(failed, 1);
    /// # Ok(()) });
    /// ```
    pub fn rows(self) -> BulkRows {
        let bulk::Bulk { inputs, calls, on_progress } = self.bulk;
        let calls = BulkCalls { calls, runtimes: self.runtimes, worker: None };
        BulkRows { inputs: Some(inputs), on_progress, calls }
    }

    /// Runs the bulk and returns all rows, see [`crate::Bulk::to_vec`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let rows = client.accounts().get_many([1, 2])?.to_vec();
    /// assert!(rows.iter().all(|row| row.record.is_some()));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn to_vec(mut self) -> Vec<BulkRow> {
        self.bulk.calls.keep_all_rows();
        self.rows().collect()
    }
}

/// Reads the rows, as [`rows`](Bulk::rows) does.
impl IntoIterator for Bulk {
    type Item = BulkRow;
    type IntoIter = BulkRows;

    fn into_iter(self) -> BulkRows {
        self.rows()
    }
}

/// The rows of a bulk. Dropping it cancels the calls in flight.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let mut rows = client.accounts().get_many(1..)?.rows(); // endless: inputs are taken when they are needed
/// assert!(rows.next().unwrap().record.is_some());
/// # Ok(()) });
/// ```
#[must_use = "dropping it cancels the calls in flight"]
pub struct BulkRows {
    /// `None` after the last input.
    inputs: Option<Inputs>,
    calls: BulkCalls,
    on_progress: Option<ProgressCallback>,
}

impl BulkRows {
    /// Cancels the bulk and returns the rows that were not read yet, see [`crate::BulkRows::rest`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let mut rows = client.accounts().get_many(1..)?.rows();
    /// let first = rows.next().unwrap();
    /// assert!(rows.rest().iter().all(|row| row.index > first.index));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn rest(self) -> Vec<BulkRow> {
        self.calls.cancellation_token().cancel();
        self.collect()
    }

    /// Checks that every input has a row, see [`crate::BulkRows::check_complete`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let bulk = client.accounts().get_many(1..)?;
    /// let (cancellation, mut rows) = (bulk.cancellation_token(), bulk.rows());
    /// for row in rows.by_ref() {
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
}

impl Iterator for BulkRows {
    type Item = BulkRow;

    fn next(&mut self) -> Option<BulkRow> {
        loop {
            match self.calls.step(self.inputs.is_some()) {
                BulkStep::NeedsInput => match self.inputs.as_mut().and_then(Iterator::next) {
                    Some(input) => self.calls.push(input),
                    None => self.inputs = None,
                },
                BulkStep::Row(row) => return Some(row),
                BulkStep::Progress(progress) => {
                    if let Some(callback) = &mut self.on_progress {
                        callback(progress);
                    }
                }
                BulkStep::Done => {
                    self.calls.worker = None;
                    return None;
                }
            }
        }
    }
}

/// A bulk whose inputs are pushed one by one, see [`crate::BulkCalls`].
///
/// A background thread drives the calls, from the first input on. After a `fork`, the bulk belongs to the parent process: in the
/// child, every row has the error `config`.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get)?;
/// calls.push(Ok(egito::BulkInput::from_id(1.into())));
/// assert!(calls.next().unwrap().record.is_some());
/// # Ok(()) });
/// ```
#[derive(Debug)]
#[must_use = "dropping it cancels the calls in flight"]
pub struct BulkCalls {
    calls: bulk::BulkCalls,
    /// `None` if nothing was sent yet.
    worker: Option<Worker>,
    runtimes: Arc<RuntimePool>,
}

impl BulkCalls {
    pub(super) fn new(runtimes: &Arc<RuntimePool>, entity: &Entity, action: BulkAction) -> Result<Self> {
        check_thread()?;
        let entity = entity.with_engine(runtimes.client().engine());
        Ok(Self { calls: entity.bulk_calls(action), worker: None, runtimes: runtimes.clone() })
    }

    /// Sets the maximum number of calls in flight, see [`crate::Bulk::concurrency`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get)?.concurrency(1);
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// assert!(calls.next().is_some());
    /// # Ok(()) });
    /// ```
    pub fn concurrency(self, calls: usize) -> Self {
        Self { calls: self.calls.concurrency(calls), ..self }
    }

    /// Sets the maximum duration of an outage of the server, see [`crate::Bulk::outage_timeout`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let calls = client.accounts().bulk_calls(egito::BulkAction::Get)?.outage_timeout(std::time::Duration::from_secs(60));
    /// assert!(calls.has_room());
    /// # Ok(()) });
    /// ```
    pub fn outage_timeout(self, timeout: Duration) -> Self {
        Self { calls: self.calls.outage_timeout(timeout), ..self }
    }

    /// Sets the number of failed rows that ends the bulk, see [`crate::Bulk::max_failures`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let calls = client.accounts().bulk_calls(egito::BulkAction::Get)?.max_failures(10);
    /// assert!(calls.has_room());
    /// # Ok(()) });
    /// ```
    pub fn max_failures(self, rows: u64) -> Self {
        Self { calls: self.calls.max_failures(rows), ..self }
    }

    /// Sets how long calls in flight may continue after a cancel, see [`crate::Bulk::cancel_grace`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let calls = client.accounts().bulk_calls(egito::BulkAction::Get)?.cancel_grace(std::time::Duration::ZERO);
    /// assert!(calls.has_room());
    /// # Ok(()) });
    /// ```
    pub fn cancel_grace(self, grace: Duration) -> Self {
        Self { calls: self.calls.cancel_grace(grace), ..self }
    }

    /// Sets the fields that identify a record, see [`crate::Bulk::key`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let calls = client.accounts().bulk_calls(egito::BulkAction::Upsert)?.key("nip");
    /// assert!(calls.has_room());
    /// # Ok(()) });
    /// ```
    pub fn key(self, key: impl Into<RecordKey>) -> Self {
        Self { calls: self.calls.key(key), ..self }
    }

    /// Opens a journal, see [`crate::Bulk::journal`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// # let path = std::env::temp_dir().join(format!("egito-blocking-calls-{}.journal", std::process::id()));
    /// let calls = client.leads().bulk_calls(egito::BulkAction::Delete)?.journal(&path)?;
    /// assert!(calls.has_room());
    /// # std::fs::remove_file(path).unwrap();
    /// # Ok(()) });
    /// ```
    pub fn journal(self, path: impl AsRef<Path>) -> Result<Self> {
        Ok(Self { calls: self.calls.journal(path)?, ..self })
    }

    /// Sets the options from one JSON object, see [`crate::BulkCalls::with_json`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let calls = client.accounts().bulk_calls(egito::BulkAction::Get)?.with_json(br#"{"concurrency": 4}"#)?;
    /// assert!(calls.has_room());
    /// # Ok(()) });
    /// ```
    pub fn with_json(self, json: &[u8]) -> Result<Self> {
        Ok(Self { calls: self.calls.with_json(json)?, ..self })
    }

    /// Removes the limit of rows that were not read yet, see [`crate::BulkCalls::keep_all_rows`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get)?;
    /// calls.keep_all_rows();
    /// # Ok(()) });
    /// ```
    pub fn keep_all_rows(&mut self) {
        self.calls.keep_all_rows();
    }

    /// Makes [`step`](Self::step) return [`BulkStep::Progress`] after each call that finishes, see
    /// [`crate::BulkCalls::report_progress`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get)?;
    /// calls.report_progress();
    /// # Ok(()) });
    /// ```
    pub fn report_progress(&mut self) {
        self.calls.report_progress();
    }

    /// Returns whether another input can be pushed, see [`crate::BulkCalls::has_room`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// assert!(client.accounts().bulk_calls(egito::BulkAction::Get)?.has_room());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.calls.has_room()
    }

    /// Pushes the next input, see [`crate::BulkCalls::push`]. Its call is sent at once and runs in the background.
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get)?;
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// assert!(calls.next().is_some());
    /// # Ok(()) });
    /// ```
    pub fn push(&mut self, input: Result<BulkInput>) {
        let Ok(input) = input else { return self.calls.push(input) };
        if let Err(error) = self.start() {
            return self.calls.reject(input, error);
        }
        let _inside = self.worker.as_ref().map(Worker::enter);
        self.calls.push(Ok(input));
    }

    /// Waits until an input can be pushed or a row is ready, see [`crate::BulkCalls::step`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get)?;
    /// assert!(matches!(calls.step(true), egito::BulkStep::NeedsInput));
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// assert!(matches!(calls.step(false), egito::BulkStep::Row(_)));
    /// # Ok(()) });
    /// ```
    pub fn step(&mut self, more: bool) -> BulkStep {
        self.step_with(more, |worker, calls| worker.wait(calls.step(more)))
    }

    /// Like [`step`](Self::step), but returns `None` once the caller is interrupted. No row is lost then.
    pub(crate) fn step_unless_interrupted(&mut self, more: bool) -> Option<BulkStep> {
        self.step_with(more, |worker, calls| worker.wait_unless_interrupted(calls.step(more)))
    }

    /// Like [`step`](Self::step), but waits at most `max_wait`, and then returns `None`. No row is lost then.
    pub(crate) fn step_within(&mut self, more: bool, max_wait: Duration) -> Option<BulkStep> {
        self.step_with(more, |worker, calls| worker.wait_for(calls.step(more), max_wait))
    }

    /// Returns the next step. If it is not ready, `wait` waits for it.
    fn step_with<S: From<BulkStep>>(
        &mut self,
        more: bool,
        wait: impl FnOnce(&Worker, &mut bulk::BulkCalls) -> Result<S>,
    ) -> S {
        self.step_or_wait(more, wait).unwrap_or_else(|error| self.calls.step_or_fail(more, error).into())
    }

    fn step_or_wait<S: From<BulkStep>>(
        &mut self,
        more: bool,
        wait: impl FnOnce(&Worker, &mut bulk::BulkCalls) -> Result<S>,
    ) -> Result<S> {
        self.check_caller()?;
        if let Some(step) = self.calls.try_step(more) {
            return Ok(step.into()); // no descriptor is used without waiting
        }
        let worker = self.worker.as_ref().ok_or_else(Error::cancelled)?;
        worker.check_descriptors()?;
        wait(worker, &mut self.calls)
    }

    /// Like [`step`](Self::step), but returns `None` instead of waiting, see [`crate::BulkCalls::try_step`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get)?;
    /// assert!(calls.try_step(true).is_some());
    /// # Ok(()) });
    /// ```
    pub fn try_step(&mut self, more: bool) -> Option<BulkStep> {
        self.check_caller().ok()?;
        self.calls.try_step(more)
    }

    /// Waits for the next row, see [`crate::BulkCalls::next`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get)?;
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// assert!(calls.next().is_some() && calls.next().is_none());
    /// # Ok(()) });
    /// ```
    #[allow(clippy::should_implement_trait)] // not an iterator: after `None`, more inputs can be pushed
    pub fn next(&mut self) -> Option<BulkRow> {
        loop {
            match self.step(false) {
                BulkStep::Row(row) => return Some(row),
                BulkStep::Progress(_) => {}
                BulkStep::NeedsInput | BulkStep::Done => return None,
            }
        }
    }

    /// Checks that every input has a row: fails with `cancelled` if the bulk was cancelled and has `more` inputs, see [`crate::BulkCalls::check_complete`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let calls = client.accounts().bulk_calls(egito::BulkAction::Get)?;
    /// calls.cancellation_token().cancel();
    /// assert!(calls.check_complete(true).unwrap_err().is_cancelled());
    /// # Ok(()) });
    /// ```
    pub fn check_complete(&self, more: bool) -> Result<()> {
        self.calls.check_complete(more)
    }

    /// Returns how many calls have finished, see [`crate::BulkCalls::progress`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// assert_eq!(client.accounts().bulk_calls(egito::BulkAction::Get)?.progress().done, 0);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.calls.progress()
    }

    /// Returns a token that cancels this bulk, see [`crate::BulkCalls::cancellation_token`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let calls = client.accounts().bulk_calls(egito::BulkAction::Get)?;
    /// calls.cancellation_token().cancel();
    /// assert!(!calls.has_room());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn cancellation_token(&self) -> CancellationToken {
        self.calls.cancellation_token()
    }

    /// Starts the thread that drives the calls, if there is none yet.
    fn start(&mut self) -> Result<()> {
        self.check_caller()?;
        if let Some(worker) = &self.worker {
            return worker.check_descriptors();
        }
        let worker = Worker::start(&self.runtimes, "egito-bulk")?;
        self.calls.set_engine(worker.client().engine());
        self.worker = Some(worker);
        Ok(())
    }

    /// Fails on a thread of an async runtime, and in a forked child, which has the parent's sockets but not its thread.
    fn check_caller(&self) -> Result<()> {
        check_thread()?;
        self.worker.as_ref().map_or(Ok(()), Worker::check_process)
    }
}

impl std::fmt::Debug for BulkRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("BulkRows").field(&self.calls).finish()
    }
}
