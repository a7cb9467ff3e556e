//! Bulks: inputs in, rows out. The core schedules the calls.

use crate::completions::CallRunner;
use crate::json::{record_id, record_json, utf8};
use crate::native_result::NativeResult;
use crate::numbers::NumberFormat;
use egito::binding::upsert_row_to_json;
use egito::{BulkCalls, BulkInput, BulkRow, BulkStep, Error, Result};
use napi::bindgen_prelude::{Either4, Utf16String, within_runtime_if_available};
use napi_derive::napi;
use serde_json::value::RawValue;

/// The handle of a running bulk. Dropping it cancels the calls in flight.
#[napi]
pub struct NativeBulk {
    core: BulkCalls,
    runner: CallRunner,
}

/// The row of a bulk.
#[napi(object, object_from_js = false)]
pub struct NativeRow {
    /// Its result.
    pub result: NativeResult,
    /// Whether the result is from a journal.
    pub resumed: bool,
}

impl NativeRow {
    fn new(row: BulkRow, numbers: NumberFormat) -> Self {
        Self { resumed: row.resumed, result: NativeResult::new(row_json(row), numbers) }
    }
}

impl NativeBulk {
    pub fn new(core: BulkCalls, runner: CallRunner) -> Self {
        Self { core, runner }
    }
}

#[napi]
impl NativeBulk {
    /// Returns what to do next. `true`: push an input; a row: that of the oldest input; two numbers: how many calls have
    /// finished and failed; `false`: every input has its row; nothing: wait with [`ready`](Self::ready).
    #[napi(catch_unwind)]
    pub fn step(&mut self, more: bool) -> Either4<NativeRow, Vec<f64>, bool, ()> {
        match self.core.try_step(more) {
            Some(BulkStep::NeedsInput) => Either4::C(true),
            Some(BulkStep::Row(row)) => Either4::A(NativeRow::new(row, self.runner.numbers)),
            Some(BulkStep::Progress(progress)) => Either4::B([progress.done, progress.failed].map(number).into()),
            Some(BulkStep::Done) => Either4::C(false),
            None => Either4::D(()),
        }
    }

    /// Adds the next input: an id and a record as JSON, and what was planned.
    #[napi(catch_unwind)]
    pub fn push(
        &mut self,
        id: Option<String>,
        record: Option<Utf16String>,
        change: Option<String>,
        planned_for: Option<String>,
    ) {
        within_runtime_if_available(|| self.core.push(input(id, record, change, planned_for)));
    }

    /// Adds an input that cannot be sent. Its row has an error.
    #[napi(catch_unwind)]
    pub fn reject(&mut self) {
        self.core.push(Err(Error::config("input", "this input cannot be sent")));
    }

    /// Waits until [`step`](Self::step) may return something else. The result is empty.
    #[napi(catch_unwind)]
    pub fn ready(&self, call_id: u32, more: bool) {
        let ready = self.core.ready(more);
        self.runner.run(call_id, move || async move {
            ready.await;
            Ok(None)
        });
    }

    /// Cancels the bulk: calls in flight have a grace period to finish. A second call cancels them at once.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.core.cancellation_token().cancel();
    }
}

fn input(
    id: Option<String>,
    record: Option<Utf16String>,
    change: Option<String>,
    planned_for: Option<String>,
) -> Result<BulkInput> {
    let id = id.map(|json| record_id(&json)).transpose()?;
    let record = record.map(|record| RawValue::from_string(utf8(&record))).transpose();
    let record = record.map_err(|e| Error::config("record", e.to_string()))?;
    Ok(BulkInput { id, record, change: change.map(|name| name.parse()).transpose()?, planned_for })
}

#[allow(clippy::cast_precision_loss)] // a bulk has fewer than 2^53 inputs
fn number(count: u64) -> f64 {
    count as f64
}

/// Returns the result of an upsert, the record that was read, or the id.
fn row_json(row: BulkRow) -> Result<Option<String>> {
    if let Some(error) = row.error {
        return Err(error);
    }
    Ok(match (upsert_row_to_json(&row), row.record) {
        (Some(upsert), _) => Some(upsert),
        (None, Some(record)) => Some(record_json(&record)),
        (None, None) => row.id.map(|id| id.to_json()),
    })
}
