//! Types for TypeScript: interfaces, since records are objects.

use super::model::{FieldModel, FieldType, Model, comment, is_identifier};
use std::fmt::Write;

/// Returns a module with the types.
pub(crate) fn write(models: &[Model], header: &str) -> String {
    let mut text = format!("// {header}\n");
    for object in models.iter().flat_map(|model| &model.types) {
        let _ = writeln!(text, "\nexport interface {} {{", object.name);
        for field in &object.fields {
            if let Some(entries) = &field.dictionary {
                let _ = writeln!(text, "  /** {} */", comment(entries));
            }
            let name = serde_json::Value::from(field.name.as_str()).to_string();
            let name = if is_identifier(&field.name) { field.name.clone() } else { name };
            let _ = writeln!(text, "  {name}{}: {};", if field.may_be_missing { "?" } else { "" }, field_type(field));
        }
        text.push_str("}\n");
    }
    text
}

fn field_type(field: &FieldModel) -> String {
    let plain = plain_type(&field.field_type, &field.name);
    if field.may_be_null && plain != "unknown" { format!("{plain} | null") } else { plain }
}

fn plain_type(field_type: &FieldType, name: &str) -> String {
    match field_type {
        FieldType::Text => "string".into(),
        FieldType::Integer if name == "id" || name.ends_with("Id") => "number | bigint".into(),
        FieldType::Integer | FieldType::Decimal => "number".into(),
        FieldType::Bool => "boolean".into(),
        FieldType::Object(name) => name.clone(),
        FieldType::List(items) => format!("Array<{}>", plain_type(items, "")),
        FieldType::Any => "unknown".into(),
    }
}
