//! `records`: the stored records, also those that no action sees yet; changes are those of a user in the CRM.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query as UrlQuery, State as Shared};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::{CommandError, CommandResult, done, parse};
use crate::action;
use crate::crm::Crm;
use crate::fields::{Fields, number};
use crate::lock::lock;
use crate::response::Response;
use crate::state::State;
use crate::store::{Key, Order, Query};

/// The part of an entity's records to return; by default all of them.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Part {
    /// Text that a value of the record contains, in upper or lower case.
    search: String,
    offset: usize,
    limit: usize,
}

/// Returns the number of records of each entity.
pub(super) async fn count(Shared(state): Shared<Arc<State>>) -> CommandResult {
    let entities = lock(&state.crm).store.entities()?;
    let counts = entities.iter().fold(Fields::default(), |mut counts, (entity, count)| {
        counts.set(entity, number(*count));
        counts
    });
    Ok(Response::of(200, &counts))
}

/// Returns the records of an entity. The header `Total-Count` has the number of records that match.
pub(super) async fn list(
    Shared(state): Shared<Arc<State>>,
    Path(entity): Path<String>,
    part: Result<UrlQuery<Part>, QueryRejection>,
) -> CommandResult {
    let UrlQuery(part) = part.map_err(|rejection| CommandError(rejection.body_text()))?;
    let search = part.search.to_lowercase();
    let (mut total, mut rows) = (0, String::from("["));
    let mut add = |stored: &str| {
        if !contains(stored, &search) {
            return;
        }
        if total >= part.offset && total - part.offset < part.limit {
            if rows.len() > 1 {
                rows.push(',');
            }
            rows.push_str(stored);
        }
        total += 1;
    };
    let mut crm = lock(&state.crm);
    crm.store.each(&entity, &Query { order: Order::Natural, ..Query::default() }, &mut add)?;
    crm.store.uncommitted(&entity).for_each(&mut add);
    drop(crm);
    rows.push(']');
    Ok(Response::json(200, rows).with_header("Total-Count", total.to_string()))
}

/// Creates a record, and returns its id.
pub(super) async fn create(
    Shared(state): Shared<Arc<State>>,
    Path(entity): Path<String>,
    body: Bytes,
) -> CommandResult {
    let mut crm = lock(&state.crm);
    let record = action::bound_fields(&crm, &entity, &parse(&body)?)?;
    check_required(&crm, &entity, &record)?;
    let id = action::create(&mut crm, &entity, record)?;
    Ok(Response::keyed(200, "id", &id))
}

/// Changes the given fields of a record.
pub(super) async fn update(
    Shared(state): Shared<Arc<State>>,
    Path((entity, id)): Path<(String, String)>,
    body: Bytes,
) -> CommandResult {
    let (key, mut crm) = (Key::of(&id), lock(&state.crm));
    let Some(stored) = crm.store.get(&entity, &key)? else { return Ok(no_such_record(&entity, &key)) };
    let sent = action::bound_fields(&crm, &entity, &parse(&body)?)?;
    let mut record = Fields::parse(&stored)?;
    sent.iter().for_each(|(name, value)| record.set(name, value.to_owned()));
    check_required(&crm, &entity, &record)?;
    action::update(&mut crm, &entity, &key, &sent)?;
    Ok(Response::keyed(200, "id", &key))
}

/// Deletes a record.
pub(super) async fn delete(
    Shared(state): Shared<Arc<State>>,
    Path((entity, id)): Path<(String, String)>,
) -> CommandResult {
    let key = Key::of(&id);
    let existed = lock(&state.crm).store.delete(&entity, &key)?;
    Ok(if existed { done() } else { no_such_record(&entity, &key) })
}

fn check_required(crm: &Crm, entity: &str, record: &Fields) -> Result<(), CommandError> {
    let missing = action::missing_fields(crm, entity, record);
    if missing.is_empty() {
        return Ok(());
    }
    Err(CommandError(format!("missing required fields: {}", missing.join(", "))))
}

fn no_such_record(entity: &str, key: &Key) -> Response {
    Response::keyed(404, "error", &format!("{entity} has no record {key}"))
}

/// Returns whether a value of the record contains the text, which is in lower case.
fn contains(stored: &str, search: &str) -> bool {
    // Escaped letters are found only in the parsed record; the other records need not be parsed.
    let may_contain = search.is_empty() || stored.contains('\\') || stored.to_lowercase().contains(search);
    may_contain && (search.is_empty() || serde_json::from_str(stored).is_ok_and(|record| has_text(&record, search)))
}

fn has_text(value: &Value, search: &str) -> bool {
    match value {
        Value::Object(fields) => fields.values().any(|value| has_text(value, search)),
        Value::Array(elements) => elements.iter().any(|value| has_text(value, search)),
        Value::String(text) => text.to_lowercase().contains(search),
        other => other.to_string().contains(search),
    }
}

/// The server refused the fields of a record.
impl From<Response> for CommandError {
    fn from(refusal: Response) -> Self {
        Self(String::from_utf8_lossy(&refusal.body).into_owned())
    }
}

impl Default for Part {
    fn default() -> Self {
        Self { search: String::new(), offset: 0, limit: usize::MAX }
    }
}
