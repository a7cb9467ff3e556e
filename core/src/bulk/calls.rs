//! Schedules the calls of a bulk: when the next input is sent, and when the next row can be read.

use super::circuit_breaker::CircuitBreaker;
use super::graceful_cancel::GracefulCancel;
use super::in_flight::{Finished, InFlight, InFlightGuard, Task};
use super::input_keys::InputKeys;
use super::journaled::{BulkJournal, CallParts, JournalRow, Taken};
use super::options::BulkOptions;
use super::row::{BulkAction, BulkInput, BulkRow, CallInput, CallOutput, KeyedInput, Progress};
use crate::call::Engine;
use crate::cancellation::CancellationToken;
use crate::error::{Error, Outcome, Result};
use crate::key::RecordKey;
use futures_util::future::BoxFuture;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;

/// Default of the maximum number of calls in flight.
const DEFAULT_CONCURRENCY: usize = 8;

/// Maximum number of inputs whose rows were not read yet, for each of the `concurrency` calls.
///
/// Rows are returned in order, so a slow call holds back the rows after it. With 16, a call can take about 16 times as long as the
/// others before it holds back further calls. More would cost memory: each of these inputs is kept together with its result.
const WINDOW_PER_CALL: usize = 16;

/// Makes the calls of a bulk.
pub(crate) trait CallFactory: Send + Sync {
    /// Makes one call on the engine's connections.
    fn call(&self, engine: &Engine, input: CallInput) -> BoxFuture<'static, Result<CallOutput>>;

    /// Returns whether most calls finish without a request from now on.
    fn needs_no_requests(&self) -> bool;
}

/// A bulk whose inputs are pushed one by one, for callers without an iterator that is `Send`.
///
/// [`step`](Self::step) returns what to do next: push an input, or handle a row.
///
/// ```
/// # egito_test_support::run(async |client| {
/// use egito::{BulkAction, BulkInput, BulkStep};
///
/// let mut inputs = [1, 2, 3].into_iter();
/// let mut calls = client.accounts().bulk_calls(BulkAction::Get);
/// let mut more = true;
/// loop {
///     match calls.step(more).await {
///         BulkStep::NeedsInput => match inputs.next() {
///             Some(id) => calls.push(Ok(BulkInput::from_id(id.into()))),
///             None => more = false,
///         },
///         BulkStep::Row(row) => println!("{}: {:?}", row.index, row.record),
///         BulkStep::Progress(_) => {} // only after `report_progress`
///         BulkStep::Done => break,
///     }
/// }
/// assert_eq!(calls.progress().done, 3);
/// # Ok(()) });
/// ```
#[must_use = "dropping it cancels the calls in flight"]
pub struct BulkCalls {
    factory: Arc<dyn CallFactory>,
    action: BulkAction,
    /// The engine of the calls. `cancel` cancels them.
    engine: Arc<Engine>,
    cancel: GracefulCancel,
    concurrency: usize,
    keeps_all_rows: bool,
    breaker: Arc<CircuitBreaker>,
    key: Option<Arc<RecordKey>>,
    input_keys: InputKeys,
    pushed: u64,
    /// Inputs whose rows were not read yet, in order.
    unread: VecDeque<Unread>,
    /// Dropped after the calls, which say first whether they were sent.
    journal: Option<BulkJournal>,
    in_flight: InFlight,
    /// A call was pushed outside of a runtime, and is not started yet.
    has_pending: bool,
}

/// What to do next for a bulk, see [`BulkCalls::step`].
///
/// ```
/// # egito_test_support::run(async |client| {
/// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get);
/// assert!(matches!(calls.step(true).await, egito::BulkStep::NeedsInput));
/// # Ok(()) });
/// ```
#[derive(Debug)]
#[allow(clippy::large_enum_variant)] // most steps are rows
pub enum BulkStep {
    /// The next input can be pushed with [`BulkCalls::push`].
    NeedsInput,
    /// The next row, in the order of the inputs.
    Row(BulkRow),
    /// A call has finished; its row may be held back by earlier calls. Only after [`BulkCalls::report_progress`].
    Progress(Progress),
    /// All rows were returned, and no further input is taken.
    Done,
}

