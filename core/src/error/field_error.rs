//! One complaint of the server about a record.

use serde::Serialize;
use serde_json::value::RawValue;

/// How many complaints a message names.
const NAMED: usize = 5;

/// Characters of each that a message repeats.
const REPEATED: usize = 200;

/// One element of the `errors` in a response. Elements of an unknown form are kept in `raw`.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let error = client.accounts().create(&serde_json::json!({"city": "Łomża"})).await.unwrap_err();
/// for wrong in &error.details().errors {
///     println!("{wrong}"); // name: …
/// #   assert_eq!((wrong.field.as_deref(), wrong.object.is_some()), (Some("name"), true));
/// }
/// # Ok(()) });
/// ```
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

impl FieldError {
    /// What a message says of the complaints, of which `more` were not kept. Their secrets must be gone: it cuts them short.
    pub(super) fn sentence(errors: &[Self], more: usize) -> String {
        let mut named: Vec<String> = errors.iter().take(NAMED).map(Self::shortened).collect();
        let rest = errors.len() - named.len() + more;
        if rest > 0 {
            named.push(format!("and {rest} more"));
        }
        let kept = if more > 0 { format!(" (the first {} are kept)", errors.len()) } else { String::new() };
        named.join("; ") + &kept
    }

    fn shortened(&self) -> String {
        let mut text = self.to_string();
        if let Some((end, _)) = text.char_indices().nth(REPEATED) {
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
