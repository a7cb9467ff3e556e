//! A bulk: many inputs, one call each, some at a time; one row for each input, in order.

use crate::callback::{self, egito_input_callback, egito_row_callback};
use crate::client::egito_client;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, bytes, is_null, optional_text, text, utf8};
use crate::handle::{Handle, Mark, free, handle, live, needed, shared};
use crate::panic::infallible;
use crate::row::{Input, egito_row};
use egito_core::blocking::BulkCalls;
use egito_core::{BulkAction, BulkInput, BulkStep, CancellationToken, Error, Record, RecordId, Result};
use std::collections::VecDeque;
use std::ffi::{CStr, c_char, c_void};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::Duration;

/// A bulk: the calls in flight, and the rows that were not taken yet. One thread at a time; egito_bulk_cancel is for any.
pub struct egito_bulk {
    mark: Mark,
    calls: Mutex<Calls>,
    // What may be asked for while a thread waits for a row.
    cancel: CancellationToken,
    done: AtomicU64,
    failed: AtomicU64,
}
handle!(egito_bulk, b"e_bulk__");

/// What a program does next; the bulk is done if there is none of these.
#[derive(Default)]
pub(crate) struct Step {
    pub(crate) row: Option<egito_row>,
    pub(crate) room: bool,
    pub(crate) progressed: bool,
}

struct Calls {
    core: BulkCalls,
    action: BulkAction,
    /// Inputs whose rows were not taken yet.
    inputs: VecDeque<Input>,
}

/// Begins a bulk: the same action for many inputs, which are handed over by egito_bulk_push, or by egito_bulk_run.
///
///   bool more = true, room = false;
///   while ((status = egito_bulk_step(bulk, more, &row, &room, &error)) == EGITO_OK && (room || row != NULL)) {
///     if (row != NULL) { ... egito_row_free(row); }
///     else if (there is another input) egito_bulk_push(bulk, ..., &error);
///     else more = false;
///   }
///
/// Calls run on their own: a thread of the library drives them, from the first input on and until the bulk is freed.
/// entity: the entity's name, such as "Account".
/// action: "create", "get", "update" or "delete".
/// options_json: NULL, or one JSON object, such as {"concurrency": 4, "max_failures": 100}:
///   concurrency: the maximum number of calls in flight. Default 8.
///   outage_timeout: seconds. While the server gives no response, the bulk pauses and probes it; after this time it gives up, and
///     every further input has a row with EGITO_ERROR_CONNECTION and the outcome not_sent. Default 300; 0: it never pauses.
///   max_failures: once so many rows have failed, nothing more is sent; the other inputs have rows with EGITO_ERROR_CANCELLED and
///     the outcome not_sent. No default.
///   cancel_grace: seconds that calls in flight may go on after egito_bulk_cancel. Default 5.
/// bulk: receives the bulk; free it with egito_bulk_free.
/// Fails with EGITO_ERROR_CONFIG for a wrong argument or option, and from inside a listener. Any number of threads at a time.
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
        let bulk = Out::needed("bulk", bulk)?;
        let entity = needed("client", client)?.core.entity(text("entity", entity)?)?;
        let action = text("action", action)?.parse()?;
        let options = optional_text("options_json", options_json)?.unwrap_or("{}");
        callback::may_wait()?;
        let mut core = entity.bulk_calls(action)?.with_json(options.as_bytes())?;
        core.report_progress();
        bulk.handle(egito_bulk {
            mark: Mark::new(egito_bulk::KIND),
            cancel: core.cancellation_token(),
            calls: Mutex::new(Calls { core, action, inputs: VecDeque::new() }),
            done: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        });
        Ok(())
    })
}

/// Lifts the limit on rows that were not taken yet, for programs that keep all rows in memory anyway.
///
/// Without this, egito_bulk_has_room is false once 16 inputs for each of the `concurrency` calls have no row that was taken.
/// Does nothing if bulk is NULL or in use by another thread. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_keep_all_rows(bulk: *mut egito_bulk) {
    infallible((), || {
        if let Some(Ok(mut calls)) = live(shared(bulk)).map(egito_bulk::lock) {
            calls.core.keep_all_rows();
        }
    });
}

/// Returns whether another input may be handed over: fewer than `concurrency` calls are in flight, and the rows that were not
/// taken yet are not too many, see egito_bulk_keep_all_rows. Once true, it stays so until egito_bulk_push or a cancel.
///
/// False once the bulk is cancelled, and if bulk is NULL or in use by another thread. egito_bulk_step asks for fewer inputs:
/// while rows are ready, it has them taken first. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_has_room(bulk: Option<&egito_bulk>) -> bool {
    infallible(false, || live(bulk).is_some_and(|bulk| bulk.lock().is_ok_and(|calls| calls.core.has_room())))
}

