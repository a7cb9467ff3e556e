//! One cell of an input.

use serde_json::value::RawValue;

/// A cell, with the type that the file gives it.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Empty,
    /// All cells of a CSV file are texts.
    Text(String),
    /// Digits, such as `5250001009` or `-0.5`.
    Number(String),
    Bool(bool),
    /// A time without an offset, such as `2026-12-31` or `2026-12-31T14:30:00`.
    Time(String),
    /// An error of a spreadsheet, such as `#N/A`.
    Error(String),
    /// A formula whose value is not in the file, such as `=B2+1`.
    Formula(String),
    /// A member of a JSON object.
    Json(Box<RawValue>),
}

impl Cell {
    /// Returns whether the cell has nothing but spaces.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Returns the cell as a person reads it.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Text(text) | Self::Number(text) | Self::Time(text) | Self::Error(text) | Self::Formula(text) => text,
            Self::Bool(true) => "true",
            Self::Bool(false) => "false",
            Self::Json(json) => json.get(),
        }
    }
}

/// One row of an input.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The line of the file, or the row of the sheet, from 1.
    pub line: u64,
    pub cells: Vec<Cell>,
    /// The row cannot be read.
    pub damage: Option<RowDamage>,
}

/// Why a row cannot be read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RowDamage {
    /// It has another number of cells than the header.
    Cells { expected: usize, found: usize },
    /// A quote is not closed, so that the cell has the rows after it.
    OpenQuote { last_line: u64 },
    /// It is not a JSON object.
    NotAnObject,
}

impl Row {
    pub(crate) fn is_empty(&self) -> bool {
        self.damage.is_none() && self.cells.iter().all(Cell::is_empty)
    }
}
