//! Spreadsheets. Their cells have types: a number is a number, and a date is a date.

use super::Rows;
use crate::import::cell::{Cell, Row};
use crate::import::error::ImportError;
use calamine::{Data, DataType, Range, Reader, open_workbook_auto};
use std::path::Path;
use std::sync::Arc;

/// The cells of one sheet.
pub(super) struct Sheet {
    range: Arc<Range<Data>>,
}

impl Sheet {
    /// Reads a sheet: the first one, unless another is named.
    pub(super) fn open(path: &Path, name: &mut Option<String>) -> Result<Self, ImportError> {
        let mut workbook = open_workbook_auto(path).map_err(|error| ImportError::Spreadsheet(error.to_string()))?;
        let names = workbook.sheet_names();
        let found = match name {
            Some(wanted) => names.iter().find(|found| *found == wanted),
            None => names.first(),
        };
        let Some(found) = found.cloned() else {
            return Err(ImportError::NoSheet { name: name.clone().unwrap_or_default(), names });
        };
        let range = workbook.worksheet_range(&found).map_err(|error| ImportError::Spreadsheet(error.to_string()))?;
        *name = Some(found);
        Ok(Self { range: Arc::new(range) })
    }

    /// Returns the names in the first row that is not empty.
    pub(super) fn header(&self) -> Vec<String> {
        let names = self.range.rows().next().unwrap_or_default();
        let mut names: Vec<String> = names.iter().map(|cell| read_cell(cell).text().trim().to_owned()).collect();
        while names.last().is_some_and(String::is_empty) && self.is_empty_column(names.len() - 1) {
            names.pop();
        }
        names
    }

    fn is_empty_column(&self, column: usize) -> bool {
        self.range.rows().all(|row| row.get(column).is_none_or(Data::is_empty))
    }

    /// Returns the rows after the header.
    pub(super) fn rows(&self, columns: usize) -> Rows {
        let (range, start) = (self.range.clone(), self.range.start().map_or(0, |(row, _)| u64::from(row)));
        let rows = (1..range.height()).map(move |row| {
            let cells = (0..columns).map(|column| range.get((row, column)).map_or(Cell::Empty, read_cell)).collect();
            Ok(Row { line: start + row as u64 + 1, cells, damage: None })
        });
        Box::new(rows)
    }
}

fn read_cell(cell: &Data) -> Cell {
    match cell {
        Data::Empty => Cell::Empty,
        Data::Int(number) => Cell::Number(number.to_string()),
        Data::Float(number) => Cell::Number(number.to_string()),
        Data::Bool(value) => Cell::Bool(*value),
        Data::Error(error) => Cell::Error(error.to_string()),
        Data::DateTime(time) if time.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let is_midnight = (hour, minute, second) == (0, 0, 0);
            Cell::Time(if is_midnight { date } else { format!("{date}T{hour:02}:{minute:02}:{second:02}") })
        }
        Data::DateTime(duration) => Cell::Number(duration.as_f64().to_string()),
        Data::DateTimeIso(text) => Cell::Time(text.clone()),
        Data::String(text) | Data::DurationIso(text) => Cell::Text(text.clone()),
    }
}
