//! Bulks as iterators of their rows.

use super::runtime_pool::{RuntimePool, check_thread};
use super::worker::Worker;
use crate::bulk::{self, BulkAction, BulkInput, BulkRow, Inputs, Progress, Watcher};
use crate::cancel::Cancel;
use crate::entity::Entity;
use crate::error::{Error, Result};
use std::sync::Arc;

/// A bulk that nothing has been sent for yet, see [`crate::Bulk`].
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
        BulkRows { inputs, watcher, calls: BulkCalls { calls, runtimes: self.runtimes, worker: None } }
    }

    /// All rows, once the last is known.
    #[must_use]
    pub fn to_vec(self) -> Vec<BulkRow> {
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

/// The rows of a bulk. Dropping it ends the calls that are under way.
#[must_use = "dropping it ends the calls that are under way"]
pub struct BulkRows {
    inputs: Inputs,
    calls: BulkCalls,
    watcher: Option<Watcher>,
}

impl Iterator for BulkRows {
    type Item = BulkRow;

    fn next(&mut self) -> Option<BulkRow> {
        while let Some(input) = self.calls.has_room().then(|| self.inputs.next()).flatten() {
            self.calls.push(input);
        }
        let Some(row) = self.calls.next() else {
            self.calls.worker = None;
            return None;
        };
        if let Some(watch) = &mut self.watcher {
            watch(self.calls.progress());
        }
        Some(row)
    }
}

/// A bulk whose inputs are handed over one by one, see [`crate::BulkCalls`].
///
/// Calls go on by themselves: a thread drives them, from the first input on. After a `fork` they are the parent's, and in the
/// child every row has the error `config`.
#[derive(Debug)]
#[must_use = "dropping it ends the calls that are under way"]
pub struct BulkCalls {
    calls: bulk::BulkCalls,
    /// None where nothing was sent yet.
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

    /// See [`crate::BulkCalls::has_room`].
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.calls.has_room()
    }

    /// See [`crate::BulkCalls::push`]. Its call goes out at once, and on by itself.
    pub fn push(&mut self, input: Result<BulkInput>) {
        let Ok(input) = input else { return self.calls.push(input) };
        if let Err(error) = self.start() {
            return self.calls.push_refused(input, error);
        }
        let _inside = self.worker.as_ref().map(Worker::enter);
        self.calls.push(Ok(input));
    }

    /// See [`crate::BulkCalls::next`]. Whoever is interrupted meanwhile gets the rows of what was under way as `cancelled`.
    #[allow(clippy::should_implement_trait)] // `None` is no end: more may be pushed
    pub fn next(&mut self) -> Option<BulkRow> {
        let cancel = self.calls.cancel();
        match (self.may_wait(), &self.worker) {
            (Ok(()), Some(worker)) => worker.wait(&cancel, self.calls.next()),
            (refused, _) => self.calls.give_up(refused.err().unwrap_or_else(Error::cancelled)),
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

    /// What drives the calls, started where there is none yet.
    fn start(&mut self) -> Result<()> {
        self.may_wait()?;
        if self.worker.is_none() {
            let worker = Worker::start(&self.runtimes)?;
            self.calls.go_over(worker.client().engine());
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