/// An input whose row was not read yet.
struct Unread {
    index: u64,
    input: BulkInput,
    call: Call,
}

/// The call of one input.
enum Call {
    /// Starts once there is a runtime.
    Pending(InFlightGuard, Option<Box<KeyedInput>>, Option<Arc<JournalRow>>),
    /// Is never sent.
    Rejected(Error),
    /// Was made by an earlier run.
    Resumed(Box<CallOutput>),
    /// Is in flight, or finished.
    Running(Task),
}

/// The next step that needs no waiting.
#[derive(Clone, Copy, PartialEq)]
enum NextStep {
    NeedsInput,
    Row,
    Progress,
    Done,
}

impl BulkCalls {
    pub(crate) fn new(engine: &Engine, entity: Arc<str>, action: BulkAction, factory: Arc<dyn CallFactory>) -> Self {
        let cancel = GracefulCancel::new(engine.cancellation());
        Self {
            factory,
            action,
            engine: Arc::new(engine.with_only_cancellation(&cancel.calls)),
            cancel,
            concurrency: DEFAULT_CONCURRENCY,
            keeps_all_rows: false,
            breaker: Arc::new(CircuitBreaker::new(entity, action)),
            key: None,
            input_keys: InputKeys::default(),
            pushed: 0,
            unread: VecDeque::new(),
            journal: None,
            in_flight: InFlight::default(),
            has_pending: false,
        }
    }

    /// Makes later calls on other connections.
    pub(crate) fn set_engine(&mut self, engine: &Engine) {
        self.engine = Arc::new(engine.with_only_cancellation(&self.cancel.calls));
    }

    /// Sets the maximum number of calls in flight, see [`Bulk::concurrency`](crate::Bulk::concurrency).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get).concurrency(1);
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// assert!(calls.next().await.is_some());
    /// # Ok(()) });
    /// ```
    pub fn concurrency(self, calls: usize) -> Self {
        Self { concurrency: calls.max(1), ..self }
    }

