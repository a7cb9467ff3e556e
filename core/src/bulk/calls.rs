//! The calls of a bulk that are under way.

use super::row::{BulkAction, BulkInput, BulkRow, Done, Progress};
use crate::call::Engine;
use crate::cancel::Cancel;
use crate::error::{Error, Outcome, Result};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// Calls at one time, where the caller does not say.
const CONCURRENCY: usize = 8;

/// Makes one call over the engine's connections.
pub(crate) type Caller = Arc<dyn Fn(&Engine, BulkInput) -> BoxFuture<'static, Result<Done>> + Send + Sync>;

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
#[must_use = "dropping it ends the calls that are under way"]
pub struct BulkCalls {
    caller: Caller,
    action: BulkAction,
    /// What the calls go over, ended by `cancel`.
    engine: Engine,
    cancel: Cancel,
    concurrency: usize,
    pushed: u64,
    progress: Progress,
    under_way: VecDeque<UnderWay>,
}

/// An input that has no row yet.
struct UnderWay {
    index: u64,
    input: BulkInput,
    call: Call,
}

/// How far the call of an input is.
enum Call {
    /// It was pushed where there is no runtime.
    Waits,
    Refused(Error),
    Runs(Task),
}

/// A call on its own, whatever the reader of the rows does meanwhile: a response that nobody looks at would count as slow.
///
/// Dropping it ends the call, but in a forked child: there it is the parent's.
struct Task {
    handle: Option<JoinHandle<Result<Done>>>,
    process: u32,
}

impl BulkCalls {
    pub(crate) fn new(engine: &Engine, action: BulkAction, caller: Caller) -> Self {
        let cancel = Cancel::default().within(engine.cancel());
        Self {
            caller,
            action,
            engine: engine.cancelled_by(&cancel),
            cancel,
            concurrency: CONCURRENCY,
            pushed: 0,
            progress: Progress::default(),
            under_way: VecDeque::new(),
        }
    }

    /// Makes later calls over other connections.
    pub(crate) fn go_over(&mut self, engine: &Engine) {
        self.engine = engine.cancelled_by(&self.cancel);
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

    /// Hands the next input over; one that could not be read becomes a row with its error. Its call goes out at once and goes on
    /// by itself; where no runtime is entered, only once [`next`](Self::next) is waited for.
    pub fn push(&mut self, input: Result<BulkInput>) {
        let (input, call) = match input {
            Ok(input) if Handle::try_current().is_ok() => (input.clone(), self.start(input)),
            Ok(input) => (input, Call::Waits),
            Err(error) => (BulkInput::default(), Call::Refused(error)),
        };
        self.keep(input, call);
    }

    /// An input that is not sent for this reason.
    pub(crate) fn push_refused(&mut self, input: BulkInput, error: Error) {
        self.keep(input, Call::Refused(error));
    }

    fn keep(&mut self, input: BulkInput, call: Call) {
        self.under_way.push_back(UnderWay { index: self.pushed, input, call });
        self.pushed += 1;
    }

    /// The next row, in the order of the inputs; `None` where no call is under way. Whoever stops waiting loses none.
    pub async fn next(&mut self) -> Option<BulkRow> {
        for place in 0..self.under_way.len() {
            if matches!(self.under_way[place].call, Call::Waits) {
                self.under_way[place].call = self.start(self.under_way[place].input.clone());
            }
        }
        // It stays in the queue while it is waited for.
        if let Call::Runs(task) = &mut self.under_way.front_mut()?.call {
            let done = task.done().await;
            let lost = || Err(self.unseen(Error::cancelled())); // the runtime is being shut down
            let done = done.unwrap_or_else(lost);
            return self.pop(|_| done);
        }
        self.pop(|call| match call {
            Call::Refused(error) => Err(error),
            Call::Waits | Call::Runs(_) => unreachable!("every call was started"),
        })
    }

    /// The next row where nobody can wait for it: it has this error, unless it was refused before.
    pub(crate) fn give_up(&mut self, error: Error) -> Option<BulkRow> {
        let unseen = self.unseen(error.clone());
        self.pop(|call| match call {
            Call::Waits => Err(error),
            Call::Refused(refused) => Err(refused),
            Call::Runs(_) => Err(unseen),
        })
    }

    /// The error of a call whose end nobody saw.
    fn unseen(&self, error: Error) -> Error {
        let outcome = (self.action != BulkAction::Get).then_some(Outcome::Unknown);
        error.with(|d| d.outcome = outcome)
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

    fn start(&self, input: BulkInput) -> Call {
        let call = AssertUnwindSafe((self.caller)(&self.engine, input)).catch_unwind();
        let call = call.map(|result| result.unwrap_or_else(|panic| Err(Error::from_panic(&*panic))));
        Call::Runs(Task { handle: Some(tokio::spawn(call)), process: std::process::id() })
    }

    fn pop(&mut self, result: impl FnOnce(Call) -> Result<Done>) -> Option<BulkRow> {
        let UnderWay { index, input, call } = self.under_way.pop_front()?;
        let result = result(call);
        self.progress.done += 1;
        self.progress.failed += u64::from(result.is_err());
        let (id, record, error) = match result {
            Ok(Done::Id(id)) => (Some(id), None, None),
            Ok(Done::Record(record)) => (record.id(), Some(record), None),
            Err(error) => (None, None, Some(error)),
        };
        Some(BulkRow { index, input, id, record, error })
    }
}

impl Task {
    /// How it ended; `None` where it was ended from outside.
    async fn done(&mut self) -> Option<Result<Done>> {
        let handle = self.handle.as_mut().expect("it is there until it is dropped");
        handle.await.ok()
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if self.process == std::process::id() {
            self.handle.iter().for_each(JoinHandle::abort);
        } else {
            std::mem::forget(self.handle.take());
        }
    }
}

impl std::fmt::Debug for BulkCalls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BulkCalls").field("progress", &self.progress).finish_non_exhaustive()
    }
}
