//! A table of records: which fields are its columns, and its rows.

use super::table::{Cell, Columns, GAP};
use super::value::text;
use crate::members::Members;
use egito::Record;

/// A table whose columns were chosen for the first page of a list, so that the others can follow without being kept.
#[derive(Debug)]
pub struct RecordTable {
    fields: Vec<String>,
    columns: Columns,
    /// Fields that the table does not show, since the terminal is too narrow for them.
    pub hidden: Vec<String>,
}

impl RecordTable {
    /// Chooses the columns: the fields that were asked for, or those that fit. `width` is that of the terminal, if there is one.
    pub fn new(asked: Option<&[String]>, first: &[Record], width: Option<usize>) -> Self {
        match asked {
            Some(fields) => Self::with_fields(fields.to_vec(), Vec::new(), first, width),
            None => Self::with_fields_that_fit(first, width),
        }
    }

    fn with_fields_that_fit(first: &[Record], width: Option<usize>) -> Self {
        let all = field_paths(first);
        let Some(width) = width else { return Self::with_fields(all, Vec::new(), first, None) };
        let mut left = width + GAP;
        let fits = |field: &&String| {
            let needed = width_of(field, first) + GAP;
            let fits = needed < left; // one character is the padding of the last column
            left = left.saturating_sub(needed);
            fits
        };
        let count = all.iter().take_while(fits).count().max(1).min(all.len());
        let (shown, hidden) = all.split_at(count);
        Self::with_fields(shown.to_vec(), hidden.to_vec(), first, Some(width))
    }

    fn with_fields(fields: Vec<String>, hidden: Vec<String>, first: &[Record], width: Option<usize>) -> Self {
        let columns = Columns::new(fields.clone(), &rows(&fields, first), width);
        Self { fields, columns, hidden }
    }

    /// Returns records as rows of the table.
    pub fn rows(&self, records: &[Record], with_header: bool) -> String {
        self.columns.table(&rows(&self.fields, records), with_header)
    }
}

fn width_of(field: &str, records: &[Record]) -> usize {
    let widest =
        records.iter().map(|record| cell(field, record.raw(field))).map(|cell| cell.width().min(cell.enough()));
    widest.max().unwrap_or(0).max(console::measure_text_width(field))
}

fn rows(fields: &[String], records: &[Record]) -> Vec<Vec<Cell>> {
    let row = |record: &Record| fields.iter().map(|field| cell(field, record.raw(field))).collect();
    records.iter().map(row).collect()
}

/// Returns the cell of a value. Numbers and ids are not cut.
fn cell(field: &str, json: Option<&str>) -> Cell {
    let json = json.unwrap_or("null");
    let text = text(json);
    let is_number = json.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    if is_number || field == "id" { Cell::exact(text) } else { Cell::text(text) }
}

/// Returns the paths of the fields that have a value: `id` first, then plain values in the order of the records, then lists and
/// objects.
fn field_paths(records: &[Record]) -> Vec<String> {
    let mut fields: Vec<(u8, String)> = Vec::new();
    for record in records {
        let Ok(Members(members)) = serde_json::from_str(record.json()) else { continue };
        for (name, value) in members {
            let path = name.replace('\\', "\\\\").replace('.', "\\.");
            let rank = match value.get().as_bytes().first() {
                _ if path == "id" => 0,
                Some(b'n') => continue,
                Some(b'{' | b'[') => 2,
                _ => 1,
            };
            match fields.iter_mut().find(|(_, known)| *known == path) {
                Some((known, _)) => *known = (*known).max(rank),
                None => fields.push((rank, path)),
            }
        }
    }
    fields.sort_by_key(|(rank, _)| *rank);
    fields.into_iter().map(|(_, path)| path).collect()
}
