//! A bulk: inputs in, rows out. The core schedules the calls.

use crate::queue::Calls;
use crate::reply::Reply;
use crate::values::{record_id, text};
use egito::{BulkCalls, BulkInput, BulkRow, BulkStep, Error, Result};
use napi::bindgen_prelude::{Either4, within_runtime_if_available};
use napi_derive::napi;
use serde_json::value::RawValue;

/// What an iteration over the rows of a bulk holds. Dropping it ends the calls in flight.
#[napi]
pub struct NativeBulk {
    core: BulkCalls,
    calls: Calls,
}

impl NativeBulk {
    pub fn new(core: BulkCalls, calls: Calls) -> Self {
        Self { core, calls }
    }
}

#[napi]
impl NativeBulk {
    /// What to do next: `true`: hand over an input; a reply: the row of the oldest input; two numbers: calls that have finished,
    /// and those of them that failed; `false`: every input has its row; nothing: wait by [`ready`](Self::ready).
    #[napi(catch_unwind)]
    pub fn step(&mut self, more: bool) -> Either4<Reply, Vec<f64>, bool, ()> {
        match self.core.try_step(more) {
            Some(BulkStep::NeedsInput) => Either4::C(true),
            Some(BulkStep::Row(row)) => Either4::A(Reply::new(result(row), self.calls.numbers)),
            Some(BulkStep::Progress(progress)) => Either4::B([progress.done, progress.failed].map(number).into()),
            Some(BulkStep::Done) => Either4::C(false),
            None => Either4::D(()),
        }
    }

    /// Hands over the next input, an id and a record as JSON.
    #[napi(catch_unwind)]
    pub fn push(&mut self, id: Option<String>, record: Option<String>) {
        within_runtime_if_available(|| self.core.push(input(id, record)));
    }

    /// Takes an input that cannot be sent. Its row says so.
    #[napi(catch_unwind)]
    pub fn reject(&mut self) {
        self.core.push(Err(Error::config("input", "this input cannot be sent")));
    }

    /// Waits until [`step`](Self::step) may say something else; the reply is empty.
    #[napi(catch_unwind)]
    pub fn ready(&self, ticket: u32, more: bool) {
        let ready = self.core.ready(more);
        self.calls.run(ticket, move || async move {
            ready.await;
            Ok(None)
        });
    }

    /// Ends the bulk: its calls have a moment to finish; the second time, they end at once.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.core.cancellation_token().cancel();
    }
}

fn input(id: Option<String>, record: Option<String>) -> Result<BulkInput> {
    let id = id.map(|json| record_id(&json)).transpose()?;
    let record = record.map(RawValue::from_string).transpose();
    Ok(BulkInput { id, record: record.map_err(|e| Error::config("record", e.to_string()))? })
}

#[allow(clippy::cast_precision_loss)] // no bulk has 2^53 inputs
fn number(count: u64) -> f64 {
    count as f64
}

/// The record that was read, or the id.
fn result(row: BulkRow) -> Result<Option<String>> {
    match row {
        BulkRow { error: Some(error), .. } => Err(error),
        BulkRow { record: Some(record), .. } => Ok(Some(text(&record))),
        BulkRow { id, .. } => Ok(id.map(|id| id.to_json())),
    }
}
