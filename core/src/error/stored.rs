//! Reads an error that was stored as JSON.

use super::{Cause, Code, Details, Error, FieldError, Outcome};
use crate::id::RecordId;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The details of an error in a file. A newer version may have written more.
#[derive(Deserialize)]
struct Stored {
    code: Code,
    message: String,
    outcome: Option<Outcome>,
    status: Option<u16>,
    entity: Option<String>,
    action: Option<String>,
    id: Option<RecordId>,
    #[serde(default)]
    attempts: u32,
    elapsed: Option<f64>,
    category: Option<String>,
    setting: Option<String>,
    #[serde(default)]
    errors: Vec<FieldError>,
    retry_after: Option<f64>,
    oauth_error: Option<String>,
    oauth_description: Option<String>,
    content_type: Option<String>,
    body_start: Option<String>,
    record: Option<Box<RawValue>>,
    limit: Option<String>,
    reason: Option<String>,
    cause: Option<String>,
    os_error: Option<i32>,
}

impl Error {
    /// Returns the error as JSON for a file that has the record itself.
    pub(crate) fn to_json_without_record(&self) -> String {
        self.clone().with(|d| d.record = None).to_json()
    }

    /// Reads the JSON of [`to_json`](Self::to_json). Returns `None` if it is not the JSON of an error.
    pub(crate) fn from_json(json: &str) -> Option<Self> {
        let stored: Stored = serde_json::from_str(json).ok()?;
        let category = one_of(stored.category.as_deref(), &["CREATE", "READ", "UPDATE", "DELETE"]);
        let limit = one_of(stored.limit.as_deref(), &["timeout", "connect_timeout", "read_timeout"]);
        Some(Self::new(stored.code, stored.message).with(|d| {
            *d = Details {
                outcome: stored.outcome,
                status: stored.status,
                entity: stored.entity,
                action: stored.action,
                id: stored.id,
                attempts: stored.attempts,
                elapsed: stored.elapsed,
                category,
                setting: stored.setting,
                errors: stored.errors,
                retry_after: stored.retry_after,
                oauth_error: stored.oauth_error,
                oauth_description: stored.oauth_description,
                content_type: stored.content_type,
                body_start: stored.body_start,
                record: stored.record,
                limit,
                reason: stored.reason,
                cause: stored.cause.map(Cause::from_text),
                os_error: stored.os_error,
                ..d.clone()
            }
        }))
    }
}

fn one_of(text: Option<&str>, words: &[&'static str]) -> Option<&'static str> {
    words.iter().find(|word| text == Some(**word)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_read_as_it_was_written() {
        let field_error =
            r#"{"field": "nip", "message": "invalid", "rejected_value": 7, "object": null, "raw": {"a": 1.50}}"#;
        let error = Error::timed_out("read_timeout", Outcome::Unknown, "late").with(|d| {
            (d.status, d.entity, d.action) = (Some(504), Some("Lead".to_owned()), Some("update".to_owned()));
            (d.id, d.attempts, d.elapsed, d.retry_after) = (Some(7.into()), 3, Some(1.5), Some(20.0));
            (d.category, d.os_error) = (Some("UPDATE"), Some(111));
            d.errors = vec![serde_json::from_str(field_error).unwrap()];
            d.cause = Some(Cause::from_text("reset".to_owned()));
            d.record = Some(RawValue::from_string(r#"{"n": 1.50}"#.to_owned()).unwrap());
        });
        let read = Error::from_json(&error.to_json()).unwrap();
        assert_eq!(read.to_json(), error.to_json());
        assert!(read.is_retryable());
        assert!(Error::from_json("{}").is_none());
    }
}
