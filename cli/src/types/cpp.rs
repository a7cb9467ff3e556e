//! Types for C++: structs that are made from records.

use super::model::{FieldModel, FieldType, Model, ObjectType, comment, path};
use std::fmt::Write;

const KEYWORDS: [&str; 62] = [
    "alignas",
    "alignof",
    "and",
    "asm",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "class",
    "compl",
    "const",
    "continue",
    "default",
    "delete",
    "do",
    "double",
    "else",
    "enum",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "from",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "namespace",
    "new",
    "not",
    "operator",
    "or",
    "private",
    "protected",
    "public",
    "record",
    "register",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "struct",
    "switch",
    "template",
    "this",
    "throw",
    "true",
    "try",
    "typedef",
    "union",
    "unsigned",
    "using",
    "virtual",
];

/// Returns a header with the structs.
pub(crate) fn write(models: &[Model], header: &str) -> String {
    let mut text = format!("// {header}\n#pragma once\n\n#include <egito.hpp>\n\n");
    text.push_str("#include <cstdint>\n#include <optional>\n#include <string>\n#include <vector>\n");
    for object in models.iter().flat_map(|model| &model.types) {
        text.push('\n');
        text.push_str(&structure(object));
    }
    text
}

fn structure(object: &ObjectType) -> String {
    let mut text = format!("struct {} {{\n", object.name);
    for field in &object.fields {
        if let Some(entries) = &field.dictionary {
            let _ = writeln!(text, "    /** {} */", comment(entries));
        }
        let _ = writeln!(text, "    std::optional<{}> {};", plain_type(&field.field_type), member(field));
    }
    let _ = writeln!(
        text,
        "\n    static {0} from([[maybe_unused]] const egito::record &record) {{\n        {0} value;",
        object.name
    );
    for field in &object.fields {
        text.push_str(&assignment(field));
    }
    text.push_str("        return value;\n    }\n};\n");
    text
}

fn member(field: &FieldModel) -> String {
    let name = field.identifier.clone();
    if KEYWORDS.contains(&name.as_str()) { format!("{name}_") } else { name }
}

fn assignment(field: &FieldModel) -> String {
    let path = path(&field.name).replace('\\', "\\\\").replace('"', "\\\"");
    let member = member(field);
    match &field.field_type {
        FieldType::Text => format!("        value.{member} = record.get_string(\"{path}\");\n"),
        FieldType::Integer => format!("        value.{member} = record.get_int64(\"{path}\");\n"),
        FieldType::Decimal => format!("        value.{member} = record.get_decimal(\"{path}\");\n"),
        FieldType::Bool => format!("        value.{member} = record.get_bool(\"{path}\");\n"),
        FieldType::Any => format!("        value.{member} = record.get_json(\"{path}\");\n"),
        FieldType::Object(name) => {
            format!(
                "        if (const auto object = record.get_record(\"{path}\")) value.{member} = {name}::from(*object);\n"
            )
        }
        FieldType::List(items) => match &**items {
            FieldType::Object(name) => format!(
                "        if (record.has(\"{path}\")) value.{member}.emplace();\n        for (const auto &item : record.items(\"{path}\")) \
                 value.{member}->push_back({name}::from(egito::record(item)));\n"
            ),
            _ => format!("        if (record.has(\"{path}\")) value.{member} = record.items(\"{path}\");\n"),
        },
    }
}

/// Returns the type of a member. Decimals keep their digits as a string, and other lists the JSON of their items.
fn plain_type(field_type: &FieldType) -> String {
    match field_type {
        FieldType::Integer => "std::int64_t".into(),
        FieldType::Bool => "bool".into(),
        FieldType::Object(name) => name.clone(),
        FieldType::List(items) => match &**items {
            FieldType::Object(name) => format!("std::vector<{name}>"),
            _ => "std::vector<std::string>".into(),
        },
        FieldType::Text | FieldType::Decimal | FieldType::Any => "std::string".into(),
    }
}
