//! The forms in which the server says that something is wrong with a record.

use super::scan::Field;
use crate::error::FieldError;
use crate::json::Members;
use crate::json::scanner::Scanner;
use serde_json::value::RawValue;

/// Complaints that an error keeps: each takes a hundred times the room that the shortest has in a body.
const MOST: usize = 100_000;

/// What the server complains about.
#[derive(Default)]
pub(super) struct Complaints {
    pub kept: Vec<FieldError>,
    /// How many there are besides.
    pub more: usize,
}

impl Complaints {
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

/// The complaints in an `errors` member; empty where there is none, or it says nothing.
pub(super) fn in_errors(text: &str, fields: &[Field<'_>]) -> Complaints {
    member(text, fields, "errors").map(complaints).unwrap_or_default()
}

/// The complaints in a single `error`, or the one that `"success": false` makes, of an object without an id.
pub(super) fn in_single_error(text: &str, fields: &[Field<'_>]) -> Complaints {
    if let Some(error) = member(text, fields, "error") {
        let mut complaints = complaints(error);
        if !complaints.is_empty() {
            complaints.kept.iter_mut().for_each(|complaint| add_description(complaint, text, fields));
            return complaints;
        }
    }
    if member(text, fields, "success") != Some("false") {
        return Complaints::default();
    }
    let message = member(text, fields, "message").and_then(string).unwrap_or_else(|| "no reason given".into());
    let complaint = FieldError { field: None, message, rejected_value: None, object: None, raw: raw(text) };
    Complaints { kept: vec![complaint], more: 0 }
}

/// The text of a member, if it is there. Of duplicate keys the last counts.
pub(super) fn member<'t>(text: &'t str, fields: &[Field<'_>], name: &str) -> Option<&'t str> {
    fields.iter().rev().find(|field| field.name == name).map(|field| &text[field.value.clone()])
}

/// A list of elements, or a single element that is taken as a list of one.
fn complaints(json: &str) -> Complaints {
    let says_nothing = matches!(json, "null" | "false" | "0" | "\"\"");
    let is_empty = json.starts_with(['[', '{']) && json[1..json.len() - 1].trim().is_empty();
    if says_nothing || is_empty {
        return Complaints::default();
    }
    let mut complaints = Complaints::default();
    let list = Scanner::new(json).array(|scanner| {
        let element = scanner.value()?;
        if complaints.kept.len() < MOST {
            complaints.kept.push(complaint(element));
        } else {
            complaints.more += 1;
        }
        Ok(())
    });
    if list.is_err() {
        return Complaints { kept: vec![complaint(json)], more: 0 }; // a single one
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
fn add_description(complaint: &mut FieldError, text: &str, fields: &[Field<'_>]) {
    let description =
        ["error_description", "message"].iter().find_map(|name| member(text, fields, name)).and_then(string);
    if let Some(description) = description {
        complaint.message = format!("{}: {description}", complaint.message);
    }
}

/// A JSON string's text; `None` for anything else.
pub(super) fn string(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).expect("the scan found it valid")
}
