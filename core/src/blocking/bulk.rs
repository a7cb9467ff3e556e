//! Bulks as iterators of their rows.

use super::runtime::{OwnRuntime, Runtimes};
use crate::bulk::{self, BulkInput, BulkRow, Progress};
use crate::cancel::Cancel;
use crate::error::Result;

/// A bulk that nothing has been sent for yet, see [`crate::Bulk`].
#[derive(Debug)]
#[must_use = "a bulk sends nothing until its rows are read"]
pub struct Bulk {
    runtime: OwnRuntime,
    bulk: bulk::Bulk,
}

impl Bulk {
    /// A bulk has a runtime of its own: its calls go on from one row to the next.
    pub(super) fn new(runtimes: &Runtimes, make: impl FnOnce(&crate::Client) -> bulk::Bulk) -> Result<Self> {
        let (runtime, client) = OwnRuntime::new(runtimes)?;
        Ok(Self { runtime, bulk: make(&client) })
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

    /// See [`crate::Bulk::rows`]. Calls go on only while a row is waited for.
    pub fn rows(self) -> BulkRows {
        BulkRows { cancel: self.bulk.cancel(), rows: self.bulk.rows(), runtime: self.runtime }
    }

    /// All rows, once the last is known.
    #[must_use]
    pub fn to_vec(self) -> Vec<BulkRow> {
        self.rows().collect()
    }
}

/// The rows of a bulk. Dropping it ends the calls that are under way.
#[derive(Debug)]
#[must_use = "calls go on only while their rows are waited for"]
pub struct BulkRows {
    cancel: Cancel,
    rows: bulk::BulkRows,
    runtime: OwnRuntime,
}

impl Iterator for BulkRows {
    type Item = BulkRow;

    fn next(&mut self) -> Option<BulkRow> {
        self.runtime.wait(&self.cancel, self.rows.next())
    }
}

/// A bulk whose inputs are handed over one by one, see [`crate::BulkCalls`].
#[derive(Debug)]
#[must_use = "calls go on only while their rows are waited for"]
pub struct BulkCalls {
    calls: bulk::BulkCalls,
    runtime: OwnRuntime,
}

impl BulkCalls {
    pub(super) fn new(runtimes: &Runtimes, make: impl FnOnce(&crate::Client) -> bulk::BulkCalls) -> Result<Self> {
        let (runtime, client) = OwnRuntime::new(runtimes)?;
        Ok(Self { calls: make(&client), runtime })
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

    /// See [`crate::BulkCalls::push`].
    pub fn push(&mut self, input: Result<BulkInput>) {
        self.calls.push(input);
    }

    /// See [`crate::BulkCalls::next`]. Whoever is interrupted meanwhile gets the rows of what was under way as `cancelled`.
    #[allow(clippy::should_implement_trait)] // `None` is no end: more may be pushed
    pub fn next(&mut self) -> Option<BulkRow> {
        let cancel = self.calls.cancel();
        self.runtime.wait(&cancel, self.calls.next())
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
}
