//! `delete`: removes a record. Its path is assumed by analogy [A].

use super::{id_response, key};
use crate::crm::Crm;
use crate::request::Request;
use crate::response::{ActionResult, not_found};

pub(super) fn run(crm: &mut Crm, request: &Request, entity: &str) -> ActionResult {
    let key = key(crm, request)?;
    if crm.store.delete(entity, &key)? {
        Ok(id_response(&crm.config, &key))
    } else {
        Err(not_found(&crm.config, entity, &key))
    }
}
