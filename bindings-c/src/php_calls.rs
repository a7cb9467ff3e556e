//! For the PHP package only: calls that wait in short steps, since PHP runs signal handlers and checks its time limit
//! only between two calls of C. Not part of egito.h.
//!
//! Every function waits at most `wait_ms` milliseconds. If `state` is EGITO_PHP_PENDING, PHP calls the same function
//! again with the same arguments and the same result.

use crate::bulk::egito_bulk;
use crate::callback;
use crate::client::egito_client;
use crate::cursor::egito_cursor;
use crate::entity;
use crate::error::egito_error;
use crate::ffi::{Out, optional_string, required_key, required_record, required_string, to_json};
use crate::handle::{Handle, HandleTag, free, handle, require, shared};
use crate::list_queries;
use crate::outbox::{self, egito_outbox};
use crate::panic::{catch_panics, infallible};
use crate::php::Text;
use crate::row::egito_row;
use egito_core::binding::{
    PendingCall, begin_call, begin_delivery, begin_list_call, ids_from_json, ids_to_json, report_to_json,
};
use egito_core::{Delivery, ProbeOptions, Record, Result};
use std::cell::RefCell;
use std::ffi::c_char;
use std::ptr::{null, null_mut};
use std::task::Poll;
use std::time::Duration;

/// A call in flight.
pub struct egito_php_call {
    tag: HandleTag,
    pending: RefCell<Pending>,
}
handle!(egito_php_call, b"e_phpcal");

/// State of a result.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum egito_php_state {
    /// Done without a value: no record, no next page, no row, or room for an input.
    EGITO_PHP_NONE = 0,
    /// A string.
    EGITO_PHP_TEXT = 1,
    /// An error.
    EGITO_PHP_FAILED = 2,
    /// Not done yet: call the function again.
    EGITO_PHP_PENDING = 3,
    /// A row.
    EGITO_PHP_ROW = 4,
    /// Progress of a bulk.
    EGITO_PHP_PROGRESS = 5,
}

/// Result of a call. All members are zero at first.
#[repr(C)]
pub struct egito_php_result {
    state: egito_php_state,
    /// The call, while the state is EGITO_PHP_PENDING.
    call: *mut egito_php_call,
    /// May contain NULs. Free it with egito_php_text_free.
    text: *const u8,
    length: usize,
    error: *mut egito_error,
    row: *mut egito_row,
}

/// Value of a call.
enum Value {
    None,
    Text(Text),
    Row(Box<egito_row>),
    Progress,
}

/// A call whose result becomes a value.
enum Pending {
    Value(PendingCall<Value>),
    Delivery(PendingCall<Delivery>),
}

impl Pending {
    fn wait_for(&mut self, timeout: Duration) -> Option<Result<Value>> {
        match self {
            Self::Value(call) => call.wait_for(timeout),
            Self::Delivery(call) => call.wait_for(timeout).map(|ended| ended.map(|delivery| json(to_json(&delivery)))),
        }
    }

    fn cancel(&mut self) -> Result<Value> {
        match self {
            Self::Value(call) => call.cancel(),
            Self::Delivery(call) => call.cancel().map(|delivery| json(to_json(&delivery))),
        }
    }
}

/// Creates a record and returns its id as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_create(
    client: Option<&egito_client>,
    entity: *const c_char,
    record_json: *const c_char,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        let (entity, record) = (name(entity)?, required_record("record_json", record_json)?);
        begin(client, |client| async move { Ok(json(client.entity(&entity)?.create(record).await?.to_json())) })
    });
}

/// Probes the server, see egito_probe. Returns the report.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_probe(
    client: Option<&egito_client>,
    options_json: *const c_char,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        let options = ProbeOptions::from_json(required_string("options_json", options_json)?.as_bytes())?;
        begin(client, |client| async move { Ok(json(report_to_json(&client.probe(&options).await?))) })
    });
}

/// Finds the record with the key of a record, or creates it. Returns `{"id", "created", "duplicates"}`.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_create_once(
    client: Option<&egito_client>,
    entity: *const c_char,
    record_json: *const c_char,
    options_json: *const c_char,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        let (entity, record) = (name(entity)?, required_record("record_json", record_json)?);
        let key = required_key("options_json", options_json)?;
        begin(client, |client| async move {
            let found = client.entity(&entity)?.create_once(record, key).await?;
            Ok(json(to_json(&found)))
        })
    });
}

/// Creates a record, updates the fields that differ, or leaves it unchanged. Returns `{"id", "change", "fields",
/// "duplicates"}`.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_upsert(
    client: Option<&egito_client>,
    entity: *const c_char,
    record_json: *const c_char,
    options_json: *const c_char,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        let (entity, record) = (name(entity)?, required_record("record_json", record_json)?);
        let key = required_key("options_json", options_json)?;
        begin(client, |client| async move {
            let upserted = client.entity(&entity)?.upsert(record, key).await?;
            Ok(json(to_json(&upserted)))
        })
    });
}

