//! The types of the fields, as the records of the server show them.

use super::dates::{DateOrder, is_date};
use crate::export::value::{Value, flatten};
use egito::{Entity, Record};
use std::collections::HashMap;

/// The newest records that are looked at.
const SAMPLE: u64 = 300;

/// The fields of an entity with the types of their values.
#[derive(Debug, Default)]
pub(crate) struct FieldTypes {
    fields: HashMap<String, Seen>,
    pub records: u64,
}

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldType {
    Text,
    Number,
    Bool,
    Date,
    /// A list.
    Json,
    /// Another record, or a part of this one.
    Object,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // a set of types
struct Seen {
    texts: bool,
    numbers: bool,
    bools: bool,
    dates: bool,
    lists: bool,
}

impl FieldTypes {
    /// Reads the newest records of the entity.
    pub(crate) async fn read(entity: &Entity) -> egito::Result<Self> {
        let mut records = entity.list().sort("id").order("desc").limit(SAMPLE).page_size(100).records()?;
        let mut types = Self::default();
        while let Some(record) = records.next().await {
            types.add(&record?);
        }
        Ok(types)
    }

    fn add(&mut self, record: &Record) {
        self.records += 1;
        // A record of the server is valid JSON, so there is nothing that could fail.
        let _ = flatten(record.json(), &mut |path, value| {
            self.fields.entry(path.to_owned()).or_default().add(&value);
        });
    }

    /// Returns the type of a field; `None` if no record has a value, or their values have several types.
    pub(crate) fn get(&self, field: &str) -> Option<FieldType> {
        match self.fields.get(field) {
            Some(seen) => seen.field_type().or_else(|| self.is_object(field).then_some(FieldType::Object)),
            None => self.is_object(field).then_some(FieldType::Object),
        }
    }

    /// Returns whether any record has this field, even if it is null.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field) || self.is_object(field)
    }

    /// Returns the field that differs from this name only in case and punctuation.
    pub(crate) fn similar(&self, name: &str) -> Option<String> {
        let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        self.fields.keys().filter(|field| plain(field) == plain(name)).min().cloned()
    }

    /// Returns whether the field belongs to another record: beside it is an id.
    pub(crate) fn is_of_other_record(&self, field: &str) -> bool {
        field
            .rsplit_once('.')
            .is_some_and(|(parent, name)| name != "id" && self.fields.contains_key(&format!("{parent}.id")))
    }

    fn is_object(&self, field: &str) -> bool {
        let prefix = format!("{field}.");
        self.fields.keys().any(|path| path.starts_with(&prefix))
    }
}

impl Seen {
    fn add(&mut self, value: &Value) {
        match value {
            Value::Null => {}
            Value::Bool(_) => self.bools = true,
            Value::Number(_) => self.numbers = true,
            Value::Json(_) => self.lists = true,
            Value::Text(text) if is_date(text, DateOrder::Ymd) => self.dates = true,
            Value::Text(_) => self.texts = true,
        }
    }

    fn field_type(self) -> Option<FieldType> {
        let one = |part: Self, found| (self == part).then_some(found);
        let none = Self::default();
        one(Self { texts: true, ..none }, FieldType::Text)
            .or(one(Self { texts: true, dates: true, ..none }, FieldType::Text))
            .or(one(Self { numbers: true, ..none }, FieldType::Number))
            .or(one(Self { bools: true, ..none }, FieldType::Bool))
            .or(one(Self { dates: true, ..none }, FieldType::Date))
            .or(one(Self { lists: true, ..none }, FieldType::Json))
    }
}
