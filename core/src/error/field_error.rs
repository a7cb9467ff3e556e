//! One complaint of the server about a record.

use serde::Serialize;
use serde_json::value::RawValue;

/// One element of the `errors` in an answer. Forms that are not known keep their text in `raw`.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct FieldError {
    /// The field that is wrong, where the server names it.
    pub field: Option<String>,
    /// What is wrong, in the server's words and language.
    pub message: String,
    /// The value that was refused, as JSON.
    pub rejected_value: Option<Box<RawValue>>,
    /// The server's name of the kind of object.
    pub object: Option<String>,
    /// The element as the server sent it.
    pub raw: Box<RawValue>,
}

impl std::fmt::Display for FieldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{field}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}
