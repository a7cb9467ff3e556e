//! Values that do not fit the type of their column, and the error messages.

use super::notes::{Step, column_name};
use super::page_error::PageError;
use super::scalars::{is_integer, is_number, kind};
use super::type_names;
use arrow_schema::{ArrowError, DataType};
use egito::RecordId;

/// Why a page cannot become a batch.
pub(super) enum CastError {
    Mismatch(Mismatch),
    Arrow(ArrowError),
}

/// A value that does not fit.
pub(super) struct Mismatch {
    /// Row in the page.
    row: usize,
    /// The field and its parents, innermost first.
    path: Vec<Step>,
    problem: Problem,
}

enum Problem {
    Value { got: String, expected: String },
    Null,
    NoColumn,
}

impl CastError {
    /// A value, given as JSON, does not have the type of its column.
    pub fn value(data_type: &DataType, row: usize, json: &[u8]) -> Self {
        let holds = is_number(json).then(|| range(data_type, json)).flatten();
        let name = type_names::name(data_type);
        let problem = match holds {
            Some(holds) => Problem::Value { got: shown(json), expected: format!("{name}, which holds {holds}") },
            None => Problem::Value { got: kind(json).to_owned(), expected: name },
        };
        Self::new(row, problem)
    }

    /// A string is not a point in time.
    pub fn not_a_date(data_type: &DataType, row: usize) -> Self {
        let expected = format!("{}, which takes strings like 2024-02-29T10:11:12.345Z", type_names::name(data_type));
        Self::new(row, Problem::Value { got: "another string".to_owned(), expected })
    }

    /// A null in a column that must not have nulls.
    pub fn null(row: usize) -> Self {
        Self::new(row, Problem::Null)
    }

    /// A field that is not in the schema.
    pub fn no_column(row: usize) -> Self {
        Self::new(row, Problem::NoColumn)
    }

    fn new(row: usize, problem: Problem) -> Self {
        Self::Mismatch(Mismatch { row, path: Vec::new(), problem })
    }

    /// Adds the name of a parent to the path.
    pub fn inside(mut self, name: &str) -> Self {
        if let Self::Mismatch(mismatch) = &mut self {
            mismatch.path.push(Some(name.to_owned()));
        }
        self
    }

    /// Converts the index of a list item to the row of its list, given the ends of the lists.
    pub fn in_list(mut self, ends: &[i32]) -> Self {
        if let Self::Mismatch(mismatch) = &mut self {
            mismatch.path.push(None);
            mismatch.row = ends.partition_point(|&end| usize::try_from(end).is_ok_and(|end| end <= mismatch.row));
        }
        self
    }

    /// Returns the error of the page. `before` is the number of records before it; `id` returns the id of a row.
    pub fn in_page(self, before: usize, id: impl FnOnce(usize) -> Option<RecordId>) -> PageError {
        match self {
            Self::Mismatch(mismatch) => {
                let id = id(mismatch.row);
                mismatch.in_page(before, id)
            }
            Self::Arrow(error) => {
                format!("the page that starts with record {} cannot become a batch: {error}", before + 1).into()
            }
        }
    }
}

impl Mismatch {
    fn in_page(mut self, before: usize, id: Option<RecordId>) -> PageError {
        self.path.reverse();
        let column = column_name(&self.path);
        let record = match &id {
            Some(id) => format!("the record with the id {id}"),
            None => format!("record {}", before + self.row + 1),
        };
        let (problem, advice) = match self.problem {
            Problem::Value { got, expected } => (
                format!("`{column}` of {record} is {got}, but the column's type is {expected}"),
                "choose another type in `schema_overrides` or `schema`, or make such values null with `strict=False`",
            ),
            Problem::Null => (
                format!("`{column}` of {record} is null, but this column is not nullable"),
                "make it nullable in `schema_overrides` or `schema`",
            ),
            Problem::NoColumn => (
                format!("{record} has a field `{column}`, but the schema has no such column"),
                "add it in `schema_overrides` or `schema`, read chosen `fields` only, or leave such fields out with `strict=False`",
            ),
        };
        PageError { problem, advice: Some(advice), id }
    }
}

impl From<ArrowError> for CastError {
    fn from(error: ArrowError) -> Self {
        Self::Arrow(error)
    }
}

/// Returns which numbers a type holds, or `None` if it holds no numbers of this kind.
fn range(data_type: &DataType, json: &[u8]) -> Option<String> {
    use DataType as T;
    let between = |min: i128, max: i128| is_integer(json).then(|| format!("{min} to {max}"));
    match data_type {
        T::Int8 => between(i8::MIN.into(), i8::MAX.into()),
        T::Int16 => between(i16::MIN.into(), i16::MAX.into()),
        T::Int32 => between(i32::MIN.into(), i32::MAX.into()),
        T::Int64 => between(i64::MIN.into(), i64::MAX.into()),
        T::UInt8 => between(0, u8::MAX.into()),
        T::UInt16 => between(0, u16::MAX.into()),
        T::UInt32 => between(0, u32::MAX.into()),
        T::UInt64 => between(0, u64::MAX.into()),
        T::Float32 if is_integer(json) => Some("integers exactly only up to 16777216 (2^24)".to_owned()),
        T::Float64 if is_integer(json) => Some("integers exactly only up to 9007199254740992 (2^53)".to_owned()),
        T::Float32 => Some("numbers up to 3.4e38".to_owned()),
        T::Float64 => Some("numbers up to 1.8e308".to_owned()),
        T::Decimal128(precision, scale) => Some(format!("{precision} digits, {scale} of them after the point")),
        _ => None,
    }
}

/// Returns a number for a message.
fn shown(json: &[u8]) -> String {
    let number = String::from_utf8_lossy(json);
    if number.len() > 80 { format!("a number of {} characters", number.len()) } else { number.into_owned() }
}
