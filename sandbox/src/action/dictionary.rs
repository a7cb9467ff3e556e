//! `SelectDictionary/list?type=…`: lists the entries of a dictionary, like any other list [D].

use super::list::{page, query};
use crate::crm::Crm;
use crate::request::Request;
use crate::response::{ActionResult, Response};
use crate::seed;

pub(super) fn run(crm: &mut Crm, request: &Request, _entity: &str) -> ActionResult {
    let mut params = request.params();
    let index = params.iter().position(|(name, _)| name == "type");
    let (_, kind) =
        index.map(|index| params.remove(index)).ok_or_else(|| Response::bad_request("missing parameter `type`"))?;
    page(crm, &seed::dictionary_entity(&kind), &query(&crm.config, params))
}
