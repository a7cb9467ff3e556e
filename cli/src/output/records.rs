//! Prints a list of records while it is read: as a table, or one JSON object on each line.

use super::json_text::one_line;
use super::{Out, RecordTable, note, terminal_width};
use crate::context::Context;
use crate::failure::Failure;
use crate::filter_check::FilterCheck;
use crate::messages::messages;
use egito::Record;

messages! {
    hidden_fields(count: usize, names: &str)
        "fields not shown ({count}): {names}. Choose with `--fields`, or use `--json`."
        "Pominięto pola ({count}): {names}. Wybierz pola opcją `--fields` albo użyj `--json`.";
    no_records() "no records" "brak rekordów";
    missing_field(field: &str)
        "warning: no record has the field {field:?}; check its name"
        "ostrzeżenie: żaden rekord nie ma pola {field:?}; sprawdź jego nazwę";
}

/// Prints records page by page.
#[derive(Debug)]
pub struct RecordPrinter {
    out: Out,
    fields: Option<Vec<String>>,
    json: bool,
    table: Option<RecordTable>,
    has_records: bool,
    /// Those of the fields that no record has had.
    unknown: Vec<String>,
    filters: FilterCheck,
}

impl RecordPrinter {
    pub fn new(context: &Context, fields: Option<Vec<String>>) -> Self {
        let unknown = fields.clone().unwrap_or_default();
        let (out, json, filters) = (context.out(), context.json, FilterCheck::default());
        Self { out, fields, json, table: None, has_records: false, unknown, filters }
    }

    /// Checks that the records have the values of these filters.
    pub fn with_filters(self, filters: FilterCheck) -> Self {
        Self { filters, ..self }
    }

    /// Prints the next records.
    pub fn print(&mut self, records: &[Record]) -> Result<(), Failure> {
        self.has_records |= !records.is_empty();
        self.filters.add(records);
        self.unknown.retain(|field| records.iter().all(|record| record.raw(field).is_none()));
        if self.json {
            records.iter().try_for_each(|record| self.json_line(record))?;
        } else {
            self.rows(records)?;
        }
        self.out.flush()
    }

    /// Prints remarks about the whole list.
    pub fn finish(&mut self, context: &Context) -> Result<(), Failure> {
        self.out.flush()?;
        match &self.table {
            None if !self.json => note(&context.language.no_records()),
            Some(table) if !table.hidden.is_empty() => {
                note(&context.language.hidden_fields(table.hidden.len(), &table.hidden.join(", ")));
            }
            _ => {}
        }
        for field in self.unknown.iter().filter(|_| self.has_records) {
            note(&context.language.missing_field(field));
        }
        self.filters.warn(context.language);
        Ok(())
    }

    fn rows(&mut self, records: &[Record]) -> Result<(), Failure> {
        if records.is_empty() {
            return Ok(());
        }
        let is_first = self.table.is_none();
        let new = || RecordTable::new(self.fields.as_deref(), records, terminal_width());
        let text = self.table.get_or_insert_with(new).rows(records, is_first);
        self.out.text(&text)
    }

    fn json_line(&mut self, record: &Record) -> Result<(), Failure> {
        let Some(fields) = &self.fields else { return self.out.line(&one_line(record.json())) };
        let members = fields.iter().map(|field| {
            let value = one_line(record.raw(field).unwrap_or("null"));
            format!("{}:{value}", serde_json::Value::from(field.as_str()))
        });
        let line = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
        self.out.line(&line)
    }
}
