//! Types for Python: `TypedDict`, since records are dicts.

use super::model::{FieldModel, FieldType, Model, ObjectType, comment, is_identifier};
use std::fmt::Write;

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Returns a module with the types.
pub(crate) fn write(models: &[Model], header: &str) -> String {
    let mut text = format!("# {header}\n\nfrom typing import Any, TypedDict\n");
    for object in models.iter().flat_map(|model| &model.types) {
        text.push_str("\n\n");
        text.push_str(&class(object));
    }
    text
}

fn class(object: &ObjectType) -> String {
    let is_plain = |field: &FieldModel| is_identifier(&field.name) && !KEYWORDS.contains(&field.name.as_str());
    let mut text = String::new();
    if object.fields.iter().all(is_plain) {
        let _ = writeln!(text, "class {}(TypedDict, total=False):", object.name);
        if object.fields.is_empty() {
            text.push_str("    pass\n");
        }
        for field in &object.fields {
            let _ = writeln!(text, "    {}: {}{}", field.name, field_type(field), remark(field));
        }
        return text;
    }
    let _ = writeln!(text, "{0} = TypedDict(\n    \"{0}\",\n    {{", object.name);
    for field in &object.fields {
        let name = serde_json::Value::from(field.name.as_str()).to_string();
        let _ = writeln!(text, "        {name}: {},{}", field_type(field), remark(field));
    }
    text.push_str("    },\n    total=False,\n)\n");
    text
}

fn remark(field: &FieldModel) -> String {
    field.dictionary.as_ref().map_or_else(String::new, |entries| format!("  # {}", comment(entries)))
}

fn field_type(field: &FieldModel) -> String {
    let plain = plain_type(&field.field_type);
    if field.may_be_null && plain != "Any" { format!("{plain} | None") } else { plain }
}

fn plain_type(field_type: &FieldType) -> String {
    match field_type {
        FieldType::Text => "str".into(),
        FieldType::Integer => "int".into(),
        FieldType::Decimal => "float".into(),
        FieldType::Bool => "bool".into(),
        FieldType::Object(name) => name.clone(),
        FieldType::List(items) => format!("list[{}]", plain_type(items)),
        FieldType::Any => "Any".into(),
    }
}
