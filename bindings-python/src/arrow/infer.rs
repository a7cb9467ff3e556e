//! Infers the type of each column from its values.

use super::column::{Column, Data, Fields, Mixed, Texts};
use super::dates;
use super::notes::{Note, Reason, Step};
use super::plan::{Plan, TextKind};
use arrow_schema::{DataType, Field};

/// Options of the inference, and the notes that it makes.
pub(super) struct Inference {
    /// Whether columns of ISO 8601 strings in UTC become timestamps.
    pub dates: bool,
    /// Type of columns without values.
    pub of_nulls: DataType,
    /// Whether decimals keep their digits by an option of the caller. Then there is no note about them.
    pub exact: bool,
    pub notes: Vec<Note>,
    path: Vec<Step>,
}

impl Inference {
    pub fn new(dates: bool, of_nulls: DataType, exact: bool) -> Self {
        Self { dates, of_nulls, exact, notes: Vec::new(), path: Vec::new() }
    }

    /// Infers the types of columns in chunks. The last chunk has all columns, each with the widest type so far.
    pub fn plans(&mut self, chunks: &[&Fields]) -> Vec<Plan> {
        let names = chunks.last().map_or(&[][..], |last| &last.names);
        let column = |name: &String| {
            let columns: Vec<_> = chunks.iter().filter_map(|fields| fields.get(name)).collect();
            self.inside(Some(name.clone()), |this| this.plan(name, &columns))
        };
        names.iter().map(column).collect()
    }

    fn plan(&mut self, name: &str, chunks: &[&Column]) -> Plan {
        let plan = |data_type, texts| Plan::new(name, data_type, texts, Vec::new());
        match chunks.last().map_or(&Data::Null, |last| &last.data) {
            Data::Null => plan(self.of_nulls.clone(), TextKind::Plain),
            Data::Bool(_) => plan(DataType::Boolean, TextKind::Any),
            Data::Int(_) => plan(DataType::Int64, TextKind::Any),
            Data::Float(_) => plan(DataType::Float64, TextKind::Any),
            Data::Text(_) if self.dates && self.are_dates(chunks) => plan(dates::timestamp(), TextKind::Any),
            Data::Text(_) => plan(DataType::Utf8, TextKind::Plain),
            Data::Digits(_) => {
                if !self.exact {
                    self.note(Reason::Digits);
                }
                plan(DataType::Utf8, TextKind::Digits)
            }
            Data::Mixed(_) => {
                let texts = chunks.iter().map(|column| plain_texts(column)).sum();
                let values: usize = chunks.iter().map(|column| column.count_values()).sum();
                self.note(Reason::Mixed { texts, others: values - texts });
                plan(DataType::Utf8, TextKind::Any)
            }
            // Many readers do not support structs without fields.
            Data::Struct(fields) if fields.names.is_empty() => plan(DataType::Utf8, TextKind::Any),
            Data::Struct(_) => {
                let chunks: Vec<_> = chunks.iter().filter_map(|column| column.fields()).collect();
                let children = self.plans(&chunks);
                let members = children.iter().map(|child| child.field.clone()).collect();
                Plan::new(name, DataType::Struct(members), TextKind::Any, children)
            }
            Data::List(_) => {
                let items: Vec<_> = chunks.iter().filter_map(|column| column.items()).collect();
                let item = self.inside(None, |this| this.plan(Field::LIST_FIELD_DEFAULT_NAME, &items));
                Plan::new(name, DataType::List(item.field.clone()), TextKind::Any, vec![item])
            }
        }
    }

    /// Returns whether all strings are points in time. Adds a note if only some are.
    fn are_dates(&mut self, chunks: &[&Column]) -> bool {
        let is_date = |(column, texts): (&Column, &Texts)| {
            (0..column.len()).filter(|&row| column.valid.get_bit(row) && dates::parse(texts.get(row)).is_some()).count()
        };
        let dates = chunks.iter().filter_map(|column| Some((*column, column.texts()?))).map(is_date).sum();
        let others = chunks.iter().map(|column| column.count_values()).sum::<usize>() - dates;
        if dates > 0 && others > 0 {
            self.note(Reason::Dates { dates, others });
        }
        others == 0
    }

    fn inside<T>(&mut self, step: Step, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let done = work(self);
        self.path.pop();
        done
    }

    fn note(&mut self, reason: Reason) {
        self.notes.push(Note { path: self.path.clone(), reason });
    }
}

/// Returns the number of values that are strings of the server.
fn plain_texts(column: &Column) -> usize {
    match &column.data {
        Data::Text(_) => column.count_values(),
        Data::Mixed(Mixed { plain, .. }) => {
            (0..column.len()).filter(|&row| column.valid.get_bit(row) && plain.get_bit(row)).count()
        }
        _ => 0,
    }
}
