//! `update`: changes the fields that were sent, and no others [A].

use super::{id_response, key, missing_fields, sent_fields};
use crate::crm::Crm;
use crate::fields::{Fields, number, to_raw};
use crate::request::Request;
use crate::response::{ActionResult, Response, not_found, validation_failure};
use crate::store::Key;

pub(super) fn run(crm: &mut Crm, request: &Request, entity: &str) -> ActionResult {
    let key = key(crm, request)?;
    let mut changes = sent_fields(crm, request, entity)?;
    changes.remove(&crm.config.id_param);
    update(crm, entity, &key, &changes)?;
    Ok(id_response(&crm.config, &key))
}

/// Changes the given fields of a record.
pub(crate) fn update(crm: &mut Crm, entity: &str, key: &Key, changes: &Fields) -> Result<(), Response> {
    let stored = crm.store.get(entity, key)?.ok_or_else(|| not_found(&crm.config, entity, key))?;
    let mut record = Fields::parse(&stored).map_err(|error| Response::bad_request(&error.to_string()))?;
    for (name, value) in changes.iter() {
        record.set(name, value.to_owned());
    }
    let missing = missing_fields(crm, entity, &record);
    if !missing.is_empty() {
        return Err(validation_failure(&crm.config, entity, &missing));
    }
    let version = record.get("version").and_then(|value| value.get().parse::<i64>().ok()).unwrap_or_default();
    record.set("version", number(version.saturating_add(1)));
    record.set("lastUpdated", to_raw(&crm.timestamp()));
    crm.store.put(entity, key, &record.to_json())?;
    Ok(())
}
