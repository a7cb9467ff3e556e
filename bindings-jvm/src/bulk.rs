//! Bulks: inputs in, rows out. The core schedules the calls.

use crate::background;
use crate::error::{NativeResult, error_json};
use crate::json::{plain_json, record_id};
use egito::binding::upsert_row_to_json;
use egito::{BulkCalls, BulkInput, BulkRow, BulkStep, Error, Result};
use serde_json::value::RawValue;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Maximum number of rows of a step.
const ROWS_PER_STEP: usize = 64;

/// The handle of a running bulk. Dropping it cancels the calls in flight.
#[derive(uniffi::Object)]
pub struct NativeBulk {
    calls: Mutex<BulkCalls>,
    cancellation: egito::CancellationToken,
}

/// An input of a bulk.
#[derive(uniffi::Record)]
pub struct NativeInput {
    /// The id of the record as JSON.
    pub id: Option<String>,
    /// The record, or the fields that change, as JSON.
    pub record: Option<Vec<u8>>,
    /// The planned change, such as `created`.
    pub change: Option<String>,
    /// The entity and the key of the plan.
    pub planned_for: Option<String>,
    /// Whether the input cannot be sent. Its row has an error.
    pub is_invalid: bool,
}

/// What to do next. A step has rows, progress or at least one of the flags.
#[derive(Default, uniffi::Record)]
pub struct NativeStep {
    /// The rows of the oldest inputs.
    pub rows: Vec<NativeRow>,
    /// How many calls have finished and failed, if it was asked for.
    pub progress: Option<NativeProgress>,
    /// Whether an input can be pushed.
    pub needs_input: bool,
    /// Whether every input has its row.
    pub is_done: bool,
    /// The error `cancelled` as JSON, if the bulk is done but was cancelled before all its inputs were read.
    pub cancelled: Option<Vec<u8>>,
}

/// The row of an input.
#[derive(uniffi::Record)]
pub struct NativeRow {
    /// The result as JSON: the id, the record that was read, or the members of an upsert. For an error its details.
    pub json: Vec<u8>,
    /// Whether the call failed.
    pub is_error: bool,
    /// Whether the result is from a journal.
    pub is_resumed: bool,
}

/// How many calls have finished and failed.
#[derive(uniffi::Record)]
pub struct NativeProgress {
    /// Calls that have finished.
    pub done: i64,
    /// Calls that failed.
    pub failed: i64,
}

impl NativeBulk {
    pub fn new(calls: BulkCalls) -> Self {
        let cancellation = calls.cancellation_token();
        Self { calls: Mutex::new(calls), cancellation }
    }

    fn lock(&self) -> MutexGuard<'_, BulkCalls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[uniffi::export]
impl NativeBulk {
    /// Removes the limit of rows that were not read yet.
    pub fn keep_all_rows(&self) {
        self.lock().keep_all_rows();
    }

    /// Pushes an input, if there is one, and returns what to do next; a step without anything if there is nothing yet. `more`: whether
    /// there may be further inputs.
    pub fn try_step(&self, input: Option<NativeInput>, more: bool) -> NativeResult<NativeStep> {
        let _inside = background::runtime()?.enter();
        let mut calls = self.lock();
        if let Some(input) = input {
            calls.push(input_of(input));
        }
        Ok(next_steps(&mut calls, more))
    }

    /// Waits on this thread until [`try_step`](Self::try_step) may return something.
    pub fn ready(&self, more: bool) -> NativeResult<()> {
        let ready = self.lock().ready(more);
        background::wait(async {
            ready.await;
            Ok(())
        })
    }

    /// Like [`ready`](Self::ready), but waits in the background. Nothing is lost if it is cancelled.
    pub async fn ready_async(&self, more: bool) -> NativeResult<()> {
        let ready = self.lock().ready(more);
        background::spawn(async {
            ready.await;
            Ok(())
        })
        .await
    }

    /// Cancels the bulk: calls in flight have a grace period to finish. A second call cancels them at once.
    pub fn cancel(&self) {
        self.cancellation.cancel();
    }
}

/// Returns what can be done without waiting.
fn next_steps(calls: &mut BulkCalls, more: bool) -> NativeStep {
    let mut step = NativeStep::default();
    while step.rows.len() < ROWS_PER_STEP {
        match calls.try_step(more) {
            Some(BulkStep::Row(row)) => {
                step.rows.push(row_of(row));
                continue;
            }
            Some(BulkStep::Progress(progress)) => {
                let number = |count| i64::try_from(count).unwrap_or(i64::MAX);
                step.progress = Some(NativeProgress { done: number(progress.done), failed: number(progress.failed) });
            }
            Some(BulkStep::NeedsInput) => step.needs_input = true,
            Some(BulkStep::Done) => {
                step.is_done = true;
                step.cancelled = calls.check_complete(more).err().map(|error| error_json(&error));
            }
            None => {}
        }
        break;
    }
    step
}

fn input_of(input: NativeInput) -> Result<BulkInput> {
    if input.is_invalid {
        return Err(Error::config("input", "this input cannot be sent"));
    }
    let id = input.id.map(|json| record_id(&json)).transpose()?;
    let record = input.record.map(|json| serde_json::from_slice::<Box<RawValue>>(&json)).transpose();
    let record = record.map_err(|e| Error::config("record", e.to_string()))?;
    let change = input.change.map(|name| name.parse()).transpose()?;
    Ok(BulkInput { id, record, change, planned_for: input.planned_for })
}

fn row_of(row: BulkRow) -> NativeRow {
    let is_resumed = row.resumed;
    let (json, is_error) = match row {
        BulkRow { error: Some(error), .. } => (error_json(&error), true),
        row => (result_json(row), false),
    };
    NativeRow { json, is_error, is_resumed }
}

/// Returns the result of an upsert, the record that was read, or the id.
fn result_json(row: BulkRow) -> Vec<u8> {
    match (upsert_row_to_json(&row), row.record) {
        (Some(upsert), _) => upsert.into_bytes(),
        (None, Some(record)) => record.bytes().into(),
        (None, None) => plain_json(&row.id),
    }
}
