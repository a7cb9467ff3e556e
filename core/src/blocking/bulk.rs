//! Bulks as iterators of their rows.

use super::runtime::Runtimes;
use crate::bulk::{self, BulkRow, Progress};
use crate::cancel::Cancel;
use crate::error::Result;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// A bulk that nothing has been sent for yet, see [`crate::Bulk`].
#[derive(Debug)]
#[must_use = "a bulk sends nothing until its rows are read"]
pub struct Bulk {
    runtime: Runtime,
    bulk: bulk::Bulk,
}

impl Bulk {
    /// A bulk has a runtime of its own: its calls go on from one row to the next.
    pub(super) fn new(runtimes: &Arc<Runtimes>, make: impl FnOnce(&crate::Client) -> bulk::Bulk) -> Result<Self> {
        let (runtime, client) = runtimes.own()?;
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
    #[must_use]
    pub fn rows(self) -> BulkRows {
        BulkRows { rows: self.bulk.rows(), runtime: Some(self.runtime) }
    }

    /// All rows, once the last is known.
    #[must_use]
    pub fn to_vec(self) -> Vec<BulkRow> {
        self.rows().collect()
    }
}

/// The rows of a bulk. Dropping it ends the calls that are under way.
#[derive(Debug)]
pub struct BulkRows {
    rows: bulk::BulkRows,
    runtime: Option<Runtime>,
}

impl Iterator for BulkRows {
    type Item = BulkRow;

    fn next(&mut self) -> Option<BulkRow> {
        self.runtime.as_ref()?.block_on(self.rows.next())
    }
}

impl Drop for BulkRows {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
