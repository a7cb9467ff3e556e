//! Types for Kotlin: data classes that are made from records.

use super::model::{FieldModel, FieldType, Model, ObjectType, comment, path};
use std::fmt::Write;

const KEYWORDS: [&str; 29] = [
    "as",
    "break",
    "class",
    "continue",
    "do",
    "else",
    "false",
    "for",
    "fun",
    "if",
    "in",
    "interface",
    "is",
    "null",
    "object",
    "package",
    "return",
    "super",
    "this",
    "throw",
    "true",
    "try",
    "typealias",
    "typeof",
    "val",
    "var",
    "when",
    "while",
    "record",
];

/// Returns a file with the classes.
pub(crate) fn write(models: &[Model], header: &str) -> String {
    let mut text = format!("// {header}\n\nimport java.math.BigDecimal\nimport pl.egito.Record\n");
    for object in models.iter().flat_map(|model| &model.types) {
        text.push('\n');
        text.push_str(&class(object));
    }
    text
}

fn class(object: &ObjectType) -> String {
    if object.fields.is_empty() {
        return format!(
            "class {0} {{\n    companion object {{\n        fun from(record: Record, at: String = \"\"): {0} = {0}()\n    }}\n}}\n",
            object.name
        );
    }
    let mut text = format!("data class {}(\n", object.name);
    for field in &object.fields {
        if let Some(entries) = &field.dictionary {
            let _ = writeln!(text, "    /** {} */", comment(entries));
        }
        let _ = writeln!(text, "    val {}: {}? = null,", property(field), plain_type(&field.field_type));
    }
    text.push_str(") {\n    companion object {\n");
    let _ =
        writeln!(text, "        /** Reads the object at a path such as `address.`; the record itself without one. */");
    let _ = writeln!(text, "        fun from(record: Record, at: String = \"\"): {0} = {0}(", object.name);
    for field in &object.fields {
        let _ = writeln!(text, "            {} = {},", property(field), value(field));
    }
    text.push_str("        )\n    }\n}\n");
    text
}

fn property(field: &FieldModel) -> String {
    let name = field.identifier.clone();
    if KEYWORDS.contains(&name.as_str()) { format!("`{name}`") } else { name }
}

fn value(field: &FieldModel) -> String {
    let path = path(&field.name).replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
    let at = format!("at + \"{path}\"");
    match &field.field_type {
        FieldType::Text => format!("record.string({at})"),
        FieldType::Integer => format!("record.long({at})"),
        FieldType::Decimal => format!("record.decimal({at})"),
        FieldType::Bool => format!("record.boolean({at})"),
        FieldType::Object(name) => format!("record.value({at})?.let {{ {name}.from(record, {at} + \".\") }}"),
        FieldType::List(items) => match &**items {
            FieldType::Object(name) => {
                format!("(record.value({at}) as? List<*>)?.indices?.map {{ {name}.from(record, {at} + \".$it.\") }}")
            }
            _ => format!("record.value({at}) as? List<*>"),
        },
        FieldType::Any => format!("record.value({at})"),
    }
}

fn plain_type(field_type: &FieldType) -> String {
    match field_type {
        FieldType::Text => "String".into(),
        FieldType::Integer => "Long".into(),
        FieldType::Decimal => "BigDecimal".into(),
        FieldType::Bool => "Boolean".into(),
        FieldType::Object(name) => name.clone(),
        FieldType::List(items) => match &**items {
            FieldType::Object(name) => format!("List<{name}>"),
            _ => "List<*>".into(),
        },
        FieldType::Any => "Any".into(),
    }
}
