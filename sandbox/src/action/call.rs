//! Custom actions. The sandbox does not know what they do, and returns the request's parameters.

use crate::crm::Crm;
use crate::fields::{Fields, to_raw};
use crate::request::{ParsedBody, Request};
use crate::response::{ActionResult, Response};

pub(super) fn run(_crm: &mut Crm, request: &Request, entity: &str) -> ActionResult {
    let action = request.path.rsplit('/').next().unwrap_or_default();
    let mut echo = Fields::default();
    echo.set("entity", to_raw(entity));
    echo.set("action", to_raw(action));
    echo.set("params", params(request)?);
    Ok(Response::json(200, echo.to_json()))
}

/// Returns query and body together. A JSON body that is not an object is returned as it is.
fn params(request: &Request) -> Result<Box<serde_json::value::RawValue>, Response> {
    if let ParsedBody::Json(json) = &request.parsed
        && !json.get().starts_with('{')
    {
        return Ok(json.clone());
    }
    let mut params = request.query.to_fields();
    for (name, value) in request.fields()?.iter() {
        params.set(name, value.to_owned());
    }
    params.remove("access_token");
    Ok(to_raw(&params))
}
