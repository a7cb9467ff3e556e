//! Bulks: many inputs, one call each, several at a time; one row per input, in order.

use crate::callback::{self, egito_input_callback, egito_row_callback};
use crate::client::egito_client;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, is_null, optional_string, required_string, unchecked_string, utf8};
use crate::handle::{Handle, HandleTag, free, handle, if_live, require, shared};
use crate::panic::infallible;
use crate::row::{Input, egito_row};
use egito_core::blocking::BulkCalls;
use egito_core::{BulkAction, BulkInput, BulkStep, CancellationToken, Error, Record, RecordId, Result};
use std::collections::VecDeque;
use std::ffi::{CStr, c_char, c_void};
use std::ptr::null;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::Duration;

/// A bulk: its calls in flight, and its rows that were not returned yet. Not thread-safe: one thread at a time, except
/// for egito_bulk_cancel.
pub struct egito_bulk {
    tag: HandleTag,
    calls: Mutex<Calls>,
    // Usable while another thread waits for a row.
    cancel: CancellationToken,
    done: AtomicU64,
    failed: AtomicU64,
}
handle!(egito_bulk, b"e_bulk__");

/// What the program does next: takes a row, passes an input or reports progress. If nothing is set, the bulk is done.
#[derive(Default)]
pub(crate) struct Step {
    pub(crate) row: Option<egito_row>,
    pub(crate) room: bool,
    pub(crate) progressed: bool,
}

struct Calls {
    core: BulkCalls,
    action: BulkAction,
    /// Inputs whose rows were not returned yet.
    inputs: VecDeque<Input>,
}

/// Begins a bulk: the same action for many inputs, which are passed with egito_bulk_push or egito_bulk_run.
///
///   bool more = true, room = false;
///   while ((status = egito_bulk_step(bulk, more, &row, &room, &error)) == EGITO_OK && (room || row != NULL)) {
///     if (row != NULL) { ... egito_row_free(row); }
///     else if (has_input) egito_bulk_push(bulk, ..., &error);
///     else more = false;
///   }
///
/// A thread of the library drives the calls, from the first input until the bulk is freed.
/// entity: name of the entity, such as "Account".
/// action: "create", "get", "update" or "delete"; "upsert" creates a record, updates the fields that differ or leaves it
///   unchanged, see egito_upsert; "plan_upsert" finds out what an upsert would do; "apply_upsert" does what the rows of
///   such a plan say, which are passed with egito_bulk_push_planned.
/// options_json: NULL, or one JSON object with any of these members, such as {"concurrency": 4, "max_failures": 100}.
///   concurrency: maximum number of calls in flight. Default: 8.
///   outage_timeout: maximum duration of an outage, in seconds. While the server does not respond, the bulk pauses and
///     probes it. After this time it gives up: every further input gets a row with EGITO_ERROR_CONNECTION and the
///     outcome not_sent. Default: 300. 0: it never pauses.
///   max_failures: stops the bulk after this number of failed rows. The remaining inputs get rows with
///     EGITO_ERROR_CANCELLED and the outcome not_sent. Default: no limit.
///   cancel_grace: seconds that calls in flight get to finish after egito_bulk_cancel. Default: 5.
///   key: name of the field that identifies a record, or a list of names, as in egito_create_once. Required for the
///     three upserts. With a key, a create of unknown outcome is looked for before its row is returned. Two inputs with
///     one key: the second one gets a row with EGITO_ERROR_CONFIG.
///   settle: seconds to look for a record after a create of unknown outcome. Default: 10.
///   lookup: how the three upserts find records: "filter" and "scan" as in egito_create_once, where a scan reads the
///     list once for all inputs; "auto" begins with filters, and scans the list if that is cheaper or the server ignores
///     the filter. Default: "auto".
///   journal: path of a file that keeps what was done, for all actions that write. The same inputs with the same journal,
///     also after a crash, continue where the bulk stopped: rows that were done are returned from the journal, see
///     egito_row_is_resumed. With a key, a create that may have been done is looked for.
/// bulk: receives the bulk; free it with egito_bulk_free.
/// Fails with EGITO_ERROR_CONFIG for an invalid argument or option, if the journal is in use, damaged or belongs to another
/// bulk, and inside a listener. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_new(
    client: Option<&egito_client>,
    entity: *const c_char,
    action: *const c_char,
    options_json: *const c_char,
    bulk: *mut *mut egito_bulk,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let bulk = Out::required("bulk", bulk)?;
        let entity = require("client", client)?.core.entity(required_string("entity", entity)?)?;
        let action = required_string("action", action)?.parse()?;
        let options = optional_string("options_json", options_json)?.unwrap_or("{}");
        callback::check_may_block()?;
        let mut core = entity.bulk_calls(action)?.with_json(options.as_bytes())?;
        core.report_progress();
        bulk.handle(egito_bulk {
            tag: HandleTag::new(egito_bulk::TAG),
            cancel: core.cancellation_token(),
            calls: Mutex::new(Calls { core, action, inputs: VecDeque::new() }),
            done: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        });
        Ok(())
    })
}