/// Reads a record, and returns it as an array of one record.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_get(
    client: Option<&egito_client>,
    entity: *const c_char,
    id: *const c_char,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        let (entity, id) = (name(entity)?, entity::id(id)?);
        begin(client, |client| async move { Ok(records(&[client.entity(&entity)?.get(id).await?])) })
    });
}

/// Reads a record, and returns it as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_get_json(
    client: Option<&egito_client>,
    entity: *const c_char,
    id: *const c_char,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        let (entity, id) = (name(entity)?, entity::id(id)?);
        begin(client, |client| async move { Ok(json(client.entity(&entity)?.get(id).await?.json())) })
    });
}

/// Changes a record and returns its id as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_update(
    client: Option<&egito_client>,
    entity: *const c_char,
    id: *const c_char,
    fields_json: *const c_char,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        let (entity, id) = (name(entity)?, entity::id(id)?);
        let fields = required_record("fields_json", fields_json)?;
        begin(client, |client| async move { Ok(json(client.entity(&entity)?.update(id, fields).await?.to_json())) })
    });
}

/// Deletes a record and returns its id as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_delete(
    client: Option<&egito_client>,
    entity: *const c_char,
    id: *const c_char,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        let (entity, id) = (name(entity)?, entity::id(id)?);
        begin(client, |client| async move { Ok(json(client.entity(&entity)?.delete(id).await?.to_json())) })
    });
}

/// Calls a custom action and returns its response as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_call_action(
    client: Option<&egito_client>,
    entity: *const c_char,
    action: *const c_char,
    params_json: *const c_char,
    method: *const c_char,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        let (entity, action) = (name(entity)?, required_string("action", action)?.to_owned());
        let params = Record::from_json(optional_string("params_json", params_json)?.unwrap_or("{}"))?;
        let method = optional_string("method", method)?.unwrap_or("POST").parse()?;
        begin(client, |client| async move {
            Ok(json(client.entity(&entity)?.call_with_method(&action, params, method).await?.json()))
        })
    });
}

/// Returns the ids of all records as a JSON array.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_ids(
    client: Option<&egito_client>,
    entity: *const c_char,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        let entity = name(entity)?;
        begin(client, |client| async move { Ok(json(ids_to_json(&client.entity(&entity)?.ids().await?))) })
    });
}

/// Returns those of the given ids whose records do not exist any more, as a JSON array.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_deleted(
    client: Option<&egito_client>,
    entity: *const c_char,
    known_ids_json: *const c_char,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        let (entity, known) = (name(entity)?, required_string("known_ids_json", known_ids_json)?);
        let known = ids_from_json(known.as_bytes())?;
        begin(client, |client| async move { Ok(json(ids_to_json(&client.entity(&entity)?.deleted(known).await?))) })
    });
}

/// Returns the next records of a list, at most `maximum`, of one page.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_cursor_next(
    cursor: *mut egito_cursor,
    maximum: usize,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    store_result(result, |_| {
        let next = require("cursor", shared(cursor))?.lock()?.records_within(maximum, timeout(wait_ms))?;
        Ok(ready(next.map(|next| records(&next))))
    });
}

/// Returns the next page of a list as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_cursor_next_page(
    cursor: *mut egito_cursor,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    store_result(result, |_| {
        let page = require("cursor", shared(cursor))?.lock()?.page_within(timeout(wait_ms))?;
        Ok(ready(page.map(|page| page.map_or(Value::None, json))))
    });
}

/// Returns the first record of a list, as an array of one record.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_cursor_first(
    cursor: Option<&egito_cursor>,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        begin_list_call(&list_queries::list(cursor)?, |list| async move { Ok(records(list.first().await?.as_slice())) })
    });
}

/// Returns the first record of a list, as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_cursor_first_json(
    cursor: Option<&egito_cursor>,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        begin_list_call(&list_queries::list(cursor)?, |list| async move {
            Ok(list.first().await?.map_or(Value::None, |record| json(record.json())))
        })
    });
}

/// Returns whether a list has any record, as `true` or `false`.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_cursor_exists(
    cursor: Option<&egito_cursor>,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        begin_list_call(&list_queries::list(cursor)?, |list| async move { Ok(json(list.exists().await?.to_string())) })
    });
}

/// Returns the server's own number of records, or no value if it reports none.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_cursor_total(
    cursor: Option<&egito_cursor>,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        begin_list_call(&list_queries::list(cursor)?, |list| async move {
            Ok(list.total().await?.map_or(Value::None, |total| json(total.to_string())))
        })
    });
}

/// Returns the number of records of a list.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_cursor_count(
    cursor: Option<&egito_cursor>,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    call_in_steps(result, wait_ms, || {
        begin_list_call(&list_queries::list(cursor)?, |list| async move { Ok(json(list.count().await?.to_string())) })
    });
}

