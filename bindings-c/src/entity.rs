//! Creates, reads, changes, deletes and lists the records of an entity.

use crate::callback;
use crate::client::egito_client;
use crate::cursor::egito_cursor;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, optional_string, required_key, required_record, required_string};
use crate::found_or_created::egito_found_or_created;
use crate::handle::require;
use crate::record::egito_record;
use crate::upserted::egito_upserted;
use egito_core::blocking::{Entity, RecordList};
use egito_core::{Record, RecordId, Result};
use std::ffi::c_char;

/// Checks the name of an entity, like every call. Sends nothing.
///
/// For wrappers whose entity objects should fail on creation instead of at their first call.
///
/// entity: name of the entity, such as "Account".
/// Fails with EGITO_ERROR_CONFIG if the name is invalid. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_check_entity(
    client: Option<&egito_client>,
    entity: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || self::entity(client, entity).map(drop))
}

/// Creates a record and returns its id. Retries only if the record was certainly not created.
///
/// entity: name of the entity, such as "Account".
/// record_json: one JSON object with the fields of the record.
/// id_json: receives the new id; free it with egito_string_free. May be NULL.
/// Fails with EGITO_ERROR_VALIDATION if the server refuses the record, EGITO_ERROR_OUTCOME_UNKNOWN if its response was
/// lost, EGITO_ERROR_CONFIG for an invalid argument, and like every call. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_create(
    client: Option<&egito_client>,
    entity: *const c_char,
    record_json: *const c_char,
    id_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record = required_record("record_json", record_json)?;
        let id = blocking_entity(client, entity)?.create(record)?;
        Out::optional(id_json).string(id.to_json())
    })
}

/// Finds the record with the key of a record, or creates it. Call it again after any error: it creates no second record
/// with this key.
///
/// Calls with the same key wait for each other: those of one client, and with a token_store those of all processes that
/// share it. The whole call takes at most the setting timeout.
/// entity: name of the entity, such as "Lead".
/// record_json: one JSON object with the fields of the record.
/// options_json: one JSON object such as {"key": "formKey"}, with these members.
///   key: name of the field that identifies the record, or a list of names, which are one key together. Required. It can
///     be a path, such as "account.id".
///   settle: seconds to look for the record after a create of unknown outcome, since a slow server may store it late.
///     Default: 10.
///   lookup: "filter" requests a list that is filtered by the key, "scan" reads the whole list, for a server that ignores
///     the filter. Default: "filter".
/// found: receives the result; free it with egito_found_or_created_free. May be NULL.
/// Fails with EGITO_ERROR_CONFIG if a field of the key is missing or empty (setting `key`), or the server ignores the
/// filter (setting `lookup`), with EGITO_ERROR_OUTCOME_UNKNOWN if the record may have been created but was not found in
/// time, and like egito_create. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_create_once(
    client: Option<&egito_client>,
    entity: *const c_char,
    record_json: *const c_char,
    options_json: *const c_char,
    found: *mut *mut egito_found_or_created,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record = required_record("record_json", record_json)?;
        let key = required_key("options_json", options_json)?;
        let result = blocking_entity(client, entity)?.create_once(record, key)?;
        Out::optional(found).handle(egito_found_or_created::new(&result));
        Ok(())
    })
}

/// Finds the record with the key of a record. Creates it if there is none, or updates only the fields that differ.
///
/// Values are compared as servers store them: " Żubr " is "Żubr", "" is null, 7 is "7", and a time in another offset is
/// the same time. A date without a time always counts as different, since servers return it as a time in their zone.
/// Nothing is written if several records have the key. Calls with the same key wait for each other, as in
/// egito_create_once. Call it again after any error.
/// entity: name of the entity, such as "Account".
/// record_json: one JSON object with the fields of the record.
/// options_json: one JSON object such as {"key": "nip"}, with the members of egito_create_once.
/// upserted: receives the result; free it with egito_upserted_free. May be NULL.
/// Fails like egito_create_once and egito_update. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_upsert(
    client: Option<&egito_client>,
    entity: *const c_char,
    record_json: *const c_char,
    options_json: *const c_char,
    upserted: *mut *mut egito_upserted,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record = required_record("record_json", record_json)?;
        let key = required_key("options_json", options_json)?;
        let result = blocking_entity(client, entity)?.upsert(record, key)?;
        Out::optional(upserted).handle(egito_upserted::new(&result));
        Ok(())
    })
}

/// Reads one record.
///
/// entity: name of the entity, such as "Account".
/// id: id of the record, see "Ids" above.
/// record_json: receives the record as the server sent it; free it with egito_string_free.
/// Fails with EGITO_ERROR_NOT_FOUND if the record does not exist, and like every call. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_get(
    client: Option<&egito_client>,
    entity: *const c_char,
    id: *const c_char,
    record_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record_json = Out::required("record_json", record_json)?;
        let record = blocking_entity(client, entity)?.get(self::id(id)?)?;
        record_json.string(record.bytes())
    })
}

/// Reads one record as a handle, to read its values.
///
/// entity: name of the entity, such as "Account".
/// id: id of the record, see "Ids" above.
/// record: receives the record; free it with egito_record_free.
/// Fails like egito_get. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_get_record(
    client: Option<&egito_client>,
    entity: *const c_char,
    id: *const c_char,
    record: *mut *mut egito_record,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record = Out::required("record", record)?;
        record.handle(egito_record::new(blocking_entity(client, entity)?.get(self::id(id)?)?));
        Ok(())
    })
}

