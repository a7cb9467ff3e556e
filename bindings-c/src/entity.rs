//! What is done to the records of an entity.

use crate::callback;
use crate::client::egito_client;
use crate::cursor::egito_cursor;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, optional_text, text};
use crate::handle::needed;
use crate::record::egito_record;
use egito_core::blocking::{Entity, RecordList};
use egito_core::{Record, RecordId, Result};
use std::ffi::c_char;

/// Checks an entity's name, as every call does. Nothing is sent.
///
/// For wrappers whose entity objects shall fail when they are made and not at their first call.
///
/// entity: the entity's name, such as "Account".
/// Fails with EGITO_ERROR_CONFIG if no entity can have this name. Any number of threads at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_check_entity(
    client: Option<&egito_client>,
    entity: *const c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || self::entity(client, entity).map(drop))
}

/// Saves a new record and gives its id. Sent again only where it surely was not done.
///
/// entity: the entity's name, such as "Account".
/// record_json: one JSON object with the record's fields.
/// id_json: receives the new id; free it with egito_string_free. NULL where you do not want it.
/// Fails with EGITO_ERROR_VALIDATION where the server refuses the record, EGITO_ERROR_OUTCOME_UNKNOWN where its answer was
/// lost, EGITO_ERROR_CONFIG for a wrong argument, and as every call. Any number of threads at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_create(
    client: Option<&egito_client>,
    entity: *const c_char,
    record_json: *const c_char,
    id_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record = Record::from_json(text("record_json", record_json)?)?;
        let id = reachable(client, entity)?.create(record)?;
        Out::optional(id_json).text(id.to_json())
    })
}

/// Reads one record.
///
/// entity: the entity's name, such as "Account".
/// id: the record's id, see "Ids" above.
/// record_json: receives the record as the server wrote it; free it with egito_string_free.
/// Fails with EGITO_ERROR_NOT_FOUND where there is no such record, and as every call. Any number of threads at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_get(
    client: Option<&egito_client>,
    entity: *const c_char,
    id: *const c_char,
    record_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record_json = Out::needed("record_json", record_json)?;
        let record = reachable(client, entity)?.get(self::id(id)?)?;
        record_json.text(record.bytes())
    })
}

/// Reads one record, to read values from it.
///
/// entity: the entity's name, such as "Account".
/// id: the record's id, see "Ids" above.
/// record: receives the record; free it with egito_record_free.
/// Fails as egito_get does. Any number of threads at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_get_record(
    client: Option<&egito_client>,
    entity: *const c_char,
    id: *const c_char,
    record: *mut *mut egito_record,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let record = Out::needed("record", record)?;
        record.handle(egito_record::new(reachable(client, entity)?.get(self::id(id)?)?));
        Ok(())
    })
}

/// Changes the given fields of a record.
///
/// entity: the entity's name, such as "Account".
/// id: the record's id, see "Ids" above.
/// fields_json: one JSON object with the fields that change.
/// id_json: receives the record's id; free it with egito_string_free. NULL where you do not want it.
/// Fails with EGITO_ERROR_VALIDATION where the server refuses the fields, EGITO_ERROR_NOT_FOUND where there is no such
/// record, and as every call. Any number of threads at a time.
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
        let fields = Record::from_json(text("fields_json", fields_json)?)?;
        let id = reachable(client, entity)?.update(self::id(id)?, fields)?;
        Out::optional(id_json).text(id.to_json())
    })
}

/// Deletes a record.
///
/// entity: the entity's name, such as "Account".
/// id: the record's id, see "Ids" above.
/// id_json: receives the record's id; free it with egito_string_free. NULL where you do not want it.
/// Fails with EGITO_ERROR_NOT_FOUND where there is no such record, and as every call. Any number of threads at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_delete(
    client: Option<&egito_client>,
    entity: *const c_char,
    id: *const c_char,
    id_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let id = reachable(client, entity)?.delete(self::id(id)?)?;
        Out::optional(id_json).text(id.to_json())
    })
}

/// Calls any other action of the API. It is sent once, since nobody knows whether it may be repeated.
///
/// entity, action: their names, such as "Offer" and "print".
/// params_json: NULL, or one JSON object with the action's parameters.
/// method: NULL for POST, or "GET", "POST" or "DELETE"; all but POST send the parameters in the query.
/// answer_json: receives the answer, whatever JSON it is; free it with egito_string_free. NULL where you do not want it.
/// Fails with EGITO_ERROR_OUTCOME_UNKNOWN where the answer was lost, and as every call. Any number of threads at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_call(
    client: Option<&egito_client>,
    entity: *const c_char,
    action: *const c_char,
    params_json: *const c_char,
    method: *const c_char,
    answer_json: *mut *mut c_char,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let entity = reachable(client, entity)?;
        let params = Record::from_json(optional_text("params_json", params_json)?.unwrap_or("{}"))?;
        let method = optional_text("method", method)?.unwrap_or("POST").parse()?;
        let answer = entity.call_with_method(text("action", action)?, params, method)?;
        Out::optional(answer_json).text(answer.bytes())
    })
}

/// Begins to list an entity's records. Nothing is sent before the first egito_cursor_next or egito_cursor_next_page.
///
/// entity: the entity's name, such as "Account".
/// options_json: NULL, or one JSON object with any of
///   {"filters": {"city": "Krakow"}, "sort": "name", "order": "desc", "limit": 100, "start": 200, "page_size": 500}
///   The list ends after `limit` records and begins behind the first `start` rows of the server's list.
/// cursor: receives the cursor; free it with egito_cursor_free.
/// Fails with EGITO_ERROR_CONFIG for a wrong argument or option. Any number of threads at a time.
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
/// type: the dictionary's name, such as "industry".
/// options_json: NULL, or options as in egito_list.
/// cursor: receives the cursor; free it with egito_cursor_free.
/// Fails with EGITO_ERROR_CONFIG for a wrong argument or option. Any number of threads at a time.
#[unsafe(no_mangle)]
pub extern "C" fn egito_dictionary(
    client: Option<&egito_client>,
    r#type: *const c_char,
    options_json: *const c_char,
    cursor: *mut *mut egito_cursor,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || begin(client, cursor, options_json, |client| Ok(client.core.dictionary(text("type", r#type)?))))
}

fn begin(
    client: Option<&egito_client>,
    cursor: *mut *mut egito_cursor,
    options_json: *const c_char,
    list: impl FnOnce(&egito_client) -> Result<RecordList>,
) -> Result<()> {
    let cursor = Out::needed("cursor", cursor)?;
    let client = needed("client", client)?;
    let mut list = list(client)?;
    if let Some(options) = optional_text("options_json", options_json)? {
        list = list.with_json(options.as_bytes())?;
    }
    cursor.handle(egito_cursor::new(list, client.response.clone())?);
    Ok(())
}

/// The entity, for a call that waits for the server.
pub(crate) fn reachable(client: Option<&egito_client>, name: *const c_char) -> Result<Entity> {
    let entity = entity(client, name)?;
    callback::may_wait().map(|()| entity)
}

fn entity(client: Option<&egito_client>, name: *const c_char) -> Result<Entity> {
    needed("client", client)?.core.entity(text("entity", name)?)
}

pub(crate) fn id(id: *const c_char) -> Result<RecordId> {
    text("id", id).map(RecordId::from_text)
}
