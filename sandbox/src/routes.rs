//! Routes requests to the part of the CRM that handles them.

use crate::action;
use crate::crm::Crm;
use crate::oauth;
use crate::request::Request;
use crate::response::{ActionResult, Response};
use crate::target::Target;

/// Does what the request asks for, and returns the real response, before any fault.
pub(crate) fn dispatch(crm: &mut Crm, request: &Request) -> ActionResult {
    match &request.target {
        Target::Login => oauth::login(crm, request),
        Target::Call { entity, action } => action::run(crm, request, entity, action),
        Target::Unknown => Err(Response::no_such_page()),
    }
}
