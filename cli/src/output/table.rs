//! Tables that fit the terminal: each row has one line. A long text ends in `…`; numbers and ids are never cut.

use super::{Out, note, terminal_width};
use crate::failure::Failure;
use comfy_table::{ColumnConstraint, ContentLineStyle, LineStyle, Row, Table, TableStyle, Width};
use console::measure_text_width;
use std::io::IsTerminal;

/// Space between two columns: one character is the padding of the left one, the other one separates them.
pub const GAP: usize = 2;

/// The width of a text that is enough to recognize a record.
const ENOUGH: usize = 32;

/// The least width that a column is narrowed to.
const MIN_WIDTH: usize = 8;

const STYLE: TableStyle = TableStyle::new().content_lines(ContentLineStyle::none().junction(' '));
const STYLE_WITH_HEADER: TableStyle = STYLE
    .header_lines(ContentLineStyle::none().junction(' '))
    .header_separator(LineStyle::none().fill('─').junction('─'));

/// The text of a cell.
#[derive(Clone, Debug)]
pub struct Cell {
    text: String,
    /// Whether a part of the text would be wrong, as that of a number is.
    is_exact: bool,
}

impl Cell {
    /// Returns a text, which may be cut.
    pub fn text(text: String) -> Self {
        Self { text, is_exact: false }
    }

    /// Returns a number or an id, which is never cut.
    pub fn exact(text: String) -> Self {
        Self { text, is_exact: true }
    }

    /// Returns the width that is enough to recognize the value.
    pub fn enough(&self) -> usize {
        if self.is_exact { usize::MAX } else { ENOUGH }
    }

    /// Returns the number of columns of the terminal that the text needs.
    pub fn width(&self) -> usize {
        measure_text_width(&self.text)
    }
}

/// The names and widths of the columns of a table.
#[derive(Clone, Debug)]
pub struct Columns {
    names: Vec<String>,
    /// `None`: stdout is not a terminal, and no cell is cut.
    widths: Option<Vec<usize>>,
}

impl Columns {
    /// Returns the columns for these rows. `width` is that of the terminal, if there is one.
    pub fn new(names: Vec<String>, rows: &[Vec<Cell>], width: Option<usize>) -> Self {
        let widths = width
            .map(|width| narrowed(widths(&names, rows, |_| true), &widths(&names, rows, |cell| cell.is_exact), width));
        Self { names, widths }
    }

    /// Returns rows as text, with a line break at the end of each.
    pub fn table(&self, rows: &[Vec<Cell>], with_header: bool) -> String {
        let mut table = Table::new();
        table.load_style(if with_header { STYLE_WITH_HEADER } else { STYLE });
        table.set_delimiter('\0'); // a text is cut anywhere, not only between words
        if with_header {
            table.set_header(row(self.names.iter()));
        }
        table.add_rows(rows.iter().map(|cells| row(cells.iter().map(|cell| &cell.text))));
        for (column, width) in table.column_iter_mut().zip(self.widths_of(rows)) {
            column.set_padding((0, 1));
            let width = u16::try_from(width + 1).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
        table.trim_fmt() + "\n"
    }

    /// Returns the widths for these rows. Rows after the first page may need more.
    fn widths_of(&self, rows: &[Vec<Cell>]) -> Vec<usize> {
        let Some(chosen) = &self.widths else { return widths(&self.names, rows, |_| true) };
        let needed = widths(&self.names, rows, |cell| cell.is_exact);
        let names = self.names.iter().map(|name| measure_text_width(name));
        chosen
            .iter()
            .zip(needed)
            .zip(names)
            .map(|((&chosen, needed), name)| if needed > name { chosen.max(needed) } else { chosen })
            .collect()
    }
}

/// Prints a whole table to stdout.
pub fn print_table(out: &mut Out, names: &[impl ToString], rows: &[Vec<Cell>]) -> Result<(), Failure> {
    let names = names.iter().map(ToString::to_string).collect();
    out.text(&Columns::new(names, rows, terminal_width()).table(rows, true))
}

/// Prints a table to stderr.
pub fn note_table(names: &[impl ToString], rows: &[Vec<Cell>]) {
    let width = std::io::stderr().is_terminal().then(|| usize::from(console::Term::stderr().size().1));
    let names = names.iter().map(ToString::to_string).collect();
    note(Columns::new(names, rows, width).table(rows, true).trim_end());
}

fn row<'a>(cells: impl Iterator<Item = &'a String>) -> Row {
    let mut row = Row::from(cells);
    row.max_height(1);
    row
}

/// Returns the width that each column needs for its name and some of its cells.
fn widths(names: &[String], rows: &[Vec<Cell>], counts: impl Fn(&Cell) -> bool) -> Vec<usize> {
    let mut widths: Vec<usize> = names.iter().map(|name| measure_text_width(name).max(1)).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row).filter(|(_, cell)| counts(cell)) {
            *width = (*width).max(cell.width());
        }
    }
    widths
}

/// Narrows the widest columns of texts until the table fits. `exact` has the least width of each column.
fn narrowed(mut widths: Vec<usize>, exact: &[usize], available: usize) -> Vec<usize> {
    let gaps = GAP * widths.len().saturating_sub(1) + 1;
    while widths.iter().sum::<usize>() + gaps > available {
        let can_shrink = |(index, width): &(usize, &mut usize)| **width > exact[*index].max(MIN_WIDTH);
        let widest = widths.iter_mut().enumerate().filter(can_shrink).max_by_key(|(_, width)| **width);
        let Some((_, width)) = widest else { break };
        *width -= 1;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(width: Option<usize>) -> String {
        let row = |id: &str, name: &str| vec![Cell::exact(id.into()), Cell::text(name.into())];
        let first = [row("1", "Zażółć gęślą jaźń"), row("22", "日本")];
        let columns = Columns::new(vec!["id".into(), "name".into()], &first, width);
        columns.table(&first, true) + &columns.table(&[row("1234567890", "Ryś i Żbik, spółka jawna")], false)
    }

    #[test]
    fn texts_are_cut_and_numbers_are_not() {
        let lines = "id  name\n────────────────\n1   Zażółć gęś…\n22  日本\n1234567890  Ryś i Żbik…\n";
        assert_eq!(table(Some(16)), lines);
    }

    #[test]
    fn nothing_is_cut_without_a_terminal() {
        assert!(table(None).contains("\n1   Zażółć gęślą jaźń\n"));
        assert!(table(None).ends_with("\n1234567890  Ryś i Żbik, spółka jawna\n"));
    }
}
