//! Reads the field errors of a response, in the forms in which servers send them.

use super::scan::Field;
use crate::error::FieldError;
use crate::json::Members;
use crate::json::scanner::Scanner;
use serde_json::value::RawValue;

/// Maximum number of field errors that an error keeps. In memory, one takes a hundred times the space of the shortest one in a body.
const MAX_FIELD_ERRORS: usize = 100_000;

/// The field errors of a response.
#[derive(Default)]
pub(super) struct FieldErrors {
    pub kept: Vec<FieldError>,
    /// Number of further ones, which are not kept.
    pub more: usize,
}

impl FieldErrors {
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

/// Returns the field errors in the member `errors`. None if the member is missing or empty.
pub(super) fn in_errors(text: &str, fields: &[Field<'_>]) -> FieldErrors {
    member(text, fields, "errors").map(field_errors).unwrap_or_default()
}

/// Returns the field errors in the member `error` of an object without an id, or one for `"success": false`.
pub(super) fn in_single_error(text: &str, fields: &[Field<'_>]) -> FieldErrors {
    if let Some(error) = member(text, fields, "error") {
        let mut field_errors = field_errors(error);
        if !field_errors.is_empty() {
            field_errors.kept.iter_mut().for_each(|field_error| add_description(field_error, text, fields));
            return field_errors;
        }
    }
    if member(text, fields, "success") != Some("false") {
        return FieldErrors::default();
    }
    let message = member(text, fields, "message").and_then(string).unwrap_or_else(|| "no reason given".into());
    let field_error = FieldError { field: None, message, rejected_value: None, object: None, raw: raw(text) };
    FieldErrors { kept: vec![field_error], more: 0 }
}

/// Returns the JSON of a member. If a key occurs twice, the last one counts.
pub(super) fn member<'t>(text: &'t str, fields: &[Field<'_>], name: &str) -> Option<&'t str> {
    fields.iter().rev().find(|field| field.name == name).map(|field| &text[field.value.clone()])
}

/// Reads a list of errors, or a single one.
fn field_errors(json: &str) -> FieldErrors {
    let is_falsy = matches!(json, "null" | "false" | "0" | "\"\"");
    let is_empty = json.starts_with(['[', '{']) && json[1..json.len() - 1].trim().is_empty();
    if is_falsy || is_empty {
        return FieldErrors::default();
    }
    let mut field_errors = FieldErrors::default();
    let list = Scanner::new(json).array(|scanner| {
        let element = scanner.value()?;
        if field_errors.kept.len() < MAX_FIELD_ERRORS {
            field_errors.kept.push(field_error(element));
        } else {
            field_errors.more += 1;
        }
        Ok(())
    });
    if list.is_err() {
        return FieldErrors { kept: vec![field_error(json)], more: 0 };
    }
    field_errors
}

fn field_error(json: &str) -> FieldError {
    let members = Members::read(json.as_bytes()).map(|members| members.0).unwrap_or_default();
    let member = |names: &[&str]| members.iter().rev().find(|(name, _)| names.contains(&name.as_str())).map(|m| m.1);
    let text = |name| member(&[name]).and_then(|value| string(value.get()));
    let rejected_value = member(&["rejected-value", "rejectedValue", "rejected_value"]).map(ToOwned::to_owned);
    let (field, object) = (text("field"), text("object"));
    let message = text("message").or_else(|| string(json));
    FieldError { field, message: message.unwrap_or_else(|| json.to_owned()), rejected_value, object, raw: raw(json) }
}

/// Appends the description of `{"error": "x", "error_description": "y"}` or `{"error": "x", "message": "y"}`.
fn add_description(field_error: &mut FieldError, text: &str, fields: &[Field<'_>]) {
    let description =
        ["error_description", "message"].iter().find_map(|name| member(text, fields, name)).and_then(string);
    if let Some(description) = description {
        field_error.message = format!("{}: {description}", field_error.message);
    }
}

/// Returns the text of a JSON string; `None` for any other value.
pub(super) fn string(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).expect("the scanner has checked it")
}