/// Removes the limit on rows that were not returned yet, for programs that keep all rows in memory anyway.
///
/// By default egito_bulk_has_room is false as soon as 16 * `concurrency` inputs wait for their row to be returned.
/// Does nothing if bulk is NULL or in use by another thread. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_keep_all_rows(bulk: *mut egito_bulk) {
    infallible((), || {
        if let Some(Ok(mut calls)) = if_live(shared(bulk)).map(egito_bulk::lock) {
            calls.core.keep_all_rows();
        }
    });
}

/// Returns whether there is room for another input: fewer than `concurrency` calls are in flight, and not too many rows
/// wait to be returned, see egito_bulk_keep_all_rows. Once true, it stays true until egito_bulk_push or a cancel.
///
/// False after a cancel, and if bulk is NULL or in use by another thread. egito_bulk_step requests fewer inputs: it
/// returns rows that are ready first. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_has_room(bulk: Option<&egito_bulk>) -> bool {
    infallible(false, || if_live(bulk).is_some_and(|bulk| bulk.lock().is_ok_and(|calls| calls.core.has_room())))
}

/// Passes the next input and sends its call at once.
///
/// An invalid input (not JSON, not UTF-8, no id) becomes a row with its error, and the others continue.
/// id: id of the record, see "Ids" above; NULL for a create, an upsert and a plan.
/// record_json: one JSON object, the changed fields for an update and the whole record for a create, an upsert and a
///   plan; NULL for a get or a delete.
/// Fails with EGITO_ERROR_CONFIG if there is no room, if bulk is NULL or in use by another thread, and inside a
/// listener: then the input was not accepted. After egito_bulk_cancel every input is accepted and becomes a row with
/// EGITO_ERROR_CANCELLED. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_push(
    bulk: *mut egito_bulk,
    id: *const c_char,
    record_json: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let bulk = require("bulk", shared(bulk))?;
        callback::check_may_block()?;
        bulk.lock()?.push(id, record_json, null(), null())
    })
}

/// Passes a row of a plan to a bulk with the action "apply_upsert". The row may have been stored in the meantime.
///
///   egito_bulk_push_planned(bulk, egito_row_id_json(row), egito_change_name(egito_row_change(row)),
///                           egito_row_record_json(row), egito_row_planned_for(row), &error);
///
/// The row is done as planned: nothing is sent for "unchanged" and "ambiguous", and a record that should be created is
/// not created if there is one with its key by now.
/// id: id of the row; NULL if it has none.
/// change: name of the change of the row, such as "updated"; with NULL, the row of a failed plan, it becomes a row with
///   EGITO_ERROR_CONFIG.
/// record_json: record of the row; NULL if it has none.
/// planned_for: egito_row_planned_for of the row. A row that was planned for another entity or key becomes a row with
///   EGITO_ERROR_CONFIG, and nothing is sent for it.
/// Fails like egito_bulk_push. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_push_planned(
    bulk: *mut egito_bulk,
    id: *const c_char,
    change: *const c_char,
    record_json: *const c_char,
    planned_for: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let bulk = require("bulk", shared(bulk))?;
        callback::check_may_block()?;
        bulk.lock()?.push(id, record_json, change, planned_for)
    })
}

/// Waits for the next row, or for room for another input.
///
/// Keeps `concurrency` calls in flight, also while a slow call holds back the rows after it. Requests no input while
/// rows are ready and `concurrency` of them were not returned yet.
/// more: whether there may be another input.
/// row: receives the next row, in the order of the inputs, or NULL; free it with egito_row_free. A failed call is a row
///   with an error, and the status is EGITO_OK.
/// room: receives whether to pass the next input with egito_bulk_push. If it is false and row is NULL, the bulk is
///   done: there are no more inputs, and every input has its row.
/// Fails with EGITO_ERROR_CANCELLED after the last row if the bulk was cancelled while there may have been more inputs:
/// by egito_bulk_cancel, or by the cancellation token of its client, also before it began. Fails with
/// EGITO_ERROR_CONFIG if bulk, row or room is NULL, if the bulk is in use by another thread, and inside a listener. Not
/// thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_step(
    bulk: *mut egito_bulk,
    more: bool,
    row: *mut *mut egito_row,
    room: *mut bool,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let (row, room) = (Out::required("row", row)?, Out::required("room", room)?);
        let bulk = require("bulk", shared(bulk))?;
        callback::check_may_block()?;
        let step = bulk.step(&mut *bulk.lock()?, more)?;
        row.handle_or_null(step.row);
        room.value(step.room);
        Ok(())
    })
}

