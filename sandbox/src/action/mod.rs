//! Actions at `/services/restapi/json/{Entity}/{action}`, one file each.

mod call;
mod create;
mod decimals;
mod delete;
mod dictionary;
mod get;
mod list;
mod update;

use serde_json::value::RawValue;

use crate::config::{BodyFormat, Config, IdForm};
use crate::crm::Crm;
use crate::fields::{Fields, to_raw};
use crate::request::{ParsedBody, Request};
use crate::response::{ActionResult, Response};
use crate::rights;
use crate::seed::people::Right;
use crate::store::Key;

/// Fields that the server sets itself, and ignores in requests [I].
const OWN_FIELDS: [&str; 4] = ["id", "version", "dateCreated", "lastUpdated"];

pub(crate) use create::create;
pub(crate) use update::update;

type Run = fn(&mut Crm, &Request, &str) -> ActionResult;

pub(crate) fn run(crm: &mut Crm, request: &Request, entity: &str, name: &str) -> ActionResult {
    let (right, methods, action): (_, &[&str], Run) = match (entity, name) {
        ("SelectDictionary", "list") => (Some(Right::Read), &["GET", "POST"], dictionary::run),
        (_, "create") => (Some(Right::Create), &["POST"], create::run),
        (_, "get") => (Some(Right::Read), &["GET", "POST"], get::run),
        (_, "update") => (Some(Right::Update), &["POST"], update::run),
        (_, "delete") => (Some(Right::Delete), &["POST", "DELETE", "GET"], delete::run),
        (_, "list") => (Some(Right::Read), &["GET", "POST"], list::run),
        _ => (None, &["GET", "POST"], call::run),
    };
    rights::check(crm, request, right).map_err(|refusal| refusal.response(&crm.config))?;
    if !methods.contains(&request.method.as_str()) {
        return Err(Response::method_not_allowed(&methods.join(", ")));
    }
    action(crm, request, entity)
}

/// Returns the id in the query or the body of a request.
fn key(crm: &Crm, request: &Request) -> Result<Key, Response> {
    let text = request.param(&crm.config.id_param).filter(|text| !text.is_empty());
    text.map(|text| Key::of(&text)).ok_or_else(|| Response::bad_request("no id was given"))
}

/// Returns the fields of a record that was sent, as the server's data binding reads them.
fn sent_fields(crm: &Crm, request: &Request, entity: &str) -> Result<Fields, Response> {
    let is_read = match crm.config.body {
        BodyFormat::Any => true,
        BodyFormat::Json => !matches!(request.parsed, ParsedBody::Form(_)),
        BodyFormat::Form => !matches!(request.parsed, ParsedBody::Json(_)),
    };
    bound_fields(crm, entity, &if is_read { request.fields()? } else { Fields::default() })
}

/// Returns the fields that the server's data binding reads from those of a request.
pub(crate) fn bound_fields(crm: &Crm, entity: &str, fields: &Fields) -> Result<Fields, Response> {
    let mut fields = fields.normalized(crm.config.time_zone);
    for name in OWN_FIELDS {
        fields.remove(name);
    }
    decimals::read(&crm.config, entity, &mut fields)?;
    Ok(fields)
}

/// Returns the required fields that a record does not have.
pub(crate) fn missing_fields(crm: &Crm, entity: &str, record: &Fields) -> Vec<String> {
    let required = crm.required.get(entity).map(Vec::as_slice).unwrap_or_default();
    let is_missing = |field: &&String| record.get(field).is_none_or(|value| value.get() == "null");
    required.iter().filter(is_missing).cloned().collect()
}

/// Returns the response to a write: the id of the record.
fn id_response(config: &Config, key: &Key) -> Response {
    Response::json(200, format!(r#"{{"id":{}}}"#, id_in_form(config, &to_raw(key))))
}

/// Returns an id in the configured form.
fn id_in_form(config: &Config, id: &RawValue) -> Box<RawValue> {
    match config.id_form {
        IdForm::String if id.get().starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
            to_raw(id.get())
        }
        _ => id.to_owned(),
    }
}

/// Writes a stored record with its id in the configured form. By default the record is not parsed.
fn write_record(config: &Config, stored: &str, out: &mut String) {
    if config.id_form == IdForm::Number {
        return out.push_str(stored);
    }
    let Ok(mut fields) = Fields::parse(stored) else { return out.push_str(stored) };
    if let Some(id) = fields.get("id").map(|id| id_in_form(config, id)) {
        fields.set("id", id);
    }
    out.push_str(&fields.to_json());
}
