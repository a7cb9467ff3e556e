//! `get`: returns a record by its id.

use super::{key, write_record};
use crate::crm::Crm;
use crate::request::Request;
use crate::response::{ActionResult, Response, not_found};

pub(super) fn run(crm: &mut Crm, request: &Request, entity: &str) -> ActionResult {
    let key = key(crm, request)?;
    let stored = crm.store.get(entity, &key)?.ok_or_else(|| not_found(&crm.config, entity, &key))?;
    let mut body = String::with_capacity(stored.len());
    write_record(&crm.config, &stored, &mut body);
    Ok(Response::json(200, body))
}