    /// Sets the maximum duration of an outage of the server, see [`Bulk::outage_timeout`](crate::Bulk::outage_timeout).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// use std::time::Duration;
    ///
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get).outage_timeout(Duration::from_secs(3600));
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// assert!(calls.next().await.is_some());
    /// # Ok(()) });
    /// ```
    pub fn outage_timeout(self, timeout: Duration) -> Self {
        Self { breaker: Arc::new(self.breaker.with_limits(Some(timeout), None)), ..self }
    }

    /// Sets the number of failed rows that ends the bulk, see [`Bulk::max_failures`](crate::Bulk::max_failures).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get).max_failures(1);
    /// calls.push(Ok(egito::BulkInput::from_id(7_000_000.into())));
    /// assert!(calls.next().await.unwrap().error.unwrap().is_not_found());
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// assert!(calls.next().await.unwrap().error.unwrap().is_cancelled());
    /// # Ok(()) });
    /// ```
    pub fn max_failures(self, rows: u64) -> Self {
        Self { breaker: Arc::new(self.breaker.with_limits(None, Some(rows.max(1)))), ..self }
    }

    /// Sets how long calls in flight may continue after a cancel, see [`Bulk::cancel_grace`](crate::Bulk::cancel_grace).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get).cancel_grace(std::time::Duration::ZERO);
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// calls.cancellation_token().cancel();
    /// assert!(calls.next().await.unwrap().error.unwrap().is_cancelled());
    /// # Ok(()) });
    /// ```
    pub fn cancel_grace(mut self, grace: Duration) -> Self {
        self.cancel.grace = grace;
        self
    }

    /// Sets the fields that identify a record, see [`Bulk::key`](crate::Bulk::key).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Upsert).key("nip");
    /// let account = serde_json::value::to_raw_value(&serde_json::json!({"nip": "5250001009", "name": "Żubr"})).unwrap();
    /// calls.push(Ok(egito::BulkInput::from_record(account)));
    /// assert_eq!(calls.next().await.unwrap().change, Some(egito::Change::Created));
    /// # Ok(()) });
    /// ```
    pub fn key(self, key: impl Into<RecordKey>) -> Self {
        Self { key: Some(Arc::new(key.into())), ..self }
    }

    /// Opens a journal, see [`Bulk::journal`](crate::Bulk::journal). Call it after [`key`](Self::key).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// # let path = std::env::temp_dir().join(format!("egito-calls-{}.journal", std::process::id()));
    /// let mut calls = client.leads().bulk_calls(egito::BulkAction::Delete).journal(&path)?;
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// assert!(!calls.next().await.unwrap().resumed);
    /// # std::fs::remove_file(path).unwrap();
    /// # Ok(()) });
    /// ```
    pub fn journal(self, path: impl AsRef<Path>) -> Result<Self> {
        let (path, entity) = (path.as_ref(), self.breaker.entity().clone());
        let journal = BulkJournal::open(path, &self.engine, entity, self.action, self.key.as_deref())?;
        Ok(Self { journal: Some(journal), ..self })
    }

    /// Sets the options from one JSON object: `concurrency`, `max_failures`, and `outage_timeout` and `cancel_grace` in seconds (or
    /// with the suffix `_ms` in milliseconds); `journal`, the path of a file; for creates and upserts also `key` (a name or a list of
    /// names), `lookup` and `settle` (or `settle_ms`), see [`RecordKey`]. For the bindings.
    ///
    /// Error `config`: an unknown option or an invalid value; an upsert without a `key`; a `key` for a get, update or delete; a
    /// `journal` that cannot be used.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let calls = client.accounts().bulk_calls(egito::BulkAction::Get).with_json(br#"{"concurrency": 4}"#)?;
    /// assert!(calls.has_room());
    /// # Ok(()) });
    /// ```
    pub fn with_json(self, json: &[u8]) -> Result<Self> {
        let options = BulkOptions::from_json(json)?;
        let breaker = self.breaker.with_limits(options.outage_timeout()?, options.max_failures);
        let concurrency = options.concurrency.map(|calls| usize::try_from(calls).unwrap_or(usize::MAX));
        let cancel = GracefulCancel { grace: options.cancel_grace()?.unwrap_or(self.cancel.grace), ..self.cancel };
        let key = options.key()?.map(Arc::new).or(self.key);
        self.action.check_key(key.as_deref())?;
        let concurrency = concurrency.unwrap_or(self.concurrency);
        let calls = Self { breaker: Arc::new(breaker), concurrency, cancel, key, ..self };
        match options.journal {
            Some(path) => calls.journal(path),
            None => Ok(calls),
        }
    }

    /// Removes the limit of rows that were not read yet, for callers that keep all rows in memory anyway.
    ///
    /// By default, no further input is taken while 16 × `concurrency` inputs have rows that were not read.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get);
    /// calls.keep_all_rows();
    /// # Ok(()) });
    /// ```
    pub fn keep_all_rows(&mut self) {
        self.keeps_all_rows = true;
    }

    /// Makes [`step`](Self::step) return [`BulkStep::Progress`] after each call that finishes, before its row.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// use egito::{BulkInput, BulkStep};
    ///
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get);
    /// calls.report_progress();
    /// calls.push(Ok(BulkInput::from_id(1.into())));
    /// assert!(matches!(calls.step(false).await, BulkStep::Progress(progress) if progress.done == 1));
    /// assert!(matches!(calls.step(false).await, BulkStep::Row(_)));
    /// # Ok(()) });
    /// ```
    pub fn report_progress(&mut self) {
        self.breaker.counter.keep_reports();
    }

    /// Returns whether another input can be pushed: fewer than `concurrency` calls are in flight, and not too many rows are unread.
    /// Once true, it stays true until [`push`](Self::push) or a cancel.
    ///
    /// [`step`](Self::step) is stricter: while rows are ready, it returns them before it takes further inputs.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get);
    /// assert!(calls.has_room());
    /// calls.cancellation_token().cancel();
    /// assert!(!calls.has_room());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn has_room(&self) -> bool {
        let window = WINDOW_PER_CALL.saturating_mul(self.concurrency);
        self.in_flight.count() < self.max_begun()
            && (self.keeps_all_rows || self.unread.len() < window)
            && !self.cancel.requested.is_cancelled()
    }

    /// Pushes the next input, and starts its call in the background. An error becomes the row of this input.
    ///
    /// Outside of a runtime, the call starts when the next row is awaited.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get);
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// calls.push(Err(egito::Error::config("input", "line 2 is not an id")));
    /// assert!(calls.next().await.unwrap().record.is_some());
    /// assert!(calls.next().await.unwrap().error.is_some());
    /// # Ok(()) });
    /// ```
    pub fn push(&mut self, input: Result<BulkInput>) {
        let input = match input {
            Err(error) => return self.reject(BulkInput::default(), error),
            Ok(input) => input,
        };
        let keyed = match self.read_key(&input) {
            Err(error) => return self.reject(input, error),
            Ok(keyed) => keyed,
        };
        let row = match self.take_from_journal(&input) {
            Err(error) | Ok(Some(Taken::InDoubt(error))) => return self.reject(input, error),
            Ok(Some(Taken::Done(output))) => {
                self.breaker.counter.count(false);
                return self.enqueue(input, Call::Resumed(Box::new(output)));
            }
            Ok(Some(Taken::Unsent(row))) => Some(row),
            Ok(None) => None,
        };
        if let Some(error) = self.breaker.rejection() {
            return self.reject(input, error);
        }
        let guard = self.in_flight.enter();
        let call = if Handle::try_current().is_ok() {
            self.start(&input, keyed, guard, row)
        } else {
            self.has_pending = true;
            Call::Pending(guard, keyed, row)
        };
        self.enqueue(input, call);
    }

    /// Returns what the journal says about the next input. If that was sent with other content, no further input is sent.
    fn take_from_journal(&self, input: &BulkInput) -> Result<Option<Taken>> {
        let Some(journal) = &self.journal else { return Ok(None) };
        let taken = journal.take(self.pushed, input, self.key.as_deref());
        taken.map(Some).map_err(|error| self.breaker.stop(error))
    }

    /// Reads the record and the key of an input whose call needs them.
    ///
    /// Error `config`: the bulk has no key or needs none, or the input has no valid one or that of an earlier input.
    fn read_key(&mut self, input: &BulkInput) -> Result<Option<Box<KeyedInput>>> {
        self.action.check_key(self.key.as_deref())?;
        let Some(key) = &self.key else { return Ok(None) };
        self.input_keys.add(self.breaker.entity(), self.action, input, key, self.pushed)
    }

    /// Adds an input that is not sent. Its row has this error.
    pub(crate) fn reject(&mut self, input: BulkInput, error: Error) {
        self.breaker.counter.count(true);
        self.enqueue(input, Call::Rejected(error));
    }

    fn enqueue(&mut self, input: BulkInput, call: Call) {
        self.unread.push_back(Unread { index: self.pushed, input, call });
        self.pushed += 1;
    }

    /// Waits until there is something to do: push the next input, if there are `more`, or handle the next row.
    ///
    /// Keeps `concurrency` calls in flight. If a slow call holds back the rows after it, up to 16 × `concurrency` inputs are taken
    /// meanwhile. While rows are ready, at most `concurrency` inputs are taken ahead of the next row. Nothing is lost if this
    /// future is dropped.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// use egito::{BulkInput, BulkStep};
    ///
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get).concurrency(1);
    /// assert!(matches!(calls.step(true).await, BulkStep::NeedsInput));
    /// calls.push(Ok(BulkInput::from_id(1.into())));
    /// assert!(matches!(calls.step(true).await, BulkStep::Row(_)));
    /// assert!(matches!(calls.step(false).await, BulkStep::Done));
    /// # Ok(()) });
    /// ```
    pub async fn step(&mut self, more: bool) -> BulkStep {
        self.start_pending();
        loop {
            let finish = self.in_flight.next_finish();
            if let Some(step) = self.try_step(more) {
                return step;
            }
            finish.await;
        }
    }

    /// Like [`step`](Self::step), but returns `None` instead of waiting.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get);
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// assert!(calls.try_step(false).is_none()); // it is in flight
    /// # Ok(()) });
    /// ```
    pub fn try_step(&mut self, more: bool) -> Option<BulkStep> {
        if self.has_pending && Handle::try_current().is_ok() {
            self.start_pending();
        }
        match self.next_without_waiting(more)? {
            NextStep::NeedsInput => Some(BulkStep::NeedsInput),
            NextStep::Row => self.pop(Call::finished).map(BulkStep::Row),
            NextStep::Progress => self.breaker.counter.report().map(BulkStep::Progress),
            NextStep::Done => {
                self.journal.iter().for_each(BulkJournal::unlock);
                Some(BulkStep::Done)
            }
        }
    }

    /// Waits until [`try_step`](Self::try_step) returns a step, or a call has finished. The future borrows nothing, so inputs can be
    /// pushed meanwhile. For the bindings.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// use egito::BulkInput;
    ///
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get);
    /// calls.push(Ok(BulkInput::from_id(1.into())));
    /// let ready = calls.ready(false);
    /// calls.push(Ok(BulkInput::from_id(2.into())));
    /// ready.await;
    /// # Ok(()) });
    /// ```
    pub fn ready(&self, more: bool) -> impl Future<Output = ()> + Send + 'static {
        let finish = self.in_flight.next_finish();
        let is_ready = self.next_without_waiting(more).is_some();
        async move {
            if !is_ready {
                finish.await;
            }
        }
    }

    /// Waits for the next row, in the order of the inputs. Returns `None` if all inputs have their rows. Nothing is lost if this
    /// future is dropped.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get);
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// assert_eq!(calls.next().await.unwrap().index, 0);
    /// assert!(calls.next().await.is_none());
    /// # Ok(()) });
    /// ```
    pub async fn next(&mut self) -> Option<BulkRow> {
        loop {
            match self.step(false).await {
                BulkStep::Row(row) => return Some(row),
                BulkStep::Progress(_) => {}
                BulkStep::NeedsInput | BulkStep::Done => return None,
            }
        }
    }

    /// Checks that every input has a row. Call it after the last row; `more` says whether there may be further inputs.
    ///
    /// Error `cancelled`: the bulk was cancelled, so those inputs have no rows.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get);
    /// calls.cancellation_token().cancel();
    /// assert!(matches!(calls.step(true).await, egito::BulkStep::Done));
    /// assert!(calls.check_complete(true).unwrap_err().is_cancelled());
    /// # Ok(()) });
    /// ```
    pub fn check_complete(&self, more: bool) -> Result<()> {
        if more && self.cancel.requested.is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
    }

    /// Returns the next step for a caller that cannot wait. A row that is not ready gets this error.
    pub(crate) fn step_or_fail(&mut self, more: bool, error: Error) -> BulkStep {
        match self.next_without_waiting(more) {
            Some(NextStep::NeedsInput) => BulkStep::NeedsInput,
            Some(NextStep::Row) | None => {
                let unfinished = Err(self.unfinished(error.clone()));
                let row = self.pop(|call| match call {
                    Call::Pending(..) => Some(Err(error)),
                    Call::Rejected(rejected) => Some(Err(rejected)),
                    Call::Resumed(output) => Some(Ok(*output)),
                    Call::Running(_) => Some(unfinished),
                });
                row.map_or(BulkStep::Done, BulkStep::Row)
            }
            Some(NextStep::Progress) => self.breaker.counter.report().map_or(BulkStep::Done, BulkStep::Progress),
            Some(NextStep::Done) => BulkStep::Done,
        }
    }

    fn next_without_waiting(&self, more: bool) -> Option<NextStep> {
        let takes_input = more && self.has_room();
        if takes_input && self.unread.len() < self.max_begun() {
            return Some(NextStep::NeedsInput);
        }
        if self.breaker.counter.has_report() {
            return Some(NextStep::Progress);
        }
        let Some(oldest) = self.unread.front() else { return Some(NextStep::Done) };
        if oldest.call.is_finished() {
            Some(NextStep::Row)
        } else {
            takes_input.then_some(NextStep::NeedsInput) // the oldest call is slow; later ones continue
        }
    }

    /// Returns how many calls may be in flight, or wait for the disk.
    fn max_begun(&self) -> usize {
        self.journal.as_ref().map_or(self.concurrency, |journal| journal.max_begun(self.concurrency))
    }

    /// Returns the error of a call whose end was not observed.
    fn unfinished(&self, error: Error) -> Error {
        match self.action {
            BulkAction::Create => error.into_outcome_unknown(),
            action if action.only_reads() => error.with(|d| d.outcome = None),
            _ => error.with(|d| d.outcome = Some(Outcome::Unknown)),
        }
    }

    /// Returns how many calls have finished, and how many of them failed.
    ///
    /// A call counts when it finishes, even if its row is held back by a slower call before it.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let calls = client.accounts().bulk_calls(egito::BulkAction::Get);
    /// assert_eq!(calls.progress().done, 0);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.breaker.counter.progress()
    }

    /// Returns a token that cancels this bulk, see [`Bulk::cancellation_token`](crate::Bulk::cancellation_token).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut calls = client.accounts().bulk_calls(egito::BulkAction::Get);
    /// calls.cancellation_token().cancel();
    /// calls.push(Ok(egito::BulkInput::from_id(1.into())));
    /// assert!(calls.next().await.unwrap().error.unwrap().is_cancelled());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn cancellation_token(&self) -> CancellationToken {
        self.cancel.requested.clone()
    }

    /// Starts the calls that were pushed outside of a runtime.
    pub(super) fn start_pending(&mut self) {
        if !std::mem::take(&mut self.has_pending) {
            return;
        }
        for mut unread in std::mem::take(&mut self.unread) {
            if let Call::Pending(guard, keyed, row) = unread.call {
                unread.call = self.start(&unread.input, keyed, guard, row);
            }
            self.unread.push_back(unread);
        }
    }

    fn start(
        &self,
        input: &BulkInput,
        keyed: Option<Box<KeyedInput>>,
        guard: InFlightGuard,
        row: Option<Arc<JournalRow>>,
    ) -> Call {
        let guard = Arc::new(guard);
        let in_doubt = row.as_ref().is_some_and(|row| row.in_doubt);
        let record = if keyed.is_some() { None } else { input.record.clone() };
        let (id, planned_for) = (input.id.clone(), input.planned_for.clone());
        let input = BulkInput { id, record, change: input.change, planned_for };
        let (factory, input) = (self.factory.clone(), CallInput { input, keyed, key: self.key.clone(), in_doubt });
        let parts = CallParts {
            engine: self.engine.clone(),
            breaker: self.breaker.clone(),
            cancel: self.cancel.clone(),
            key: self.key.clone(),
            concurrency: self.concurrency,
        };
        let (of_call, of_task) = (row.clone().map(|row| (row, guard.clone())), (guard, row));
        // The future is created inside the task: it has some kilobytes, which the caller's thread need not move.
        let call = async move {
            let call = || factory.call(&parts.engine, input);
            match of_call {
                Some((row, guard)) => Box::pin(row.run(&parts, || guard.leave(), call)).await,
                None => parts.breaker.call(&parts.engine, &parts.cancel, call).await,
            }
        };
        let (guard, row) = of_task;
        if row.is_none() && self.factory.needs_no_requests() {
            return Call::Running(Task::begin_here(call, guard, self.breaker.clone()));
        }
        Call::Running(Task::spawn(call, guard, self.breaker.clone(), row))
    }

    /// Removes the oldest input, and returns it with its result as a row.
    fn pop(&mut self, result: impl FnOnce(Call) -> Finished) -> Option<BulkRow> {
        let Unread { index, input, call } = self.unread.pop_front()?;
        if !call.is_finished() {
            self.breaker.counter.count(true); // its end will not be observed
        }
        // `None`: the call was dropped because the runtime is shutting down.
        let result = result(call).unwrap_or_else(|| Err(self.unfinished(Error::cancelled())));
        Some(BulkRow::new(index, input, result))
    }
}

impl Call {
    fn is_finished(&self) -> bool {
        match self {
            Self::Pending(..) => false,
            Self::Rejected(_) | Self::Resumed(_) => true,
            Self::Running(task) => task.is_finished(),
        }
    }

    fn finished(self) -> Finished {
        match self {
            Self::Pending(..) => None,
            Self::Rejected(error) => Some(Err(error)),
            Self::Resumed(output) => Some(Ok(*output)),
            Self::Running(mut task) => task.take(),
        }
    }
}

impl std::fmt::Debug for BulkCalls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BulkCalls").field("progress", &self.progress()).finish_non_exhaustive()
    }
}
