//! Outboxes: writes that are stored in a file first, and sent once as soon as the server can be reached.

use crate::callback;
use crate::client::egito_client;
use crate::entity;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, optional_string, required_key, required_record, required_string, to_json};
use crate::handle::{Handle, HandleTag, free, handle, require};
use crate::panic::infallible;
use egito_core::binding::interval_from_seconds;
use egito_core::blocking::Outbox;
use egito_core::{EntryQuery, Result};
use std::ffi::c_char;

/// An outbox. Thread-safe.
pub struct egito_outbox {
    tag: HandleTag,
    pub(crate) core: Outbox,
}
handle!(egito_outbox, b"e_outbox");

/// Opens an outbox: writes are stored in its file first, and sent to the server later, once and in order.
///
/// Any number of processes and threads of one machine can use the same file at the same time.
/// path: path of the file, such as "egito-outbox.db", in an existing folder. The file is created by the first write.
/// options_json: NULL, or one JSON object with any of these members.
///   concurrency: maximum number of calls in flight of egito_outbox_deliver. Default: 8.
///   keep_days: for how many days delivered entries are kept. During this time, putting a record with the same key does
///     nothing. Default: 30.
///   lookup: how a delivery looks for records, instead of the lookup of each entry: "filter", "scan" or "auto".
/// outbox: receives the outbox; free it with egito_outbox_free.
/// Fails with EGITO_ERROR_CONFIG for an invalid argument or option. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_new(
    client: Option<&egito_client>,
    path: *const c_char,
    options_json: *const c_char,
    outbox: *mut *mut egito_outbox,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let outbox = Out::required("outbox", outbox)?;
        let core = require("client", client)?.core.outbox(required_string("path", path)?)?;
        let core = core.with_json(optional_string("options_json", options_json)?.unwrap_or("{}").as_bytes())?;
        outbox.handle(egito_outbox { tag: HandleTag::new(egito_outbox::TAG), core });
        Ok(())
    })
}

/// Stores a record to be created. When this returns, its entry is on the disk: it is delivered even if the program or the
/// machine fails now.
///
/// Putting the same key again returns the id of the entry that is there, whatever its state. Entries with the same key
/// are sent one after the other, in the order in which they were put.
/// entity: name of the entity, such as "Lead".
/// record_json: one JSON object with the fields of the record.
/// options_json: one JSON object such as {"key": "formKey"}, with the members of egito_create_once.
/// entry_id: receives the id of the entry. May be NULL.
/// Fails with EGITO_ERROR_CONFIG for an invalid argument, and (setting `outbox`) if the file cannot be written: it is
/// read-only, damaged, locked for long, or the disk is full. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_put(
    outbox: Option<&egito_outbox>,
    entity: *const c_char,
    record_json: *const c_char,
    options_json: *const c_char,
    entry_id: *mut i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let (entity, record) = (required_string("entity", entity)?, required_record("record_json", record_json)?);
        let id = core(outbox)?.put(entity, record, required_key("options_json", options_json)?)?;
        Out::optional(entry_id).value(id);
        Ok(())
    })
}

/// Stores a record to be created or, if one with its key exists by then, to be updated, see egito_upsert. Every call
/// stores an entry of its own.
///
/// entity, record_json, options_json, entry_id: as in egito_outbox_put.
/// Fails like egito_outbox_put. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_put_upsert(
    outbox: Option<&egito_outbox>,
    entity: *const c_char,
    record_json: *const c_char,
    options_json: *const c_char,
    entry_id: *mut i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let (entity, record) = (required_string("entity", entity)?, required_record("record_json", record_json)?);
        let id = core(outbox)?.put_upsert(entity, record, required_key("options_json", options_json)?)?;
        Out::optional(entry_id).value(id);
        Ok(())
    })
}

