//! Any other action: the sandbox does not know what it does, and says what it was asked.

use crate::answer::{Answer, Reply};
use crate::exchange::{Content, Exchange};
use crate::fields::{Fields, to_raw};
use crate::world::World;

pub(super) fn run(_world: &mut World, request: &Exchange, entity: &str) -> Reply {
    let action = request.path.rsplit('/').next().unwrap_or_default();
    let mut echo = Fields::default();
    echo.set("entity", to_raw(entity));
    echo.set("action", to_raw(action));
    echo.set("params", params(request)?);
    Ok(Answer::json(200, echo.to_json()))
}

/// Query and body together; a JSON body that is no object is handed back as it is.
fn params(request: &Exchange) -> Result<Box<serde_json::value::RawValue>, Answer> {
    if let Content::Json(json) = &request.content
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
