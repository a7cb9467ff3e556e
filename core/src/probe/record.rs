//! Checks `get`: the parameter for the id, the HTTP method, the response for an unknown id, and the forms of ids and times.

use super::dates;
use super::probed_list::{List, candidates};
use super::prober::Prober;
use super::report::CheckStatus;
use super::text::text;
use crate::call::{Action, Params};
use crate::envelope::ParsedResponse;
use crate::error::{Code, Error, Result};
use crate::id::RecordId;
use crate::record::Record;
use crate::settings::{Method, TokenIn};

/// Names that servers use for the id.
const ID_NAMES: [&str; 6] = ["id", "ID", "recordId", "objectId", "uuid", "key"];

/// An id that no record has.
const UNKNOWN_ID: i64 = 2_147_483_646;

/// Checks `get` with a record of the list.
pub(super) async fn check(prober: &mut Prober, list: &List) {
    let Some(id) = list.first.ids.iter().flatten().last().cloned() else {
        prober.unknown("get", "no row has an id");
        return;
    };
    id_form(prober, &id);
    match read_any_way(prober, &list.entity, &id).await {
        Ok(record) => {
            let message = "returns the record";
            let is_default = prober.settings.id_param == "id" && prober.settings.read_method() == Method::Get;
            prober.ok("get", if is_default { message } else { "returns the record with other settings" });
            date_form(prober, &record);
            not_found(prober, &list.entity, &id).await;
        }
        Err(error) => {
            let check = prober.failed("get", &error);
            if may_want_another_way(&error) {
                check.advise("Set `id_param` to the server's name of the parameter for the id.");
            }
            if let Some(record) = list.first.records.first() {
                date_form(prober, record);
            }
        }
    }
}

fn id_form(prober: &mut Prober, id: &RecordId) {
    let form = if id.text().is_some() { "string" } else { "number" };
    prober.fact("id_form", form);
    prober.ok("id_form", text!("ids are JSON {}s; the client keeps them as they are", form));
}

fn date_form(prober: &mut Prober, record: &Record) {
    match dates::form(record.json()) {
        None => drop(prober.unknown("date_form", "the record has no time")),
        Some(form) => {
            prober.fact("date_form", form);
            let is_clear = form != "ISO 8601 without an offset";
            let status = if is_clear { CheckStatus::Ok } else { CheckStatus::Warning };
            let check = prober.add("date_form", status, text!("times are {}", form));
            if !is_clear {
                check.advise("Times are in the server's zone, most likely Europe/Warsaw.");
            }
        }
    }
}

/// Reads the record with the settings, then with the other method, then with other names of the parameter.
async fn read_any_way(prober: &mut Prober, entity: &str, id: &RecordId) -> Result<Record> {
    let own = (prober.settings.id_param.clone(), prober.settings.read_method);
    let first = match read(prober, entity, id).await {
        Err(error) if may_want_another_way(&error) => error,
        result => return result,
    };
    let methods = if prober.settings.token_in == TokenIn::Form { [own.1; 2] } else { [own.1, Some(other(own.1))] };
    for name in candidates(&own.0, &ID_NAMES) {
        for method in methods {
            (prober.settings.id_param, prober.settings.read_method) = (name.clone(), method);
            if let Ok(record) = read(prober, entity, id).await {
                return Ok(record);
            }
        }
    }
    (prober.settings.id_param, prober.settings.read_method) = own;
    Err(first)
}

fn other(method: Option<Method>) -> Method {
    if method == Some(Method::Post) { Method::Get } else { Method::Post }
}

/// Returns whether the server may not have read the id.
fn may_want_another_way(error: &Error) -> bool {
    matches!(error.code(), Code::NotFound | Code::Validation | Code::UnexpectedResponse | Code::Server)
}

/// Reads a record, and checks that it is the right one.
pub(super) async fn read(prober: &mut Prober, entity: &str, id: &RecordId) -> Result<Record> {
    let method = prober.settings.read_method();
    let params = Params::Record { id: Some(id.clone()), record: None };
    let result = prober.call(entity, Action::Get, method, params).await?;
    let ParsedResponse::Record(record) = result.parsed else { unreachable!("a get is read as a record") };
    let is_right = record.id().is_none_or(|found| found.to_string() == id.to_string());
    if is_right { Ok(record) } else { Err(Error::new(Code::UnexpectedResponse, "the server returned another record")) }
}

async fn not_found(prober: &mut Prober, entity: &str, known: &RecordId) {
    let unknown = match known.text() {
        None => RecordId::from(UNKNOWN_ID),
        Some(text) if text.parse::<i64>().is_ok() => RecordId::from(UNKNOWN_ID.to_string()),
        Some(_) => RecordId::from("00000000-0000-0000-0000-000000000000"),
    };
    match read(prober, entity, &unknown).await {
        Ok(_) => drop(prober.unknown("not_found", "a record has the id of this check")),
        Err(error) => {
            let status = error.details().status;
            if let Some(status) = status {
                prober.fact("not_found_status", status);
            }
            if error.code() == Code::NotFound {
                let status = status.map_or_else(String::new, |status| format!(" (HTTP {status})"));
                prober.ok("not_found", text!("is recognized{}", status));
            } else {
                let check = prober.failed("not_found", &error);
                check.status = CheckStatus::Warning;
                check.advise("A record that does not exist is then not the error `not_found`.");
            }
        }
    }
}
