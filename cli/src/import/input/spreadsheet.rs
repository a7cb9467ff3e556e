//! Spreadsheets. Their cells have types: a number is a number, and a date is a date.

use super::Rows;
use crate::import::cell::{Cell, Row};
use crate::import::error::ImportError;
use calamine::{Data, DataType, Range, Reader, open_workbook_auto};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

const SECONDS_OF_DAY: f64 = 86_400.0;

/// The cells of one sheet. Places are those in the range of its values.
#[derive(Clone)]
pub(super) struct Sheet {
    range: Arc<Range<Data>>,
    formulas: Arc<HashMap<(usize, usize), String>>,
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
        // A formula that cannot be read has a value as a rule, which is all that is needed.
        let formulas = workbook.worksheet_formula(&found).unwrap_or_default();
        *name = Some(found);
        Ok(Self::new(range, &formulas))
    }

    fn new(range: Range<Data>, formulas: &Range<String>) -> Self {
        let place = |at: (u32, u32)| {
            let start = range.start().unwrap_or_default();
            Some((at.0.checked_sub(start.0)? as usize, at.1.checked_sub(start.1)? as usize))
        };
        let start = formulas.start().unwrap_or_default();
        let used = formulas.used_cells().filter_map(|(row, column, formula)| {
            let at = (start.0 + u32::try_from(row).ok()?, start.1 + u32::try_from(column).ok()?);
            Some((place(at)?, format!("={formula}")))
        });
        let formulas = Arc::new(used.collect());
        Self { range: Arc::new(range), formulas }
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        let cell = self.range.get((row, column)).map_or(Cell::Empty, read_cell);
        match self.formulas.get(&(row, column)) {
            Some(formula) if matches!(cell, Cell::Empty) => Cell::Formula(formula.clone()),
            _ => cell,
        }
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
        let (sheet, start) = (self.clone(), self.range.start().map_or(0, |(row, _)| u64::from(row)));
        let formulas = self.formulas.keys().map(|(row, _)| row + 1).max().unwrap_or_default();
        let rows = (1..self.range.height().max(formulas)).map(move |row| {
            let cells = (0..columns).map(|column| sheet.cell(row, column)).collect();
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
        // A time of day has no date, and a duration no number: both are texts, as a person sees them.
        Data::DateTime(time) if time.is_duration() || (0.0..1.0).contains(&time.as_f64()) => {
            Cell::Text(hours(time.as_f64()))
        }
        Data::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let is_midnight = (hour, minute, second) == (0, 0, 0);
            Cell::Time(if is_midnight { date } else { format!("{date}T{hour:02}:{minute:02}:{second:02}") })
        }
        Data::DateTimeIso(text) => Cell::Time(text.clone()),
        Data::String(text) | Data::DurationIso(text) => Cell::Text(text.clone()),
    }
}

/// Writes a number of days as hours: `13:30`, or `26:30:15`.
fn hours(days: f64) -> String {
    let seconds = (days.abs() * SECONDS_OF_DAY).round();
    let (hours, minutes, seconds) = ((seconds / 3600.0).floor(), (seconds / 60.0).floor() % 60.0, seconds % 60.0);
    let sign = if days < 0.0 { "-" } else { "" };
    let fraction = if seconds == 0.0 { String::new() } else { format!(":{seconds:02}") };
    format!("{sign}{hours:02}:{minutes:02}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_and_durations_are_texts() {
        assert_eq!([0.5625, 26.5 / 24.0, -0.25].map(hours), ["13:30", "26:30", "-06:00"]);
        assert_eq!(hours(1.0 / SECONDS_OF_DAY), "00:00:01");
    }

    #[test]
    fn a_formula_without_a_value_stays_a_formula() {
        let text = |row, column, text: &str| calamine::Cell::new((row, column), Data::String(text.to_owned()));
        let values = Range::from_sparse(vec![text(2, 1, "nip"), text(2, 2, "name"), text(3, 1, "1")]);
        let formula = |row, column| calamine::Cell::new((row, column), "B4+1".to_owned());
        let sheet = Sheet::new(values, &Range::from_sparse(vec![formula(3, 1), formula(3, 2), formula(4, 2)]));
        let cells: Vec<Vec<String>> =
            sheet.rows(2).map(|row| row.unwrap().cells.iter().map(|cell| cell.text().to_owned()).collect()).collect();
        assert_eq!(cells, [["1", "=B4+1"], ["", "=B4+1"]]);
    }
}