/// Waits for the next row of a bulk, for its progress, or for room for another input if there are `more`.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_bulk_step(
    bulk: *mut egito_bulk,
    more: bool,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    store_result(result, |_| {
        callback::check_may_block()?;
        let step = require("bulk", shared(bulk))?.step_within(more, timeout(wait_ms))?;
        Ok(step.map(|step| match step.row {
            Some(row) => Value::Row(Box::new(row)),
            None if step.progressed => Value::Progress,
            None => Value::None,
        }))
    });
}

/// Sends the entries of an outbox that are due, and returns the delivery as JSON.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_outbox_deliver(
    outbox: Option<&egito_outbox>,
    limit: u64,
    wait_ms: u32,
    result: Option<&mut egito_php_result>,
) {
    pending_in_steps(result, wait_ms, || {
        begin_delivery(&require("outbox", outbox)?.core, outbox::limit_of(limit)).map(Pending::Delivery)
    });
}

/// Aborts the call of a result. The result then has the error `cancelled` or `outcome_unknown`, or the value if the
/// call had already finished. Does nothing if there is no call.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_cancel(result: Option<&mut egito_php_result>) {
    infallible((), || {
        if result.as_ref().is_some_and(|result| !result.call.is_null()) {
            store_result(result, |result| {
                let call = take(result);
                let ended = require("call", shared(call))?.pending.borrow_mut().cancel();
                free(call);
                ended.map(Some)
            });
        }
    });
}

/// Frees a call. NULL is allowed.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_call_free(call: *mut egito_php_call) {
    infallible((), || free(call));
}

/// Waits for the call of the result; begins it the first time.
fn call_in_steps(
    result: Option<&mut egito_php_result>,
    wait_ms: u32,
    begin: impl FnOnce() -> Result<PendingCall<Value>>,
) {
    pending_in_steps(result, wait_ms, || begin().map(Pending::Value));
}

fn pending_in_steps(result: Option<&mut egito_php_result>, wait_ms: u32, begin: impl FnOnce() -> Result<Pending>) {
    store_result(result, |result| {
        if result.call.is_null() {
            callback::check_may_block()?;
            let mut pending = begin()?;
            let ended = pending.wait_for(timeout(wait_ms)).transpose()?;
            if ended.is_none() {
                let call = egito_php_call { tag: HandleTag::new(egito_php_call::TAG), pending: RefCell::new(pending) };
                Out::optional(&raw mut result.call).handle(call);
            }
            return Ok(ended);
        }
        let ended = require("call", shared(result.call))?.pending.borrow_mut().wait_for(timeout(wait_ms)).transpose();
        if !matches!(ended, Ok(None)) {
            free(take(result));
        }
        ended
    });
}

fn take(result: &mut egito_php_result) -> *mut egito_php_call {
    std::mem::replace(&mut result.call, null_mut())
}

/// Begins a call of a client.
fn begin<F>(client: Option<&egito_client>, call: impl FnOnce(egito_core::Client) -> F) -> Result<PendingCall<Value>>
where
    F: Future<Output = Result<Value>> + Send + 'static,
{
    begin_call(&require("client", client)?.core, call)
}

/// Stores the value of the body in the result; `None` is a call that is still pending.
fn store_result(
    result: Option<&mut egito_php_result>,
    body: impl FnOnce(&mut egito_php_result) -> Result<Option<Value>>,
) {
    let Some(result) = result else { return };
    let value = catch_panics(|| {
        let value = body(result)?;
        Ok(value.map(|value| {
            (result.text, result.length) = (null(), 0);
            match value {
                Value::Text(text) => {
                    (result.text, result.length) = text.leak();
                    egito_php_state::EGITO_PHP_TEXT
                }
                Value::Row(row) => {
                    Out::optional(&raw mut result.row).handle(*row);
                    egito_php_state::EGITO_PHP_ROW
                }
                Value::Progress => egito_php_state::EGITO_PHP_PROGRESS,
                Value::None => egito_php_state::EGITO_PHP_NONE,
            }
        }))
    });
    result.state = match value {
        Ok(state) => state.unwrap_or(egito_php_state::EGITO_PHP_PENDING),
        Err(error) => {
            Out::optional(&raw mut result.error).handle(egito_error::new(error));
            egito_php_state::EGITO_PHP_FAILED
        }
    };
}

fn json(text: impl AsRef<[u8]>) -> Value {
    Value::Text(Text::new(text.as_ref()))
}

fn records(records: &[Record]) -> Value {
    if records.is_empty() { Value::None } else { Value::Text(Text::of_records(records)) }
}

fn ready(value: Poll<Value>) -> Option<Value> {
    match value {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

fn name(entity: *const c_char) -> Result<String> {
    required_string("entity", entity).map(str::to_owned)
}

fn timeout(wait_ms: u32) -> Duration {
    Duration::from_millis(wait_ms.into())
}
