//! Calls at `/services/restapi/json/{Entity}/{action}`: one file per action.

mod call;
mod create;
mod decimals;
mod delete;
mod dictionary;
mod get;
mod list;
mod update;

use serde_json::value::RawValue;

use crate::answer::{Answer, Reply};
use crate::config::{Config, IdForm};
use crate::exchange::Exchange;
use crate::fields::{Fields, to_raw};
use crate::rights;
use crate::seed::people::Right;
use crate::store::Key;
use crate::world::World;

/// The fields that belong to the server: it ignores them in what it is sent [I].
const OWN_FIELDS: [&str; 4] = ["id", "version", "dateCreated", "lastUpdated"];

type Run = fn(&mut World, &Exchange, &str) -> Reply;

pub(crate) fn answer(world: &mut World, request: &Exchange, entity: &str, action: &str) -> Reply {
    let (right, methods, run): (_, &[&str], Run) = match (entity, action) {
        ("SelectDictionary", "list") => (Some(Right::Read), &["GET", "POST"], dictionary::run),
        (_, "create") => (Some(Right::Create), &["POST"], create::run),
        (_, "get") => (Some(Right::Read), &["GET", "POST"], get::run),
        (_, "update") => (Some(Right::Update), &["POST"], update::run),
        (_, "delete") => (Some(Right::Delete), &["POST", "DELETE", "GET"], delete::run),
        (_, "list") => (Some(Right::Read), &["GET", "POST"], list::run),
        _ => (None, &["GET", "POST"], call::run),
    };
    rights::check(world, request, right).map_err(|refusal| refusal.answer(&world.config))?;
    if !methods.contains(&request.method.as_str()) {
        return Err(Answer::method_not_allowed(&methods.join(", ")));
    }
    run(world, request, entity)
}

/// The id that a request names, in its query or its body.
fn key(world: &World, request: &Exchange) -> Result<Key, Answer> {
    let text = request.param(&world.config.id_param).filter(|text| !text.is_empty());
    text.map(|text| Key::of(&text)).ok_or_else(|| Answer::bad_request("no id was given"))
}

/// The fields of a record that was sent, as the server's data binding takes them.
fn sent_fields(world: &World, request: &Exchange, entity: &str) -> Result<Fields, Answer> {
    let mut fields = request.fields()?.cleaned(world.config.time_zone);
    for name in OWN_FIELDS {
        fields.remove(name);
    }
    decimals::read(&world.config, request, entity, &mut fields)?;
    Ok(fields)
}

/// Required fields that a record lacks.
fn missing_fields(world: &World, entity: &str, record: &Fields) -> Vec<String> {
    let required = world.required.get(entity).map(Vec::as_slice).unwrap_or_default();
    let is_missing = |field: &&String| record.get(field).is_none_or(|value| value.get() == "null");
    required.iter().filter(is_missing).cloned().collect()
}

/// The answer to a change: the id of the record.
fn id_answer(config: &Config, key: &Key) -> Answer {
    Answer::json(200, format!(r#"{{"id":{}}}"#, id_in_form(config, &to_raw(key))))
}

/// An id as the config wants ids written.
fn id_in_form(config: &Config, id: &RawValue) -> Box<RawValue> {
    match config.id_form {
        IdForm::String if id.get().starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
            to_raw(id.get())
        }
        _ => id.to_owned(),
    }
}

/// A stored record as it goes out. Mostly that is how it is stored, so nothing is parsed then.
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