/// Changes the given fields of a record.
///
/// entity: name of the entity, such as "Account".
/// id: id of the record, see "Ids" above.
/// fields_json: one JSON object with the fields to change.
/// id_json: receives the id of the record; free it with egito_string_free. May be NULL.
/// Fails with EGITO_ERROR_VALIDATION if the server refuses the fields, EGITO_ERROR_NOT_FOUND if the record does not
/// exist, and like every call. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_update(
    client: Option<&egito_client>,
    entity: *const c_char,
    id: *const c_char,
    fields_json: *const c_char,
    id_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let fields = required_record("fields_json", fields_json)?;
        let id = blocking_entity(client, entity)?.update(self::id(id)?, fields)?;
        Out::optional(id_json).string(id.to_json())
    })
}

/// Deletes a record.
///
/// entity: name of the entity, such as "Account".
/// id: id of the record, see "Ids" above.
/// id_json: receives the id of the record; free it with egito_string_free. May be NULL.
/// Fails with EGITO_ERROR_NOT_FOUND if the record does not exist, and like every call. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_delete(
    client: Option<&egito_client>,
    entity: *const c_char,
    id: *const c_char,
    id_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let id = blocking_entity(client, entity)?.delete(self::id(id)?)?;
        Out::optional(id_json).string(id.to_json())
    })
}

/// Calls a custom action of the API. Like a create, it is retried only if it is certain that it was not done.
///
/// entity, action: their names, such as "Offer" and "print".
/// params_json: NULL, or one JSON object with the parameters of the action.
/// method: NULL for POST, or "GET", "POST" or "DELETE"; "GET" and "DELETE" send the parameters in the query.
/// response_json: receives the response, which may be any JSON value; free it with egito_string_free. May be NULL.
/// Fails with EGITO_ERROR_OUTCOME_UNKNOWN if the response was lost, and like every call. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_call(
    client: Option<&egito_client>,
    entity: *const c_char,
    action: *const c_char,
    params_json: *const c_char,
    method: *const c_char,
    response_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let entity = blocking_entity(client, entity)?;
        let params = Record::from_json(optional_string("params_json", params_json)?.unwrap_or("{}"))?;
        let method = optional_string("method", method)?.unwrap_or("POST").parse()?;
        let response = entity.call_with_method(required_string("action", action)?, params, method)?;
        Out::optional(response_json).string(response.bytes())
    })
}

/// Begins to list the records of an entity. Sends nothing before the first egito_cursor_next or egito_cursor_next_page.
///
/// entity: name of the entity, such as "Account".
/// options_json: NULL, or one JSON object with any of
///   {"filters": {"city": "Krakow"}, "sort": "name", "order": "desc", "limit": 100, "start": 200, "page_size": 500}
///   `limit` is the maximum number of records. `start` is the number of records of the server's list to skip.
///   With {"changes": {"since": mark}} the list has only records that were created or changed since an earlier list of
///   changes, whose egito_cursor_mark is `since`; null and {} mean all records. `by` is the field by which changes are
///   recognized (default: "lastUpdated"), `lag` for how long the server may commit a change after its time (seconds,
///   default: 300). Such a list has no `sort`, `order`, `start` and `limit`.
/// cursor: receives the cursor; free it with egito_cursor_free.
/// Fails with EGITO_ERROR_CONFIG for an invalid argument or option. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_list(
    client: Option<&egito_client>,
    entity: *const c_char,
    options_json: *const c_char,
    cursor: *mut *mut egito_cursor,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || begin(client, cursor, options_json, |_| Ok(self::entity(client, entity)?.list())))
}

/// Begins to list the entries of a dictionary, as records.
///
/// type: name of the dictionary, such as "industry".
/// options_json: NULL, or options as in egito_list.
/// cursor: receives the cursor; free it with egito_cursor_free.
/// Fails with EGITO_ERROR_CONFIG for an invalid argument or option. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_dictionary(
    client: Option<&egito_client>,
    r#type: *const c_char,
    options_json: *const c_char,
    cursor: *mut *mut egito_cursor,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        begin(client, cursor, options_json, |client| Ok(client.core.dictionary(required_string("type", r#type)?)))
    })
}

fn begin(
    client: Option<&egito_client>,
    cursor: *mut *mut egito_cursor,
    options_json: *const c_char,
    list: impl FnOnce(&egito_client) -> Result<RecordList>,
) -> Result<()> {
    let cursor = Out::required("cursor", cursor)?;
    let client = require("client", client)?;
    let mut list = list(client)?;
    if let Some(options) = optional_string("options_json", options_json)? {
        list = list.with_json(options.as_bytes())?;
    }
    cursor.handle(egito_cursor::new(list, client.response.clone())?);
    Ok(())
}

/// Returns the entity for a call that waits for the server.
pub(crate) fn blocking_entity(client: Option<&egito_client>, name: *const c_char) -> Result<Entity> {
    let entity = entity(client, name)?;
    callback::check_may_block().map(|()| entity)
}

fn entity(client: Option<&egito_client>, name: *const c_char) -> Result<Entity> {
    require("client", client)?.core.entity(required_string("entity", name)?)
}

pub(crate) fn id(id: *const c_char) -> Result<RecordId> {
    required_string("id", id).map(RecordId::from_text)
}
