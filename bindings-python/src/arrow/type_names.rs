//! Names of Arrow types, as in pyarrow: `int64`, `double`, `list<item: string>`, `struct<a: int64, b: bool>`.

use super::dates;
use arrow_schema::{DECIMAL128_MAX_PRECISION, DataType, Field};
use std::sync::Arc;

/// Supported scalar types by their names. Of several names for one type the last one is written.
const SCALARS: [(&str, DataType); 17] = [
    ("boolean", DataType::Boolean),
    ("bool", DataType::Boolean),
    ("int8", DataType::Int8),
    ("int16", DataType::Int16),
    ("int32", DataType::Int32),
    ("int64", DataType::Int64),
    ("uint8", DataType::UInt8),
    ("uint16", DataType::UInt16),
    ("uint32", DataType::UInt32),
    ("uint64", DataType::UInt64),
    ("float32", DataType::Float32),
    ("float", DataType::Float32),
    ("float64", DataType::Float64),
    ("double", DataType::Float64),
    ("utf8", DataType::Utf8),
    ("string", DataType::Utf8),
    ("large_string", DataType::LargeUtf8),
];

/// Parses the name of a type, with an optional `not null` after it.
pub(super) fn parse_field(name: &str, type_name: &str) -> Option<Field> {
    let mut parser = Parser(type_name);
    let field = parser.typed(name)?;
    parser.0.trim().is_empty().then_some(field)
}

/// Returns the name of a type.
pub(super) fn name(data_type: &DataType) -> String {
    match data_type {
        DataType::List(item) => format!("list<{}>", field_name(item)),
        DataType::LargeList(item) => format!("large_list<{}>", field_name(item)),
        DataType::Struct(fields) => {
            format!("struct<{}>", fields.iter().map(|field| field_name(field)).collect::<Vec<_>>().join(", "))
        }
        DataType::Decimal128(precision, scale) => format!("decimal128({precision}, {scale})"),
        timestamp if *timestamp == dates::timestamp() => "timestamp[ms, tz=UTC]".to_owned(),
        scalar => {
            let known = SCALARS.iter().rev().find(|(_, known)| known == scalar);
            known.map_or_else(|| scalar.to_string(), |(name, _)| (*name).to_owned())
        }
    }
}

fn field_name(field: &Field) -> String {
    format!("{}: {}", field.name(), name(field.data_type()))
}

/// The rest of a name that is being parsed. Spaces are allowed around every word and sign.
struct Parser<'t>(&'t str);

impl<'t> Parser<'t> {
    fn field(&mut self) -> Option<Field> {
        let named = self.0.find([':', '<', '>', ',']).filter(|&end| self.0[end..].starts_with(':'));
        let name = named.map_or("item", |end| self.0[..end].trim());
        self.0 = named.map_or(self.0, |end| &self.0[end + 1..]);
        self.typed(name)
    }

    fn typed(&mut self, name: &str) -> Option<Field> {
        let data_type = self.data_type()?;
        let nullable = !(self.take("not") && self.take("null"));
        Some(Field::new(name, data_type, nullable))
    }

    fn data_type(&mut self) -> Option<DataType> {
        match self.word() {
            "list" => self.item().map(DataType::List),
            "large_list" => self.item().map(DataType::LargeList),
            "struct" => self.members(),
            "decimal128" | "decimal" => self.decimal(),
            "timestamp" => self.timestamp(),
            word => SCALARS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, scalar)| scalar.clone()),
        }
    }

    fn item(&mut self) -> Option<Arc<Field>> {
        let field = self.take("<").then(|| self.field()).flatten()?;
        self.take(">").then(|| Arc::new(field))
    }

    fn members(&mut self) -> Option<DataType> {
        let mut members = Vec::new();
        while self.take(if members.is_empty() { "<" } else { "," }) {
            members.push(self.field()?);
        }
        self.take(">").then(|| DataType::Struct(members.into()))
    }

    fn decimal(&mut self) -> Option<DataType> {
        let precision = self.take("(").then(|| self.word().parse().ok()).flatten()?;
        let scale = self.take(",").then(|| self.word().parse().ok()).flatten()?;
        let is_valid =
            (1..=DECIMAL128_MAX_PRECISION).contains(&precision) && u8::try_from(scale).is_ok_and(|s| s <= precision);
        (self.take(")") && is_valid).then_some(DataType::Decimal128(precision, scale))
    }

    fn timestamp(&mut self) -> Option<DataType> {
        let is_ms = self.take("[") && self.word() == "ms" && self.take(",");
        let names_zone = !self.take("tz") || self.take("=");
        let is_utc = self.word() == "UTC" && self.take("]");
        (is_ms && names_zone && is_utc).then(dates::timestamp)
    }

    fn word(&mut self) -> &'t str {
        let text = self.0.trim_start();
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        self.0 = rest;
        word
    }

    fn take(&mut self, sign: &str) -> bool {
        let rest = self.0.trim_start().strip_prefix(sign);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }
}