/// Hands over the next input. Its call is sent at once.
///
/// An input that is wrong (no JSON, bad UTF-8, no id) becomes a row with its error, and the others go on.
/// id: the record's id, see "Ids" above; NULL for a create.
/// record_json: one JSON object, the record for a create and the changed fields for an update; NULL for a get or a delete.
/// Fails with EGITO_ERROR_CONFIG where there is no room, where bulk is NULL or in use by another thread, and from inside a
/// listener: then the input was not taken. After egito_bulk_cancel every input is taken and becomes a row with the error
/// EGITO_ERROR_CANCELLED. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_push(
    bulk: *mut egito_bulk,
    id: *const c_char,
    record_json: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let bulk = needed("bulk", shared(bulk))?;
        callback::may_wait()?;
        bulk.lock()?.push(id, record_json)
    })
}

/// Waits until the program can do something: hand over the next input, if there are more, or take the next row.
///
/// Keeps `concurrency` calls in flight, also while a slow one holds back the rows behind it. No input is asked for while rows are
/// ready and `concurrency` of them were not taken yet.
/// more: whether there may be another input.
/// row: receives the next row, in the order of the inputs, or NULL; free it with egito_row_free. A failed call is a row with an
///   error, and the status EGITO_OK.
/// room: receives whether the next input is to be handed over by egito_bulk_push. If it is false and row is NULL, the bulk is
///   done: there are no more inputs, and every input has its row.
/// Fails with EGITO_ERROR_CANCELLED after the last row if the bulk was cancelled while there may have been more inputs: by
/// egito_bulk_cancel, or by the cancel handle of its client, also before it began. Fails with EGITO_ERROR_CONFIG where bulk, row or
/// room is NULL or the bulk in use by another thread, and from inside a listener. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_step(
    bulk: *mut egito_bulk,
    more: bool,
    row: *mut *mut egito_row,
    room: *mut bool,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let (row, room) = (Out::needed("row", row)?, Out::needed("room", room)?);
        let bulk = needed("bulk", shared(bulk))?;
        callback::may_wait()?;
        let step = bulk.step(&mut *bulk.lock()?, more)?;
        row.handle_or_null(step.row);
        room.value(step.room);
        Ok(())
    })
}

/// As egito_bulk_step, but also returns after each call that finishes, so that a program can show the progress while it waits.
///
/// progressed: receives whether a call has finished, see egito_bulk_done and egito_bulk_failed; then there is neither a row nor
///   room, and the bulk is not done yet.
/// Fails as egito_bulk_step does, and where progressed is NULL. One thread at a time.
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
        let (row, room) = (Out::needed("row", row)?, Out::needed("room", room)?);
        let (progressed, bulk) = (Out::needed("progressed", progressed)?, needed("bulk", shared(bulk))?);
        callback::may_wait()?;
        let step = bulk.step_or_progress(&mut *bulk.lock()?, more)?;
        row.handle_or_null(step.row);
        room.value(step.room);
        progressed.value(step.progressed);
        Ok(())
    })
}

/// Waits for the next row, in the order of the inputs; gives NULL if no input is left without one.
///
/// row: receives the row; free it with egito_row_free. A failed call is a row with an error, and the status EGITO_OK.
/// Fails with EGITO_ERROR_CONFIG where bulk is NULL or in use by another thread, and from inside a listener. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_next(
    bulk: *mut egito_bulk,
    row: *mut *mut egito_row,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let (row, bulk) = (Out::needed("row", row)?, needed("bulk", shared(bulk))?);
        callback::may_wait()?;
        let step = bulk.step(&mut *bulk.lock()?, false)?;
        row.handle_or_null(step.row);
        Ok(())
    })
}

/// Takes inputs from one function and gives rows to another, until there are no more. Both are called on this thread alone.
///
/// next_input: gives the next input, see egito_input_callback.
/// on_row: receives each row in the order of the inputs, see egito_row_callback; NULL where you do not want them.
/// user: handed to both as it is; may be NULL.
/// Fails with EGITO_ERROR_CANCELLED as egito_bulk_step does, after the last row (both functions may call egito_bulk_cancel), and with
/// EGITO_ERROR_CONFIG where next_input or bulk is NULL or the bulk in use. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_run(
    bulk: *mut egito_bulk,
    next_input: egito_input_callback,
    on_row: egito_row_callback,
    user: *mut c_void,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || needed("bulk", shared(bulk))?.run(next_input, on_row, user))
}

