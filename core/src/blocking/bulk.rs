//! Bulks as iterators of their rows.

use super::runtime_pool::{RuntimePool, check_thread};
use super::worker::Worker;
use crate::bulk::{self, BulkAction, BulkInput, BulkRow, BulkStep, Inputs, Progress, Watcher};
use crate::cancel::Cancel;
use crate::entity::Entity;
use crate::error::{Error, Result};
use std::sync::Arc;

/// A bulk that has sent nothing yet, see [`crate::Bulk`].
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
        let entity = entity.over(runtimes.client().engine());
        Ok(Self { runtimes: runtimes.clone(), bulk: make(entity) })
    }

    /// See [`crate::Bulk::concurrency`].
    pub fn concurrency(self, calls: usize) -> Self {
        Self { bulk: self.bulk.concurrency(calls), ..self }
    }

    /// See [`crate::Bulk::on_progress`].
    pub fn on_progress(self, watch: impl FnMut(Progress) + Send + 'static) -> Self {
        Self { bulk: self.bulk.on_progress(watch), ..self }
    }

    /// See [`crate::Bulk::cancel`].
    #[must_use]
    pub fn cancel(&self) -> Cancel {
        self.bulk.cancel()
    }

    /// See [`crate::Bulk::rows`]. Inputs are taken on the thread that reads the rows.
    pub fn rows(self) -> BulkRows {
        let bulk::Bulk { inputs, calls, watcher } = self.bulk;
        let calls = BulkCalls { calls, runtimes: self.runtimes, worker: None };
        BulkRows { inputs: Some(inputs), watcher, calls }
    }

    /// Returns all rows, once the last is known.
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

/// The rows of a bulk. Dropping it ends the calls in flight.
#[must_use = "dropping it ends the calls in flight"]
pub struct BulkRows {
    /// `None` after the last input.
    inputs: Option<Inputs>,
    calls: BulkCalls,
    watcher: Option<Watcher>,
}

impl Iterator for BulkRows {
    type Item = BulkRow;

    fn next(&mut self) -> Option<BulkRow> {
        loop {
            match self.calls.step(self.inputs.is_some()) {
                BulkStep::Room => match self.inputs.as_mut().and_then(Iterator::next) {
                    Some(input) => self.calls.push(input),
                    None => self.inputs = None,
                },
                BulkStep::Row(row) => {
                    if let Some(watch) = &mut self.watcher {
                        watch(self.calls.progress());
                    }
                    return Some(row);
                }
                BulkStep::Done => {
                    self.calls.worker = None;
                    return None;
                }
            }
        }
    }
}

/// A bulk whose inputs are handed over one by one, see [`crate::BulkCalls`].
///
/// Calls run on their own: a thread drives them, from the first input on. After a `fork` they are the parent's, and in the child
/// every row has the error `config`.
#[derive(Debug)]
#[must_use = "dropping it ends the calls in flight"]
pub struct BulkCalls {
    calls: bulk::BulkCalls,
    /// `None` if nothing was sent yet.
    worker: Option<Worker>,
    runtimes: Arc<RuntimePool>,
}

impl BulkCalls {
    pub(super) fn new(runtimes: &Arc<RuntimePool>, entity: &Entity, action: BulkAction) -> Result<Self> {
        check_thread()?;
        let entity = entity.over(runtimes.client().engine());
        Ok(Self { calls: entity.bulk_calls(action), worker: None, runtimes: runtimes.clone() })
    }

    /// See [`crate::BulkCalls::concurrency`].
    pub fn concurrency(self, calls: usize) -> Self {
        Self { calls: self.calls.concurrency(calls), ..self }
    }

    /// See [`crate::BulkCalls::with_json`].
    pub fn with_json(self, json: &[u8]) -> Result<Self> {
        Ok(Self { calls: self.calls.with_json(json)?, ..self })
    }

    /// See [`crate::BulkCalls::keep_all_rows`].
    pub fn keep_all_rows(&mut self) {
        self.calls.keep_all_rows();
    }

    /// See [`crate::BulkCalls::has_room`].
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.calls.has_room()
    }

    /// See [`crate::BulkCalls::push`]. The call is sent at once, and runs on its own.
    pub fn push(&mut self, input: Result<BulkInput>) {
        let Ok(input) = input else { return self.calls.push(input) };
        if let Err(error) = self.start() {
            return self.calls.reject(input, error);
        }
        let _inside = self.worker.as_ref().map(Worker::enter);
        self.calls.push(Ok(input));
    }

    /// See [`crate::BulkCalls::step`]. If the caller is interrupted meanwhile, the rows of the calls in flight are `cancelled`.
    pub fn step(&mut self, more: bool) -> BulkStep {
        if let Some(step) = self.try_step(more) {
            return step;
        }
        let cancel = self.calls.cancel();
        match (self.may_wait(), &self.worker) {
            (Ok(()), Some(worker)) => worker.wait(&cancel, self.calls.step(more)),
            (refused, _) => self.calls.step_or_fail(more, refused.err().unwrap_or_else(Error::cancelled)),
        }
    }

    /// See [`crate::BulkCalls::try_step`].
    pub fn try_step(&mut self, more: bool) -> Option<BulkStep> {
        self.may_wait().ok()?;
        self.calls.try_step(more)
    }

    /// See [`crate::BulkCalls::next`].
    #[allow(clippy::should_implement_trait)] // `None` is no end: more may be pushed
    pub fn next(&mut self) -> Option<BulkRow> {
        match self.step(false) {
            BulkStep::Row(row) => Some(row),
            BulkStep::Room | BulkStep::Done => None,
        }
    }

    /// See [`crate::BulkCalls::progress`].
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.calls.progress()
    }

    /// See [`crate::BulkCalls::cancel`].
    #[must_use]
    pub fn cancel(&self) -> Cancel {
        self.calls.cancel()
    }

    /// Starts the thread that drives the calls, if there is none yet.
    fn start(&mut self) -> Result<()> {
        self.may_wait()?;
        if self.worker.is_none() {
            let worker = Worker::start(&self.runtimes)?;
            self.calls.set_engine(worker.client().engine());
            self.worker = Some(worker);
        }
        Ok(())
    }

    fn may_wait(&self) -> Result<()> {
        check_thread()?;
        self.worker.as_ref().map_or(Ok(()), Worker::check_process)
    }
}

impl std::fmt::Debug for BulkRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("BulkRows").field(&self.calls).finish()
    }
}
