//! What the metadata of a schema says about columns that are text although some of their values are not.

use serde_json::{Value, json};
use std::collections::HashMap;

/// The key of the metadata.
const KEY: &str = "egito.text_columns";

/// A field of an object, or an item of a list.
pub(super) type Step = Option<String>;

/// Why a column is text.
pub(super) struct Note {
    pub path: Vec<Step>,
    pub reason: Reason,
}

pub(super) enum Reason {
    /// Its values have different types, or are nested too deep. So many are texts, and the others became JSON text.
    Mixed { texts: usize, others: usize },
    /// It has a number that neither a 64-bit integer nor a double holds.
    Digits,
    /// So many of its texts are points in time, and the others are not.
    Dates { dates: usize, others: usize },
}

/// The metadata for a schema.
pub(super) fn metadata(notes: &[Note]) -> HashMap<String, String> {
    let notes: Vec<_> = notes.iter().map(as_json).collect();
    (!notes.is_empty()).then(|| (KEY.to_owned(), Value::from(notes).to_string())).into_iter().collect()
}

/// The notes in the metadata of a schema, as JSON.
pub(super) fn in_metadata(metadata: &HashMap<String, String>) -> &str {
    metadata.get(KEY).map_or("[]", String::as_str)
}

/// The name of a column for people: `address.city`, `tags[]`.
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