/// Stores fields of a record to be updated.
///
/// entity: name of the entity, such as "Account".
/// id: id of the record, see "Ids" above.
/// fields_json: one JSON object with the fields to change.
/// entry_id: receives the id of the entry. May be NULL.
/// Fails like egito_outbox_put. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_put_update(
    outbox: Option<&egito_outbox>,
    entity: *const c_char,
    id: *const c_char,
    fields_json: *const c_char,
    entry_id: *mut i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let (entity, fields) = (required_string("entity", entity)?, required_record("fields_json", fields_json)?);
        let id = core(outbox)?.put_update(entity, entity::id(id)?, fields)?;
        Out::optional(entry_id).value(id);
        Ok(())
    })
}

/// Stores the id of a record to be deleted.
///
/// entity: name of the entity, such as "Account".
/// id: id of the record, see "Ids" above.
/// entry_id: receives the id of the entry. May be NULL.
/// Fails like egito_outbox_put. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_put_delete(
    outbox: Option<&egito_outbox>,
    entity: *const c_char,
    id: *const c_char,
    entry_id: *mut i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let id = core(outbox)?.put_delete(required_string("entity", entity)?, entity::id(id)?)?;
        Out::optional(entry_id).value(id);
        Ok(())
    })
}

/// Sends the entries that are due, and returns when none is due any more.
///
/// An entry that may have been sent before is looked for by its key before it is sent again. While the server is down or
/// refuses the login, the outbox is paused: this returns at once, and the entries keep waiting. Several deliveries can
/// run at the same time, also in several processes.
/// limit: maximum number of entries to send; 0: no limit.
/// delivery_json: receives one JSON object; free it with egito_string_free. May be NULL. Its members are the numbers of
///   entries that were `delivered` and `refused`, that are `unclear` after this call and that are still `waiting`, and
///   `next_attempt_at` and `paused_by` (the details of an error) or null.
/// Fails with EGITO_ERROR_CONFIG (setting `outbox`) if the file cannot be read or written, and with
/// EGITO_ERROR_CANCELLED. Errors of entries are in the entries. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_deliver(
    outbox: Option<&egito_outbox>,
    limit: u64,
    delivery_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        callback::check_may_block()?;
        let delivery = core(outbox)?.deliver(limit_of(limit))?;
        Out::optional(delivery_json).string(to_json(&delivery))
    })
}

/// Returns entries as one JSON array, in the order of their ids.
///
/// query_json: NULL, or one JSON object with any of {"state": "refused", "limit": 100, "after": 117}. `state` is
///   waiting, sending, refused, unclear or delivered (default: all), `limit` the maximum number of entries (default:
///   100), and `after` the id of an entry: only later ones are returned.
/// entries_json: receives the array; free it with egito_string_free. Each entry has the members id, entity, action
///   (create, upsert, update or delete), state, key, record_id, record, attempts, error (its details), created_at,
///   next_attempt_at and delivered_at. Those that do not apply are null.
/// Fails with EGITO_ERROR_CONFIG for an invalid query, and (setting `outbox`) if the file cannot be read. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_entries(
    outbox: Option<&egito_outbox>,
    query_json: *const c_char,
    entries_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let entries_json = Out::required("entries_json", entries_json)?;
        let query = EntryQuery::from_json(optional_string("query_json", query_json)?.unwrap_or("{}").as_bytes())?;
        entries_json.string(to_json(&core(outbox)?.entries(query)?))
    })
}

/// Returns one entry as JSON, see egito_outbox_entries.
///
/// entry_id: id of the entry.
/// entry_json: receives the entry; free it with egito_string_free.
/// Fails with EGITO_ERROR_NOT_FOUND if there is no such entry, and with EGITO_ERROR_CONFIG (setting `outbox`) if the file
/// cannot be read. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_get(
    outbox: Option<&egito_outbox>,
    entry_id: i64,
    entry_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let entry_json = Out::required("entry_json", entry_json)?;
        entry_json.string(to_json(&core(outbox)?.get(entry_id)?))
    })
}

