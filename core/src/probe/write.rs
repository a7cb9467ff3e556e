//! Creates, changes and deletes one marked test record, if the caller asked for it.
//!
//! A create that may have been done is never sent again. A probe that is cancelled deletes its record.

use super::prober::Prober;
use super::record::read;
use super::text::text;
use super::time_zone;
use crate::call::{Action, Params};
use crate::cancellation::CancellationToken;
use crate::envelope::ParsedResponse;
use crate::error::{Code, Error, Outcome, Result};
use crate::id::RecordId;
use crate::record::Record;
use crate::settings::{BodyFormat, Method};
use serde_json::json;
use std::time::Duration;

/// A new record can be invisible for a moment. It is read so many times, which takes 10 s if it stays so.
const READS: u32 = 8;

const FIRST_PAUSE: Duration = Duration::from_millis(300);

const MAX_PAUSE: Duration = Duration::from_secs(2);

/// Runs the checks of writes. Once the probe is cancelled, the test record is only deleted.
pub(super) async fn check(prober: &mut Prober, cancellation: &CancellationToken) {
    let Some(entity) = prober.options.write.clone().filter(|_| !cancellation.is_cancelled()) else { return };
    let marker = marker(prober);
    let given = prober.options.record.clone();
    let record = given.unwrap_or_else(|| record(&json!({"name": marker, "lastName": marker})));
    prober.test_record = Some((entity.clone(), record.clone()));
    let created = create(prober, &entity, &record).await;
    match created {
        Ok(id) => {
            let message = "created one record";
            let is_form = prober.settings.body == BodyFormat::Form;
            prober.ok("write_create", if is_form { "created one record, as a form" } else { message });
            let is_visible = tokio::select! {
                biased;
                () = cancellation.cancelled() => false,
                is_visible = update(prober, &entity, &id, &record) => is_visible,
            };
            delete(prober, &entity, &id, &marker, is_visible).await;
        }
        Err(error) => create_failed(prober, &error, &marker),
    }
}

/// Returns the text of the test record, which a person can search for.
fn marker(prober: &Prober) -> String {
    let number = prober.clock().random().to_bits() % 1_000_000;
    format!("Egito SDK probe {number:06} (can be deleted)")
}

fn record(json: &serde_json::Value) -> Record {
    Record::from_validated(json.to_string().into())
}

/// Creates the record as JSON, or as a form if the server refuses the JSON.
async fn create(prober: &mut Prober, entity: &str, record: &Record) -> Result<RecordId> {
    let first = match send(prober, entity, Action::Create, Method::Post, None, Some(record)).await {
        Err(error) if is_refused(&error) => error,
        result => return result.and_then(required_id),
    };
    let own = prober.settings.body;
    prober.settings.body = if own == BodyFormat::Json { BodyFormat::Form } else { BodyFormat::Json };
    match send(prober, entity, Action::Create, Method::Post, None, Some(record)).await {
        Err(error) if is_refused(&error) => {
            prober.settings.body = own;
            Err(first)
        }
        result => result.and_then(required_id),
    }
}

fn required_id(id: Option<RecordId>) -> Result<RecordId> {
    id.ok_or_else(|| Error::new(Code::UnexpectedResponse, "the response to a create has no id"))
}

/// Returns whether the server has certainly not created the record, and might read another format.
fn is_refused(error: &Error) -> bool {
    error.outcome() == Some(Outcome::Rejected) && matches!(error.code(), Code::Validation | Code::UnexpectedResponse)
}

fn create_failed(prober: &mut Prober, error: &Error, marker: &str) {
    if matches!(error.outcome(), Some(Outcome::NotSent | Outcome::Rejected)) {
        prober.test_record = None;
    }
    let form = error
        .details()
        .errors
        .first()
        .map(|first| if first.field.is_some() { "fields and messages" } else { "messages" });
    if let Some(form) = form {
        prober.fact("errors_form", form);
        prober.fact("errors_status", error.details().status);
    }
    let check = prober.failed("write_create", error);
    match error.code() {
        Code::Validation => {
            check.advise("Pass the fields that the entity requires as the option `record` of the probe.");
        }
        Code::OutcomeUnknown => check.advise(text!("Search for \"{}\" in Egito, and delete it.", marker)),
        _ => {}
    }
    prober.stop("no test record was created");
}

/// Changes one field, and checks that the others keep their values. Returns whether the record could be read before.
async fn update(prober: &mut Prober, entity: &str, id: &RecordId, sent: &Record) -> bool {
    let Some(before) = read_new(prober, entity, id).await else {
        prober
            .warning("write_update", "the new record could not be read")
            .advise("A record that was just created may not be visible yet.");
        return false;
    };
    update_visible(prober, entity, id, sent, &before).await;
    true
}

