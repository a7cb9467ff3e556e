//! A first look at all rows: what the columns have in common.

use super::cell::Cell;
use super::dates::{DateOrder, is_date};
use super::error::ImportError;
use super::input::Input;
use super::numbers::{DecimalMark, split_exponent};

/// Examples of letters that are kept.
const EXAMPLES: usize = 5;

/// The longest example.
const EXAMPLE_LENGTH: usize = 40;

/// What the columns of an input have.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub rows: u64,
    pub columns: Vec<ColumnSurvey>,
    /// Texts with characters other than those of ASCII; each has one that the texts before it do not have.
    pub letters: Vec<String>,
}

/// What the cells of one column have in common.
#[derive(Clone, Debug)]
pub(crate) struct ColumnSurvey {
    /// Cells with a value.
    pub filled: u64,
    pub texts: u64,
    pub numbers: u64,
    pub bools: u64,
    pub times: u64,
    pub json: u64,
    /// Texts that are `{}`.
    pub empty_objects: u64,
    /// Texts that are dates of some order.
    pub dates: u64,
    /// Texts such as `007`.
    pub leading_zeros: u64,
    pub decimal: DecimalMark,
    /// The orders of which all texts are dates.
    pub orders: Vec<DateOrder>,
    /// The orders of which some text is a date, and of no other.
    pub sure_orders: Vec<DateOrder>,
    /// A text that is a date of several orders.
    pub ambiguous_date: Option<String>,
    /// The first value.
    pub example: String,
}

impl Survey {
    /// Reads all rows.
    pub(crate) fn read(input: &Input) -> Result<Self, ImportError> {
        let columns = vec![ColumnSurvey::default(); input.header.len()];
        let mut survey = Self { rows: 0, columns, letters: Vec::new() };
        input.header.iter().for_each(|name| survey.add_letters(name));
        for row in input.rows()? {
            let row = row?;
            survey.rows += 1;
            if row.damage.is_none() {
                for (column, cell) in survey.columns.iter_mut().zip(&row.cells) {
                    column.add(cell);
                }
                row.cells.iter().for_each(|cell| survey.add_letters(cell.text()));
            }
        }
        Ok(survey)
    }

    fn add_letters(&mut self, text: &str) {
        if text.is_ascii() || self.letters.len() == EXAMPLES {
            return;
        }
        let is_new = |c: char| !c.is_whitespace() && !c.is_ascii() && !self.letters.iter().any(|text| text.contains(c));
        if let Some((at, _)) = text.char_indices().find(|(_, c)| is_new(*c)) {
            let before = text[..at].chars().count();
            let start = before.saturating_sub(EXAMPLE_LENGTH / 2);
            self.letters.push(text.chars().skip(start).take(EXAMPLE_LENGTH).collect());
        }
    }
}

impl Default for ColumnSurvey {
    fn default() -> Self {
        Self {
            filled: 0,
            texts: 0,
            numbers: 0,
            bools: 0,
            times: 0,
            json: 0,
            empty_objects: 0,
            dates: 0,
            leading_zeros: 0,
            decimal: DecimalMark::default(),
            orders: DateOrder::ALL.to_vec(),
            sure_orders: Vec::new(),
            ambiguous_date: None,
            example: String::new(),
        }
    }
}

impl ColumnSurvey {
    fn add(&mut self, cell: &Cell) {
        if cell.is_empty() {
            return;
        }
        if self.filled == 0 {
            cell.text().clone_into(&mut self.example);
        }
        self.filled += 1;
        match cell {
            Cell::Text(text) => self.add_text(text.trim()),
            Cell::Number(_) => self.numbers += 1,
            Cell::Bool(_) => self.bools += 1,
            Cell::Time(_) => self.times += 1,
            Cell::Json(_) => self.json += 1,
            Cell::Empty | Cell::Error(_) | Cell::Formula(_) => {}
        }
    }

    fn add_text(&mut self, text: &str) {
        self.texts += 1;
        self.empty_objects += u64::from(text == "{}");
        self.leading_zeros +=
            u64::from(text.len() > 1 && text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()));
        if !split_exponent(text).0.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            self.decimal.add(text);
        }
        let orders: Vec<DateOrder> = DateOrder::ALL.into_iter().filter(|order| is_date(text, *order)).collect();
        self.dates += u64::from(!orders.is_empty());
        if let &[order] = orders.as_slice()
            && !self.sure_orders.contains(&order)
        {
            self.sure_orders.push(order);
        }
        if orders.len() > 1 && self.ambiguous_date.is_none() {
            self.ambiguous_date = Some(text.to_owned());
        }
        self.orders.retain(|order| orders.contains(order));
    }
}
