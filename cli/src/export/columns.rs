//! The columns of a table, collected from all records: none is lost because it appears late.

use super::decimal::Decimal;
use super::value::{Value, flatten};
use std::collections::{HashMap, HashSet};

/// The columns of a table, in the order in which the records name them.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    columns: Vec<Column>,
    places: HashMap<String, usize>,
}

/// One column, and what its values have in common.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub path: String,
    content: Content,
}

/// The type that holds every value of a column unchanged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ColumnType {
    Bool,
    Integer,
    /// With this number of digits, and so many of them after the decimal point.
    Decimal(u8, i8),
    Text,
}

#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // a set of types
struct Content {
    has_bools: bool,
    has_numbers: bool,
    has_texts: bool,
    /// A number that only its text holds exactly.
    has_huge_numbers: bool,
    beyond_i64: bool,
    whole_digits: i64,
    scale: i64,
}

impl Columns {
    /// Creates the columns of these paths.
    pub(crate) fn named(paths: &[String]) -> Self {
        let mut columns = Self::default();
        for path in paths {
            columns.place(path);
        }
        columns
    }

    /// Adds the columns of a record.
    pub(crate) fn add_record(&mut self, json: &str) -> serde_json::Result<()> {
        flatten(json, &mut |path, value| {
            let place = self.place(path);
            self.columns[place].content.add(&value);
        })
    }

    /// Adds what a value of a named column has.
    pub(crate) fn add_value(&mut self, place: usize, value: &Value) {
        self.columns[place].content.add(value);
    }

    /// Removes columns that are only null, and whose nested fields have columns: `address` beside `address.city`.
    pub(crate) fn without_null_parents(self) -> Self {
        let parents: HashSet<&str> = self.columns.iter().flat_map(|column| parents(&column.path)).collect();
        let is_kept = |column: &&Column| !(column.content.is_null() && parents.contains(column.path.as_str()));
        let kept: Vec<Column> = self.columns.iter().filter(is_kept).cloned().collect();
        let places = kept.iter().enumerate().map(|(place, column)| (column.path.clone(), place)).collect();
        Self { columns: kept, places }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.columns.len()
    }

    /// Returns the cells of a record, one for each column.
    pub(crate) fn cells<'a>(&self, json: &'a str) -> serde_json::Result<Vec<Value<'a>>> {
        let mut cells = vec![Value::Null; self.len()];
        flatten(json, &mut |path, value| {
            if let Some(&place) = self.places.get(path) {
                cells[place] = value;
            }
        })?;
        Ok(cells)
    }

    fn place(&mut self, path: &str) -> usize {
        if let Some(&place) = self.places.get(path) {
            return place;
        }
        self.columns.push(Column { path: path.to_owned(), content: Content::default() });
        self.places.insert(path.to_owned(), self.columns.len() - 1);
        self.columns.len() - 1
    }
}

impl Column {
    /// Returns whether no record has a value.
    pub(crate) fn is_null(&self) -> bool {
        self.content.is_null()
    }

    /// Returns the type that holds every value unchanged.
    pub(crate) fn kind(&self) -> ColumnType {
        let content = &self.content;
        match (content.has_bools, content.has_numbers, content.has_texts) {
            (true, false, false) => ColumnType::Bool,
            (false, true, false) => content.number_type(),
            _ => ColumnType::Text,
        }
    }
}

impl Content {
    fn add(&mut self, value: &Value) {
        match value {
            Value::Null => {}
            Value::Bool(_) => self.has_bools = true,
            Value::Text(_) | Value::Json(_) => self.has_texts = true,
            Value::Number(text) => {
                self.has_numbers = true;
                self.add_number(text);
            }
        }
    }

    fn add_number(&mut self, text: &str) {
        match Decimal::from_json(text) {
            None => self.has_huge_numbers = true,
            Some(number) => {
                self.beyond_i64 |= number.unscaled(0).is_none_or(|value| i64::try_from(value).is_err());
                self.whole_digits = self.whole_digits.max(number.whole_digits());
                self.scale = self.scale.max(number.scale);
            }
        }
    }

    fn is_null(&self) -> bool {
        !(self.has_bools || self.has_numbers || self.has_texts)
    }

    fn number_type(&self) -> ColumnType {
        let digits = (self.whole_digits + self.scale).max(1);
        if self.has_huge_numbers || digits > 38 {
            ColumnType::Text
        } else if !self.beyond_i64 {
            ColumnType::Integer
        } else {
            ColumnType::Decimal(u8::try_from(digits).unwrap_or(38), i8::try_from(self.scale).unwrap_or(38))
        }
    }
}

/// Returns the paths of the objects around a field.
fn parents(path: &str) -> impl Iterator<Item = &str> {
    let is_separator = |&(at, _): &(usize, &str)| !path[..at].ends_with('\\');
    path.match_indices('.').filter(is_separator).map(|(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(records: &[&str]) -> Columns {
        let mut columns = Columns::default();
        for record in records {
            columns.add_record(record).unwrap();
        }
        columns.without_null_parents()
    }

    fn kinds(records: &[&str]) -> Vec<ColumnType> {
        columns(records).iter().map(Column::kind).collect()
    }

    #[test]
    fn a_late_field_has_a_column() {
        let columns = columns(&[r#"{"id": 1, "address": null}"#, r#"{"id": 2, "address": {"city": "Łódź"}}"#]);
        assert_eq!(columns.iter().map(|column| column.path.as_str()).collect::<Vec<_>>(), ["id", "address.city"]);
        assert_eq!(columns.cells(r#"{"id": 1, "address": null}"#).unwrap(), [Value::Number("1"), Value::Null]);
    }

    #[test]
    fn types_hold_every_value() {
        let records = [
            r#"{"a": 1, "b": 1.5, "c": 12345678901234567890, "d": true, "e": 1, "f": 1e-50, "g": 1e999999999999}"#,
            r#"{"a": -9223372036854775808, "b": 1000, "c": 0.25, "d": null, "e": "x", "f": 1, "g": 2}"#,
        ];
        let expected = [
            ColumnType::Integer,
            ColumnType::Decimal(5, 1),
            ColumnType::Decimal(22, 2),
            ColumnType::Bool,
            ColumnType::Text,
            ColumnType::Text,
            ColumnType::Text,
        ];
        assert_eq!(kinds(&records), expected);
    }
}
