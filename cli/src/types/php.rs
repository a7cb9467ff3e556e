//! Types for PHP: classes that are made from the arrays of records.

use super::model::{FieldModel, FieldType, Model, ObjectType, comment};
use std::fmt::Write;

/// Returns a file with the classes.
pub(crate) fn write(models: &[Model], header: &str) -> String {
    let mut text = format!("<?php\n\n// {header}\n\ndeclare(strict_types=1);\n");
    for object in models.iter().flat_map(|model| &model.types) {
        text.push('\n');
        text.push_str(&class(object));
    }
    text
}

fn class(object: &ObjectType) -> String {
    let mut text = format!("final class {}\n{{\n    public function __construct(\n", class_name(&object.name));
    for field in &object.fields {
        if let Some(entries) = &field.dictionary {
            let _ = writeln!(text, "        /** {} */", comment(entries));
        }
        if let FieldType::List(items) = &field.field_type {
            let _ = writeln!(text, "        /** @var list<{}>|null */", doc_type(items));
        }
        let _ = writeln!(text, "        public readonly {} ${} = null,", php_type(&field.field_type), property(field));
    }
    text.push_str("    ) {\n    }\n\n    /** @param array<string, mixed> $record */\n");
    text.push_str("    public static function from(array $record): self\n    {\n        return new self(\n");
    for field in &object.fields {
        let _ = writeln!(text, "            {}: {},", property(field), value(field));
    }
    text.push_str("        );\n    }\n}\n");
    text
}

/// Returns the name of a property. `$this` is none.
fn property(field: &FieldModel) -> String {
    let name = field.identifier.clone();
    if name == "this" { "this_".into() } else { name }
}

/// Returns the name of a class that is not reserved.
fn class_name(name: &str) -> String {
    const RESERVED: [&str; 24] = [
        "abstract",
        "array",
        "bool",
        "case",
        "class",
        "default",
        "empty",
        "enum",
        "false",
        "final",
        "float",
        "function",
        "int",
        "interface",
        "list",
        "mixed",
        "null",
        "object",
        "parent",
        "print",
        "self",
        "static",
        "string",
        "true",
    ];
    if RESERVED.contains(&name.to_lowercase().as_str()) { format!("{name}_") } else { name.to_owned() }
}

fn value(field: &FieldModel) -> String {
    let name = format!("'{}'", field.name.replace('\\', "\\\\").replace('\'', "\\'"));
    match &field.field_type {
        FieldType::Object(class) => {
            format!("isset($record[{name}]) ? {}::from($record[{name}]) : null", class_name(class))
        }
        FieldType::List(items) => match &**items {
            FieldType::Object(class) => {
                format!("isset($record[{name}]) ? array_map({}::from(...), $record[{name}]) : null", class_name(class))
            }
            _ => format!("$record[{name}] ?? null"),
        },
        _ => format!("$record[{name}] ?? null"),
    }
}

fn php_type(field_type: &FieldType) -> String {
    match field_type {
        FieldType::Text => "?string".into(),
        FieldType::Integer => "int|string|null".into(), // beyond 64 bits a record has the digits as a string
        FieldType::Decimal => "int|float|string|null".into(),
        FieldType::Bool => "?bool".into(),
        FieldType::Object(name) => format!("?{}", class_name(name)),
        FieldType::List(_) => "?array".into(),
        FieldType::Any => "mixed".into(),
    }
}

fn doc_type(field_type: &FieldType) -> String {
    match field_type {
        FieldType::Object(name) => class_name(name),
        FieldType::List(items) => format!("list<{}>", doc_type(items)),
        other => php_type(other),
    }
}
