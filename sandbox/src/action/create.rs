//! `create`: stores a new record with the next id.

use super::{id_response, missing_fields, sent_fields};
use crate::crm::Crm;
use crate::fields::{Fields, number, to_raw};
use crate::request::Request;
use crate::response::{ActionResult, Response, validation_failure};
use crate::store::Key;

pub(super) fn run(crm: &mut Crm, request: &Request, entity: &str) -> ActionResult {
    let record = sent_fields(crm, request, entity)?;
    let id = create(crm, entity, record)?;
    Ok(id_response(&crm.config, &id))
}

/// Stores a new record. Returns its id.
pub(crate) fn create(crm: &mut Crm, entity: &str, mut record: Fields) -> Result<Key, Response> {
    let missing = missing_fields(crm, entity, &record);
    if !missing.is_empty() {
        return Err(validation_failure(&crm.config, entity, &missing));
    }
    let id = crm.store.next_id(entity)?;
    let now = to_raw(&crm.timestamp());
    record.set_first("id", number(id));
    record.set("version", number(0));
    record.set("dateCreated", now.clone());
    record.set("lastUpdated", now);
    store(crm, entity, id, record.to_json())?;
    Ok(Key::Number(id))
}

/// Stores a new record, now or after the response.
fn store(crm: &mut Crm, entity: &str, id: i64, body: String) -> rusqlite::Result<()> {
    let delay = crm.config.commit_delay();
    if delay.is_zero() {
        return crm.store.put(entity, &Key::Number(id), &body);
    }
    crm.store.put_later(crm.clock.now() + delay.as_secs_f64(), entity, id, body);
    Ok(())
}