/// Like egito_bulk_step, but also returns after each call that finishes, so that a program can show the progress.
///
/// progressed: receives whether a call has finished, see egito_bulk_done and egito_bulk_failed. Then there is neither a
///   row nor room, and the bulk is not done yet.
/// Fails like egito_bulk_step, and if progressed is NULL. Not thread-safe: one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_step_or_progress(
    bulk: *mut egito_bulk,
    more: bool,
    row: *mut *mut egito_row,
    room: *mut bool,
    progressed: *mut bool,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let (row, room) = (Out::required("row", row)?, Out::required("room", room)?);
        let (progressed, bulk) = (Out::required("progressed", progressed)?, require("bulk", shared(bulk))?);
        callback::check_may_block()?;
        let step = bulk.step_or_progress(&mut *bulk.lock()?, more)?;
        row.handle_or_null(step.row);
        room.value(step.room);
        progressed.value(step.progressed);
        Ok(())
    })
}

/// Waits for the next row, in the order of the inputs.
///
/// row: receives the row, or NULL if every input has its row; free it with egito_row_free. A failed call is a row with
///   an error, and the status is EGITO_OK.
/// Fails with EGITO_ERROR_CONFIG if bulk is NULL or in use by another thread, and inside a listener. Not thread-safe:
/// one thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_next(
    bulk: *mut egito_bulk,
    row: *mut *mut egito_row,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let (row, bulk) = (Out::required("row", row)?, require("bulk", shared(bulk))?);
        callback::check_may_block()?;
        let step = bulk.step(&mut *bulk.lock()?, false)?;
        row.handle_or_null(step.row);
        Ok(())
    })
}

/// Reads all inputs from one function and passes all rows to another one. Calls both on this thread only.
///
/// next_input: provides the next input, see egito_input_callback.
/// on_row: receives each row in the order of the inputs, see egito_row_callback. May be NULL.
/// user: passed to both functions; may be NULL.
/// Both functions may call egito_bulk_cancel. Fails with EGITO_ERROR_CANCELLED after the last row like egito_bulk_step,
/// and with EGITO_ERROR_CONFIG if next_input or bulk is NULL or the bulk is in use. Not thread-safe: one thread at a
/// time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_run(
    bulk: *mut egito_bulk,
    next_input: egito_input_callback,
    on_row: egito_row_callback,
    user: *mut c_void,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || require("bulk", shared(bulk))?.run(next_input, on_row, user))
}

/// Cancels a bulk: no further input is sent, and calls in flight get `cancel_grace` seconds to finish, see
/// egito_bulk_new.
///
/// Calls that are still in flight then fail with EGITO_ERROR_CANCELLED, or with EGITO_ERROR_OUTCOME_UNKNOWN if a create
/// was sent. A second cancel ends them at once. Every accepted input has its row: read the rest with egito_bulk_next.
/// Does nothing if bulk is NULL. Thread-safe, also while another thread waits for a row.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_cancel(bulk: Option<&egito_bulk>) {
    infallible((), || {
        if let Some(bulk) = if_live(bulk) {
            bulk.cancel.cancel();
        }
    });
}

/// Returns the number of finished calls, in any order; 0 if bulk is NULL. Updated while a thread waits for a row.
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_done(bulk: Option<&egito_bulk>) -> u64 {
    infallible(0, || if_live(bulk).map_or(0, |bulk| bulk.done.load(Relaxed)))
}

/// Returns the number of finished calls that failed; 0 if bulk is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_failed(bulk: Option<&egito_bulk>) -> u64 {
    infallible(0, || if_live(bulk).map_or(0, |bulk| bulk.failed.load(Relaxed)))
}

/// Frees a bulk, also before its end: calls in flight are aborted, and their rows are lost. NULL is allowed. Any
/// thread, after all other uses of the bulk.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_free(bulk: *mut egito_bulk) {
    infallible((), || free(bulk));
}

