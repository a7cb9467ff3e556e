//! The ids of an entity, and which records were deleted.

use crate::client::egito_client;
use crate::entity::blocking_entity;
use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::{Out, strings, without_nul};
use crate::handle::{Handle, HandleTag, free, handle, if_live};
use crate::panic::infallible;
use egito_core::RecordId;
use std::ffi::{CString, c_char};
use std::ptr::null;

/// A list of ids. Immutable and thread-safe.
pub struct egito_id_list {
    tag: HandleTag,
    ids: Vec<CString>,
}
handle!(egito_id_list, b"e_idlist");

impl egito_id_list {
    fn new(ids: &[RecordId]) -> Self {
        Self { tag: HandleTag::new(Self::TAG), ids: ids.iter().map(|id| without_nul(&id.to_json())).collect() }
    }
}

/// Reads the ids of all records. The server sends whole records, of which nothing is kept.
///
/// entity: name of the entity, such as "Account".
/// ids: receives the ids; free them with egito_id_list_free.
/// Fails like egito_cursor_next. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_ids(
    client: Option<&egito_client>,
    entity: *const c_char,
    ids: *mut *mut egito_id_list,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let ids = Out::required("ids", ids)?;
        ids.handle(egito_id_list::new(&blocking_entity(client, entity)?.ids()?));
        Ok(())
    })
}

/// Finds those of the given ids whose records do not exist any more, each once, in the given order.
///
/// Reads the ids of the list, and then requests each record that the list lacks: one that still exists is never
/// returned, even if the list changes meanwhile. A few ids are requested without reading the list. A server may need a
/// moment until it finds a record that was just created, so do not pass ids of the last seconds.
/// entity: name of the entity, such as "Account".
/// known_ids: array of ids, see "Ids" above. NULL if there are none.
/// count: number of these ids.
/// deleted: receives the ids; free them with egito_id_list_free.
/// Fails like egito_cursor_next and egito_get. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_deleted(
    client: Option<&egito_client>,
    entity: *const c_char,
    known_ids: *const *const c_char,
    count: usize,
    deleted: *mut *mut egito_id_list,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let deleted = Out::required("deleted", deleted)?;
        let known: Vec<RecordId> =
            strings("known_ids", known_ids, count)?.into_iter().map(RecordId::from_text).collect();
        deleted.handle(egito_id_list::new(&blocking_entity(client, entity)?.deleted(known)?));
        Ok(())
    })
}

/// Returns the number of ids; 0 if ids is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_id_list_count(ids: Option<&egito_id_list>) -> usize {
    infallible(0, || if_live(ids).map_or(0, |ids| ids.ids.len()))
}

/// Returns an id as JSON; NULL if index is not smaller than egito_id_list_count, and if ids is NULL.
///
/// Do not free the string: it belongs to the list. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_id_list_id_json(ids: Option<&egito_id_list>, index: usize) -> *const c_char {
    infallible(null(), || if_live(ids).and_then(|ids| ids.ids.get(index)).map_or(null(), |id| id.as_ptr()))
}

/// Frees a list of ids. NULL is allowed. Any thread, after all other uses of the list.
#[unsafe(no_mangle)]
pub extern "C" fn egito_id_list_free(ids: *mut egito_id_list) {
    infallible((), || free(ids));
}
