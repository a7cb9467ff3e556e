//! Notes in the metadata of a schema: columns of strings whose values are not all strings.

use arrow_schema::Schema;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Key of the metadata.
const KEY: &str = "egito.text_columns";

/// A field of an object, or `None` for the items of a list.
pub(super) type Step = Option<String>;

/// Why a column is a column of strings.
pub(super) struct Note {
    pub path: Vec<Step>,
    pub reason: Reason,
}

pub(super) enum Reason {
    /// The values have different types, or are nested too deep. Those that are not strings became JSON.
    Mixed { texts: usize, others: usize },
    /// A number that neither a 64-bit integer nor a double holds exactly.
    Digits,
    /// Some strings are points in time, and others are not.
    Dates { dates: usize, others: usize },
}

/// Returns the metadata for a schema.
pub(super) fn metadata(notes: &[Note]) -> HashMap<String, String> {
    let notes: Vec<_> = notes.iter().map(as_json).collect();
    (!notes.is_empty()).then(|| (KEY.to_owned(), Value::from(notes).to_string())).into_iter().collect()
}

/// Returns the notes of a schema as JSON.
pub(crate) fn text_columns(schema: &Schema) -> &str {
    schema.metadata().get(KEY).map_or("[]", String::as_str)
}

/// Returns the name of a column for messages: `address.city`, `tags[]`.
pub(super) fn column_name(path: &[Step]) -> String {
    let steps: Vec<_> = path.iter().map(|step| step.as_deref().unwrap_or("[]")).collect();
    steps.join(".").replace(".[]", "[]")
}

fn as_json(note: &Note) -> Value {
    let mut json = match note.reason {
        Reason::Mixed { texts, others } => json!({"reason": "mixed", "texts": texts, "others": others}),
        Reason::Digits => json!({"reason": "digits"}),
        Reason::Dates { dates, others } => json!({"reason": "dates", "dates": dates, "others": others}),
    };
    json["column"] = column_name(&note.path).into();
    json["path"] = note.path.clone().into();
    json
}