impl egito_bulk {
    /// Locks the calls, unless another thread or a callback of egito_bulk_run uses them.
    fn lock(&self) -> Result<MutexGuard<'_, Calls>> {
        match self.calls.try_lock() {
            Ok(calls) => Ok(calls),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(Error::config(
                "bulk",
                "the bulk is in use by another thread, or by the egito_bulk_run that called this callback",
            )),
        }
    }

    fn step(&self, calls: &mut Calls, more: bool) -> Result<Step> {
        loop {
            let step = self.step_or_progress(calls, more)?;
            if !step.progressed {
                return Ok(step);
            }
        }
    }

    /// Like `step_or_progress`, but returns `None` after `timeout`.
    pub(crate) fn step_within(&self, more: bool, timeout: Duration) -> Result<Option<Step>> {
        let mut calls = self.lock()?;
        let step = egito_core::binding::step_within(&mut calls.core, more, timeout);
        step.map(|step| self.convert(&mut calls, more, step)).transpose()
    }

    fn step_or_progress(&self, calls: &mut Calls, more: bool) -> Result<Step> {
        let step = calls.core.step(more);
        self.convert(calls, more, step)
    }

    /// Converts a step. The end of a cancelled bulk that may have had more inputs is the error `cancelled`.
    fn convert(&self, calls: &mut Calls, more: bool, step: BulkStep) -> Result<Step> {
        Ok(match step {
            BulkStep::NeedsInput => Step { room: true, ..Step::default() },
            BulkStep::Row(row) => {
                let input = calls.inputs.pop_front().unwrap_or_default();
                Step { row: Some(egito_row::new(row, input)), ..Step::default() }
            }
            BulkStep::Progress(progress) => {
                self.done.store(progress.done, Relaxed);
                self.failed.store(progress.failed, Relaxed);
                Step { progressed: true, ..Step::default() }
            }
            BulkStep::Done => calls.core.check_complete(more).map(|()| Step::default())?,
        })
    }

    fn run(&self, next_input: egito_input_callback, on_row: egito_row_callback, user: *mut c_void) -> Result<()> {
        if next_input.is_none() {
            return Err(is_null("next_input"));
        }
        callback::check_may_block()?;
        let mut calls = self.lock()?;
        let mut more = true;
        loop {
            let Step { row, room, .. } = self.step(&mut calls, more)?;
            if let Some(row) = row {
                callback::on_row(on_row, &row, user);
            } else if room {
                match callback::next_input(next_input, user) {
                    Some((id, record_json)) => calls.push(id, record_json, null(), null())?,
                    None => more = false,
                }
            } else {
                return Ok(());
            }
        }
    }
}

impl Calls {
    fn push(
        &mut self,
        id: *const c_char,
        record_json: *const c_char,
        change: *const c_char,
        planned_for: *const c_char,
    ) -> Result<()> {
        if !self.core.has_room() && !self.core.cancellation_token().is_cancelled() {
            let message = "the bulk has no room for another input; read a row with egito_bulk_next first";
            return Err(Error::config("bulk", message));
        }
        let input = Input {
            id: unchecked_string(id).map(CStr::to_owned),
            record: unchecked_string(record_json).map(CStr::to_owned),
        };
        self.core.push(self.input(&input, change, planned_for));
        self.inputs.push_back(input);
        Ok(())
    }

    fn input(&self, input: &Input, change: *const c_char, planned_for: *const c_char) -> Result<BulkInput> {
        let Input { id, record } = input;
        let unexpected =
            |name: &str| Err(Error::config(name, format!("invalid `{name}`: expected NULL for this action")));
        match self.action {
            BulkAction::Create | BulkAction::Upsert | BulkAction::PlanUpsert if id.is_some() => {
                return unexpected("id");
            }
            BulkAction::Get | BulkAction::Delete if record.is_some() => return unexpected("record_json"),
            action if action != BulkAction::ApplyUpsert && !change.is_null() => return unexpected("change"),
            _ => {}
        }
        let id = id.as_deref().map(|id| utf8("id", id)).transpose()?.map(RecordId::from_text);
        let record = record.as_deref().map(|json| utf8("record_json", json)).transpose()?;
        let record = record.map(Record::from_json).transpose()?;
        let record = record.as_ref().map(serde_json::value::to_raw_value).transpose();
        let record = record.map_err(|e| Error::config("record_json", e.to_string()))?;
        let change = optional_string("change", change)?.map(str::parse).transpose()?;
        let planned_for = optional_string("planned_for", planned_for)?.map(str::to_owned);
        Ok(BulkInput { id, record, change, planned_for })
    }
}