async fn update_visible(prober: &mut Prober, entity: &str, id: &RecordId, sent: &Record, before: &Record) {
    let shown = time_zone::of_new_record(sent, before, prober.clock().system_time());
    prober.zone = prober.zone.take().or(shown);
    let Some(field) = text_field(sent, before) else {
        prober.unknown("write_update", "the test record has no text that the server returns");
        return;
    };
    let changed = format!("{} 2", field.1);
    let fields = record(&json!({&field.0: changed}));
    if let Err(error) = send(prober, entity, Action::Update, Method::Post, Some(id), Some(&fields)).await {
        prober.failed("write_update", &error);
        return;
    }
    match read(prober, entity, id).await {
        Ok(after) if after.raw(&field.0) != Some(&json!(changed).to_string()) => {
            prober.problem("write_update", "the server accepted the update, but did not change the field");
        }
        Ok(after) if loses_fields(before, &after) => {
            prober
                .problem("write_update", "an update empties the fields that it does not contain")
                .advise("Send whole records in updates.");
        }
        Ok(_) => drop(prober.ok("write_update", "changes only the fields that are sent")),
        Err(error) => drop(prober.failed("write_update", &error)),
    }
}

/// Reads a record that was just created, which some servers show only after a moment.
async fn read_new(prober: &mut Prober, entity: &str, id: &RecordId) -> Option<Record> {
    let mut pause = FIRST_PAUSE;
    for _ in 1..READS {
        match read(prober, entity, id).await {
            Ok(record) => return Some(record),
            Err(error) if error.code() == Code::NotFound => prober.clock().sleep(pause).await,
            Err(_) => return None,
        }
        pause = MAX_PAUSE.min(pause * 2);
    }
    read(prober, entity, id).await.ok()
}

/// Returns a text field of the test record that the server has stored.
fn text_field(sent: &Record, stored: &Record) -> Option<(String, String)> {
    let sent: serde_json::Map<String, serde_json::Value> = serde_json::from_str(sent.json()).ok()?;
    let texts = sent.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
    let mut stored_texts = texts.filter(|(name, text)| stored.raw(name) == Some(&json!(text).to_string()));
    stored_texts.next()
}

/// Returns whether a field with a value has lost it.
fn loses_fields(before: &Record, after: &Record) -> bool {
    let read = |record: &Record| serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(record.json());
    let (Ok(before), Ok(after)) = (read(before), read(after)) else { return false };
    before.iter().any(|(name, value)| !value.is_null() && after.get(name).is_none_or(serde_json::Value::is_null))
}

/// Deletes the record with the method of the settings, or with another one. A record that was not visible yet may be stored after the
/// server has found nothing to delete.
async fn delete(prober: &mut Prober, entity: &str, id: &RecordId, marker: &str, is_visible: bool) {
    let own = prober.settings.delete_method;
    let others = [Method::Post, Method::Delete, Method::Get].map(Some);
    let mut first = None;
    for method in std::iter::once(own).chain(others.into_iter().filter(|method| *method != own)) {
        prober.settings.delete_method = method;
        let method = prober.settings.delete_method();
        let result = send(prober, entity, Action::Delete, method, Some(id), None).await;
        let is_gone = match &result {
            Ok(_) => is_deleted(prober, entity, id).await,
            Err(error) => is_visible && error.code() == Code::NotFound && is_deleted(prober, entity, id).await,
        };
        if is_gone {
            prober.test_record = None;
            prober.ok("write_delete", text!("deletes the record with {}", method.as_str()));
            return;
        }
        first = first.or(result.err());
    }
    prober.settings.delete_method = own;
    let error = first.unwrap_or_else(|| Error::new(Code::UnexpectedResponse, "the record is still there"));
    prober.failed("write_delete", &error).advise(text!("Search for \"{}\" in Egito, and delete it.", marker));
}

async fn is_deleted(prober: &mut Prober, entity: &str, id: &RecordId) -> bool {
    read(prober, entity, id).await.is_err_and(|error| error.code() == Code::NotFound)
}

/// Sends one write, and returns the id of the response.
async fn send(
    prober: &mut Prober,
    entity: &str,
    action: Action,
    method: Method,
    id: Option<&RecordId>,
    record: Option<&Record>,
) -> Result<Option<RecordId>> {
    let params = Params::Record { id: id.cloned(), record: record.cloned() };
    match prober.call(entity, action, method, params).await?.parsed {
        ParsedResponse::Id(id) => Ok(id),
        _ => unreachable!("a write is read as an id"),
    }
}
