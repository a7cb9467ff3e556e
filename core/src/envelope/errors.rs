//! The forms in which the server says that something is wrong with a record.

use super::scan::Field;
use crate::error::FieldError;
use crate::json::{Members, Scanner};
use serde_json::value::RawValue;

/// Complaints that an error keeps: nobody reads more, and a few megabytes of them would cost gigabytes.
const MOST: usize = 1000;

/// The complaints in an `errors` member; empty where there is none, or it says nothing.
pub(super) fn in_errors(text: &str, fields: &[Field<'_>]) -> Vec<FieldError> {
    member(text, fields, "errors").map(complaints).unwrap_or_default()
}

/// The complaints in a single `error`, or the one that `"success": false` makes, of an object without an id.
pub(super) fn in_single_error(text: &str, fields: &[Field<'_>]) -> Vec<FieldError> {
    if let Some(error) = member(text, fields, "error") {
        let complaints = complaints(error);
        if !complaints.is_empty() {
            return complaints.into_iter().map(|c| with_description(c, text, fields)).collect();
        }
    }
    if member(text, fields, "success") != Some("false") {
        return Vec::new();
    }
    let message = member(text, fields, "message").and_then(string).unwrap_or_else(|| "no reason given".into());
    vec![FieldError { field: None, message, rejected_value: None, object: None, raw: raw(text) }]
}

/// The text of a member, if it is there. Of duplicate keys the last counts.
pub(super) fn member<'t>(text: &'t str, fields: &[Field<'_>], name: &str) -> Option<&'t str> {
    fields.iter().rev().find(|field| field.name == name).map(|field| &text[field.value.clone()])
}

/// A list of elements, or a single element that is taken as a list of one.
fn complaints(json: &str) -> Vec<FieldError> {
    let says_nothing = matches!(json, "null" | "false" | "0" | "\"\"");
    let is_empty = json.starts_with(['[', '{']) && json[1..json.len() - 1].trim().is_empty();
    if says_nothing || is_empty {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    let list = Scanner::new(json).array(|scanner| {
        let element = scanner.value()?;
        if complaints.len() < MOST {
            complaints.push(complaint(element));
        }
        Ok(())
    });
    if list.is_err() {
        return vec![complaint(json)]; // a single one
    }
    complaints
}

fn complaint(json: &str) -> FieldError {
    let members = Members::read(json.as_bytes()).map(|members| members.0).unwrap_or_default();
    let member = |names: &[&str]| members.iter().rev().find(|(name, _)| names.contains(&name.as_str())).map(|m| m.1);
    let text = |name| member(&[name]).and_then(|value| string(value.get()));
    let rejected_value = member(&["rejected-value", "rejectedValue", "rejected_value"]).map(ToOwned::to_owned);
    let (field, object) = (text("field"), text("object"));
    let message = text("message").or_else(|| string(json));
    FieldError { field, message: message.unwrap_or_else(|| json.to_owned()), rejected_value, object, raw: raw(json) }
}

/// `{"error": "x", "error_description": "y"}` and `{"error": "x", "message": "y"}` say more in their second member.
fn with_description(mut complaint: FieldError, text: &str, fields: &[Field<'_>]) -> FieldError {
    let description =
        ["error_description", "message"].iter().find_map(|name| member(text, fields, name)).and_then(string);
    if let Some(description) = description {
        complaint.message = format!("{}: {description}", complaint.message);
    }
    complaint
}

/// A JSON string's text; `None` for anything else.
pub(super) fn string(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).expect("the scan found it valid")
}
