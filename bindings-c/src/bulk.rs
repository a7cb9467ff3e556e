//! A bulk: many inputs, one call each, some at a time; one row for each input, in order.

use crate::callback::{self, egito_input_callback, egito_row_callback};
use crate::client::egito_client;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, bytes, is_null, optional_text, text, utf8};
use crate::handle::{Handle, Mark, free, handle, live, needed, shared};
use crate::panic::infallible;
use crate::row::{Input, egito_row};
use egito_core::blocking::BulkCalls;
use egito_core::{BulkAction, BulkInput, Cancel, Error, Record, RecordId, Result};
use serde_json::{Map, Value};
use std::collections::VecDeque;
use std::ffi::{CStr, c_char, c_void};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, TryLockError};

/// The calls of a bulk that are under way. One thread at a time; egito_bulk_cancel is for any.
pub struct egito_bulk {
    mark: Mark,
    calls: Mutex<Calls>,
    // What may be asked for while a thread waits for a row.
    cancel: Cancel,
    done: AtomicU64,
    failed: AtomicU64,
}
handle!(egito_bulk, b"e_bulk__");

struct Calls {
    core: BulkCalls,
    action: BulkAction,
    /// What was handed over and has no row yet.
    inputs: VecDeque<Input>,
}

/// Begins a bulk: the same action for many inputs, which are handed over by egito_bulk_push, or by egito_bulk_run.
///
///   while (there is another input) {
///     while (egito_bulk_has_room(bulk) && there is another input) egito_bulk_push(bulk, ..., &error);
///     egito_bulk_next(bulk, &row, &error); ... egito_row_free(row);
///   }
///   and egito_bulk_next until it gives NULL.
///
/// Calls go on by themselves: a thread of the library drives them, from the first input on and until the bulk is freed.
/// entity: the entity's name, such as "Account".
/// action: "create", "get", "update" or "delete".
/// options_json: NULL, or {"concurrency": 8}: most calls at a time, 8 where it is not given.
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
        let action = self::action(text("action", action)?)?;
        let concurrency = concurrency(optional_text("options_json", options_json)?.unwrap_or("{}"))?;
        callback::may_wait()?;
        let core = entity.bulk_calls(action)?;
        let core = concurrency.into_iter().fold(core, BulkCalls::concurrency);
        bulk.handle(egito_bulk {
            mark: Mark::new(egito_bulk::KIND),
            cancel: core.cancel(),
            calls: Mutex::new(Calls { core, action, inputs: VecDeque::new() }),
            done: AtomicU64::new(0),
            failed: AtomicU64::new(0),
        });
        Ok(())
    })
}

/// Whether another input may be handed over now. False once the bulk is cancelled, and where bulk is NULL or in use by
/// another thread. One thread at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_has_room(bulk: Option<&egito_bulk>) -> bool {
    infallible(false, || live(bulk).is_some_and(|bulk| bulk.lock().is_ok_and(|calls| calls.core.has_room())))
}

/// Hands the next input over. Its call goes out at once.
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

/// Gives the next row, in the order of the inputs, and NULL where no input waits for one.
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
        let next = bulk.next(&mut *bulk.lock()?);
        row.handle_or_null(next);
        Ok(())
    })
}

/// Takes inputs from one function and gives rows to another, until there are no more. Both are called on this thread alone.
///
/// next_input: gives the next input, see egito_input_callback.
/// on_row: receives each row in the order of the inputs, see egito_row_callback; NULL where you do not want them.
/// user: handed to both as it is; may be NULL.
/// Fails with EGITO_ERROR_CANCELLED after egito_bulk_cancel, which both may call (the rows of what was under way were given
/// by then), and with EGITO_ERROR_CONFIG where next_input or bulk is NULL or the bulk in use. One thread at a time.
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

/// Ends a bulk: no further input is taken, and calls under way end with the error EGITO_ERROR_CANCELLED.
///
/// Their rows are still given, so that it is known what was done; freeing the bulk ends them without rows. NULL is fine. Any
/// thread, also while another waits for a row, as long as the bulk is not freed.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_cancel(bulk: Option<&egito_bulk>) {
    infallible((), || {
        if let Some(bulk) = live(bulk) {
            bulk.cancel.cancel();
        }
    });
}

/// How many rows were given; 0 where bulk is NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_bulk_done(bulk: Option<&egito_bulk>) -> u64 {
    infallible(0, || live(bulk).map_or(0, |bulk| bulk.done.load(Relaxed)))
}

/// How many of the rows that were given have an error; 0 where bulk is NULL. Any thread.
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

    fn next(&self, calls: &mut Calls) -> Option<egito_row> {
        let row = calls.core.next()?;
        let progress = calls.core.progress();
        self.done.store(progress.done, Relaxed);
        self.failed.store(progress.failed, Relaxed);
        Some(egito_row::new(row, calls.inputs.pop_front().unwrap_or_default()))
    }

    fn run(&self, next_input: egito_input_callback, on_row: egito_row_callback, user: *mut c_void) -> Result<()> {
        if next_input.is_none() {
            return Err(is_null("next_input"));
        }
        callback::may_wait()?;
        let mut calls = self.lock()?;
        let mut more = true;
        loop {
            while more && calls.core.has_room() {
                match callback::next_input(next_input, user) {
                    Some((id, record_json)) => calls.push(id, record_json)?,
                    None => more = false,
                }
            }
            let Some(row) = self.next(&mut calls) else { break };
            callback::on_row(on_row, &row, user);
        }
        if self.cancel.is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
    }
}

impl Calls {
    fn push(&mut self, id: *const c_char, record_json: *const c_char) -> Result<()> {
        if !self.core.has_room() && !self.core.cancel().is_cancelled() {
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

fn action(name: &str) -> Result<BulkAction> {
    serde_json::from_value(name.into()).map_err(|_| {
        Error::config("action", format!("`{name}` is no action of a bulk; there are create, get, update and delete"))
    })
}

fn concurrency(options: &str) -> Result<Option<usize>> {
    let options: Map<String, Value> = serde_json::from_str(options).map_err(|_| {
        Error::config("options_json", "the options of the bulk are not one JSON object, such as {\"concurrency\": 8}")
    })?;
    let mut concurrency = None;
    for (name, value) in options.iter().filter(|(_, value)| !value.is_null()) {
        if name != "concurrency" {
            return Err(Error::config(name, format!("a bulk has no option `{name}`, only `concurrency`")));
        }
        let calls = value.as_u64().and_then(|calls| usize::try_from(calls).ok()).filter(|calls| *calls > 0);
        let wrong = || Error::config(name, format!("`{name}` is {value}; it is a whole number from 1 on"));
        concurrency = Some(calls.ok_or_else(wrong)?);
    }
    Ok(concurrency)
}