/// Ends a bulk: no further input is taken, and calls in flight have a moment to finish, see `cancel_grace` of egito_bulk_new.
///
/// What is still in flight then ends with EGITO_ERROR_CANCELLED, or EGITO_ERROR_OUTCOME_UNKNOWN where a create was sent, as it
/// does at once after a second call of this function. Every input that was taken has its row, so that it is known what was done: egito_bulk_next gives those that are
/// left. Freeing the bulk ends the calls without rows. NULL is fine. Any thread, also while another waits for a row, as long as
/// the bulk is not freed.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_cancel(bulk: Option<&egito_bulk>) {
    infallible((), || {
        if let Some(bulk) = live(bulk) {
            bulk.cancel.cancel();
        }
    });
}

/// How many calls have finished, in whatever order; 0 where bulk is NULL. Counted while a thread waits for a row. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_done(bulk: Option<&egito_bulk>) -> u64 {
    infallible(0, || live(bulk).map_or(0, |bulk| bulk.done.load(Relaxed)))
}

/// How many of the calls that have finished failed; 0 where bulk is NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_failed(bulk: Option<&egito_bulk>) -> u64 {
    infallible(0, || live(bulk).map_or(0, |bulk| bulk.failed.load(Relaxed)))
}

/// Frees a bulk, also before its end: calls under way end at once, without rows. NULL is fine. Any thread, once no other one
/// uses the bulk.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_free(bulk: *mut egito_bulk) {
    infallible((), || free(bulk));
}

impl egito_bulk {
    /// The calls, unless another thread (or a callback, on this one) is at it.
    fn lock(&self) -> Result<MutexGuard<'_, Calls>> {
        match self.calls.try_lock() {
            Ok(calls) => Ok(calls),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => {
                Err(Error::config("bulk", "the bulk is in use by another thread or by the callback's own caller"))
            }
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

    /// As `step_or_progress`, but gives `None` if there is nothing to do after so long.
    pub(crate) fn step_within(&self, more: bool, most: Duration) -> Result<Option<Step>> {
        let mut calls = self.lock()?;
        let step = egito_core::binding::step_within(&mut calls.core, more, most);
        step.map(|step| self.take(&mut calls, more, step)).transpose()
    }

    fn step_or_progress(&self, calls: &mut Calls, more: bool) -> Result<Step> {
        let step = calls.core.step(more);
        self.take(calls, more, step)
    }

    /// Turns a step into what the program does next. The end of a cancelled bulk that may have had more inputs is the error `cancelled`.
    fn take(&self, calls: &mut Calls, more: bool, step: BulkStep) -> Result<Step> {
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
        callback::may_wait()?;
        let mut calls = self.lock()?;
        let mut more = true;
        loop {
            let Step { row, room, .. } = self.step(&mut calls, more)?;
            if let Some(row) = row {
                callback::on_row(on_row, &row, user);
            } else if room {
                match callback::next_input(next_input, user) {
                    Some((id, record_json)) => calls.push(id, record_json)?,
                    None => more = false,
                }
            } else {
                return Ok(());
            }
        }
    }
}

impl Calls {
    fn push(&mut self, id: *const c_char, record_json: *const c_char) -> Result<()> {
        if !self.core.has_room() && !self.core.cancellation_token().is_cancelled() {
            let message = "the bulk has no room for another input; take a row by egito_bulk_next first";
            return Err(Error::config("bulk", message));
        }
        let input = Input { id: bytes(id).map(CStr::to_owned), record: bytes(record_json).map(CStr::to_owned) };
        self.core.push(self.input(&input));
        self.inputs.push_back(input);
        Ok(())
    }

    fn input(&self, input: &Input) -> Result<BulkInput> {
        let Input { id, record } = input;
        let needless = |name: &str| Err(Error::config(name, format!("this action takes no `{name}`; pass NULL")));
        match self.action {
            BulkAction::Create if id.is_some() => return needless("id"),
            BulkAction::Get | BulkAction::Delete if record.is_some() => return needless("record_json"),
            _ => {}
        }
        let id = id.as_deref().map(|id| utf8("id", id)).transpose()?.map(RecordId::from_text);
        let record = record.as_deref().map(|json| utf8("record_json", json)).transpose()?;
        let record = record.map(Record::from_json).transpose()?;
        let record = record.as_ref().map(serde_json::value::to_raw_value).transpose();
        Ok(BulkInput { id, record: record.map_err(|e| Error::config("record_json", e.to_string()))? })
    }
}
