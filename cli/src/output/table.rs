//! Tables that fit the terminal: each row has one line, and a cell that is too long ends in `…`.

use super::{Out, note, terminal_width};
use crate::failure::Failure;
use comfy_table::{ColumnConstraint, ContentArrangement, LineStyle, Row, Table, TableStyle, Width};
use console::measure_text_width;
use std::io::IsTerminal;

/// Space between two columns.
const GAP: usize = 2;

/// The least width that a column is narrowed to.
const MIN_WIDTH: usize = 8;

/// The widths of the columns of a table.
#[derive(Clone, Debug)]
pub struct Columns {
    names: Vec<String>,
    /// `None`: stdout is not a terminal, and no cell is cut.
    widths: Option<Vec<usize>>,
}

/// Returns the columns for these rows. `width` is that of the terminal, if there is one.
pub fn columns(names: Vec<String>, rows: &[Vec<String>], width: Option<usize>) -> Columns {
    let needed = widths(&names, rows);
    let widths = width.map(|width| narrowed(needed, width));
    Columns { names, widths }
}

/// Prints a whole table to stdout.
pub fn print_table(out: &mut Out, names: Vec<String>, rows: &[Vec<String>]) -> Result<(), Failure> {
    let columns = columns(names, rows, terminal_width());
    out.text(&columns.table(rows, true))
}

/// Prints a table to stderr.
pub fn note_table(names: Vec<String>, rows: &[Vec<String>]) {
    let width = std::io::stderr().is_terminal().then(|| usize::from(console::Term::stderr().size().1));
    note(columns(names, rows, width).table(rows, true).trim_end());
}

impl Columns {
    /// Returns rows as text, with a line break at the end of each.
    pub fn table(&self, rows: &[Vec<String>], with_header: bool) -> String {
        let mut table = Table::new();
        table.load_style(if with_header { WITH_HEADER } else { TableStyle::new() });
        table.set_content_arrangement(ContentArrangement::Disabled);
        if with_header {
            table.set_header(row(&self.names));
        }
        table.add_rows(rows.iter().map(row));
        let widths = self.widths.clone().unwrap_or_else(|| widths(&self.names, rows));
        let last = widths.len().saturating_sub(1);
        for (index, (column, width)) in table.column_iter_mut().zip(widths).enumerate() {
            let gap = if index == last { 0 } else { GAP };
            column.set_padding((0, u16::try_from(gap).unwrap_or(0)));
            let width = u16::try_from(width + gap).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
        table.trim_fmt() + "\n"
    }
}

const WITH_HEADER: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

fn row(cells: &Vec<String>) -> Row {
    let mut row = Row::from(cells);
    row.max_height(1);
    row
}

/// Returns the width that each column needs.
fn widths(names: &[String], rows: &[Vec<String>]) -> Vec<usize> {
    let mut widths: Vec<usize> = names.iter().map(|name| measure_text_width(name).max(1)).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(measure_text_width(cell));
        }
    }
    widths
}

/// Narrows the widest columns until the table fits.
fn narrowed(mut widths: Vec<usize>, available: usize) -> Vec<usize> {
    let gaps = GAP * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > available {
        let Some(widest) = widths.iter_mut().max() else { break };
        if *widest <= MIN_WIDTH {
            break;
        }
        *widest -= 1;
    }
    widths
}
