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
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Part {
    /// Text that a value of the record contains, in upper or lower case.
    search: String,
    offset: u64,
    limit: Option<u64>,
}

/// Number of records that a search reads at once, so that requests to the CRM do not wait for its end.
const CHUNK: u64 = 1000;

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
    let (rows, total) = if part.search.is_empty() {
        page(&mut lock(&state.crm), &entity, &part)?
    } else {
        search(&state, &entity, &part).await?
    };
    Ok(Response::json(200, format!("[{}]", rows.join(","))).with_header("Total-Count", total.to_string()))
}

/// Returns records, and the number of all records of the entity.
fn page(crm: &mut Crm, entity: &str, part: &Part) -> rusqlite::Result<(Vec<String>, u64)> {
    let mut rows = Vec::new();
    let query = Query { order: Order::Natural, limit: part.limit, offset: part.offset, ..Query::default() };
    let stored = u64::try_from(crm.store.count(entity, &query)?).unwrap_or_default();
    crm.store.each(entity, &query, |record| rows.push(record.to_owned()))?;
    let uncommitted: Vec<_> = crm.store.uncommitted(entity).map(str::to_owned).collect();
    let total = stored + uncommitted.len() as u64;
    let new = uncommitted.into_iter().zip(stored..).filter(|(_, position)| part.contains(*position));
    rows.extend(new.map(|(record, _)| record));
    Ok((rows, total))
}

/// Returns records that contain the text, and the number of all records that do.
async fn search(state: &State, entity: &str, part: &Part) -> rusqlite::Result<(Vec<String>, u64)> {
    let text = part.search.to_lowercase();
    let (mut rows, mut total) = (Vec::new(), 0);
    for start in (0..).step_by(usize::try_from(CHUNK).unwrap_or(usize::MAX)) {
        let chunk = Part { offset: start, limit: Some(CHUNK), ..Part::default() };
        let (records, stored) = page(&mut lock(&state.crm), entity, &chunk)?;
        for record in records.into_iter().filter(|record| contains(record, &text)) {
            if part.contains(total) {
                rows.push(record);
            }
            total += 1;
        }
        if start + CHUNK >= stored {
            break;
        }
        tokio::task::yield_now().await;
    }
    Ok((rows, total))
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
fn contains(stored: &str, text: &str) -> bool {
    // Escaped letters are found only in the parsed record; the other records need not be parsed.
    let may_contain = stored.contains('\\') || stored.to_lowercase().contains(text);
    may_contain && serde_json::from_str(stored).is_ok_and(|record| has_text(&record, text))
}

fn has_text(value: &Value, text: &str) -> bool {
    match value {
        Value::Object(fields) => fields.values().any(|value| has_text(value, text)),
        Value::Array(elements) => elements.iter().any(|value| has_text(value, text)),
        Value::String(string) => string.to_lowercase().contains(text),
        other => other.to_string().contains(text),
    }
}

/// The server refused the fields of a record.
impl From<Response> for CommandError {
    fn from(refusal: Response) -> Self {
        Self(String::from_utf8_lossy(&refusal.body).into_owned())
    }
}

impl Part {
    /// Returns whether the part has the record at a position.
    fn contains(&self, position: u64) -> bool {
        position >= self.offset && self.limit.is_none_or(|limit| position - self.offset < limit)
    }
}
