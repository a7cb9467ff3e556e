//! A field error: what the server rejects about a record.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Maximum number of field errors in the message of an error.
const MAX_IN_MESSAGE: usize = 5;

/// Maximum number of characters of each field error in the message.
const MAX_CHARS: usize = 200;

/// One element of `errors` in a response. Elements of an unknown form have their content in `raw` only.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let error = client.accounts().create(&serde_json::json!({"city": "Łomża"})).await.unwrap_err();
/// for field_error in &error.details().errors {
///     println!("{field_error}"); // name: …
/// #   assert_eq!((field_error.field.as_deref(), field_error.object.is_some()), (Some("name"), true));
/// }
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FieldError {
    /// Name of the invalid field, if the server reports it.
    pub field: Option<String>,
    /// Message of the server, in the server's language.
    pub message: String,
    /// The rejected value, as JSON.
    pub rejected_value: Option<Box<RawValue>>,
    /// Name of the object's class on the server.
    pub object: Option<String>,
    /// The element as the server sent it.
    pub raw: Box<RawValue>,
}

impl FieldError {
    /// Returns the field errors as text for the message. `more` errors were not kept. Long ones are cut, so secrets must have been
    /// removed before.
    pub(super) fn summary(errors: &[Self], more: usize) -> String {
        let mut named: Vec<String> = errors.iter().take(MAX_IN_MESSAGE).map(Self::shortened).collect();
        let rest = errors.len() - named.len() + more;
        if rest > 0 {
            named.push(format!("and {rest} more"));
        }
        let kept = if more > 0 { format!(" (the first {} are kept)", errors.len()) } else { String::new() };
        named.join("; ") + &kept
    }

    fn shortened(&self) -> String {
        let mut text = self.to_string();
        if let Some((end, _)) = text.char_indices().nth(MAX_CHARS) {
            text.truncate(end);
            text.push('…');
        }
        text
    }
}

impl std::fmt::Display for FieldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{field}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}