/// Returns the number of entries in each state: one JSON object with waiting, sending, refused, unclear and delivered.
///
/// counts_json: receives the object; free it with egito_string_free.
/// Fails with EGITO_ERROR_CONFIG (setting `outbox`) if the file cannot be read. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_counts(
    outbox: Option<&egito_outbox>,
    counts_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let counts_json = Out::required("counts_json", counts_json)?;
        counts_json.string(to_json(&core(outbox)?.counts()?))
    })
}

/// Makes an entry due now, also one that the server refused. Also ends a pause of the outbox.
///
/// entry_id: id of the entry.
/// Fails with EGITO_ERROR_NOT_FOUND if there is no such entry, and with EGITO_ERROR_CONFIG (setting `id`) if it is
/// delivered or is sent just now. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_retry(
    outbox: Option<&egito_outbox>,
    entry_id: i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || core(outbox)?.retry(entry_id))
}

/// Replaces the record of an entry that is waiting or refused, and makes it due now. Its key must stay the same.
///
/// entry_id: id of the entry.
/// record_json: one JSON object with the fields of the record.
/// Fails with EGITO_ERROR_NOT_FOUND if there is no such entry, with EGITO_ERROR_CONFIG (setting `id`) if it may be done or
/// is a delete, and (setting `record`) if the key differs. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_edit(
    outbox: Option<&egito_outbox>,
    entry_id: i64,
    record_json: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || core(outbox)?.edit(entry_id, required_record("record_json", record_json)?))
}

/// Removes an entry that is not delivered. Nothing is sent; an entry that is unclear may have been done.
///
/// entry_id: id of the entry.
/// Fails like egito_outbox_retry. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_discard(
    outbox: Option<&egito_outbox>,
    entry_id: i64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || core(outbox)?.discard(entry_id))
}

/// Starts a thread of the library that delivers whenever this process puts an entry, and otherwise after each interval,
/// for entries of other processes. Does nothing if it runs already.
///
/// It ends with egito_outbox_stop, and when the outbox is freed or its client is closed. A forked child does not have it.
/// interval: seconds, from 0 to 86400 (a day).
/// Fails with EGITO_ERROR_CONFIG for an invalid interval, and with EGITO_ERROR_CONNECTION if the system has no free thread
/// or descriptor. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_start(
    outbox: Option<&egito_outbox>,
    interval: f64,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        callback::check_may_block()?;
        core(outbox)?.start(interval_from_seconds(interval)?)
    })
}

/// Stops the thread of egito_outbox_start, and waits for its calls in flight, some seconds at most. Does nothing if it does
/// not run.
///
/// Fails with EGITO_ERROR_CONFIG inside a listener. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_stop(outbox: Option<&egito_outbox>, error: *mut *mut egito_error) -> egito_status {
    fallible(error, || {
        callback::check_may_block()?;
        core(outbox)?.stop()
    })
}

/// Returns the result of the last delivery of the thread of egito_outbox_start.
///
/// delivery_json: receives one JSON object as in egito_outbox_deliver, or NULL if no delivery has ended; free it with
///   egito_string_free.
/// Fails with the error of that delivery. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_last_delivery(
    outbox: Option<&egito_outbox>,
    delivery_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let delivery_json = Out::required("delivery_json", delivery_json)?;
        delivery_json.string_or_null(core(outbox)?.last_delivery().transpose()?.map(|delivery| to_json(&delivery)))
    })
}

/// Frees an outbox. Its entries stay in the file. NULL is allowed. Any thread, after all other uses of the outbox.
#[unsafe(no_mangle)]
pub extern "C" fn egito_outbox_free(outbox: *mut egito_outbox) {
    infallible((), || free(outbox));
}

fn core(outbox: Option<&egito_outbox>) -> Result<&Outbox> {
    require("outbox", outbox).map(|outbox| &outbox.core)
}

pub(crate) fn limit_of(limit: u64) -> Option<u64> {
    (limit > 0).then_some(limit)
}
