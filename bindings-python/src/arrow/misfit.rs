//! Values that do not fit the type of their column, and the message about them.

use super::notes::{Step, column_name};
use super::scalars::{is_integer, is_number, kind};
use super::type_names;
use arrow_schema::{ArrowError, DataType};

/// Why a page does not become a batch.
pub(super) enum Stop {
    Misfit(Misfit),
    Arrow(ArrowError),
}

/// A value that does not fit.
pub(super) struct Misfit {
    /// Of this row of the page.
    row: usize,
    /// The field and those that it is in, from the inside.
    path: Vec<Step>,
    problem: Problem,
}

enum Problem {
    /// What the value is, and what its column takes.
    Value {
        found: String,
        wanted: String,
    },
    Null,
    NoColumn,
}

impl Stop {
    /// A value, given as JSON, is not of the column's type.
    pub fn value(data_type: &DataType, row: usize, json: &[u8]) -> Self {
        let holds = is_number(json).then(|| range(data_type, json)).flatten();
        let name = type_names::name(data_type);
        let problem = match holds {
            Some(holds) => Problem::Value { found: shown(json), wanted: format!("{name}, which holds {holds}") },
            None => Problem::Value { found: kind(json).to_owned(), wanted: name },
        };
        Self::new(row, problem)
    }

    /// A text is not a point in time.
    pub fn no_date(data_type: &DataType, row: usize) -> Self {
        let wanted = format!("{}, which takes texts like 2024-02-29T10:11:12.345Z", type_names::name(data_type));
        Self::new(row, Problem::Value { found: "another text".to_owned(), wanted })
    }

    /// The column must not have nulls.
    pub fn null(row: usize) -> Self {
        Self::new(row, Problem::Null)
    }

    /// The schema has no such column.
    pub fn no_column(row: usize) -> Self {
        Self::new(row, Problem::NoColumn)
    }

    fn new(row: usize, problem: Problem) -> Self {
        Self::Misfit(Misfit { row, path: Vec::new(), problem })
    }

    /// What stopped a column inside the one of this name.
    pub fn inside(mut self, name: &str) -> Self {
        if let Self::Misfit(misfit) = &mut self {
            misfit.path.push(Some(name.to_owned()));
        }
        self
    }

    /// What stopped the items of a list, of which those of each row end here.
    pub fn in_list(mut self, ends: &[i32]) -> Self {
        if let Self::Misfit(misfit) = &mut self {
            misfit.path.push(None);
            misfit.row = ends.partition_point(|&end| usize::try_from(end).is_ok_and(|end| end <= misfit.row));
        }
        self
    }

    /// The message, for a page that begins after so many records.
    pub fn explain(self, before: usize) -> String {
        let Misfit { row, mut path, problem } = match self {
            Self::Misfit(misfit) => misfit,
            Self::Arrow(error) => {
                return format!("the page that begins with record {} is no batch: {error}", before + 1);
            }
        };
        path.reverse();
        let (record, column) = (before + row + 1, column_name(&path));
        match problem {
            Problem::Value { found, wanted } => format!(
                "`{column}` of record {record} is {found}, but the column's type is {wanted}: choose another type in \
                 `schema_overrides` or `schema`, or make such values null with `strict=False`"
            ),
            Problem::Null => format!(
                "`{column}` of record {record} is null, but the schema says that this column is never null: \
                 make it nullable in `schema_overrides` or `schema`"
            ),
            Problem::NoColumn => format!(
                "record {record} has a field `{column}`, but the schema has no such column: add it in \
                 `schema_overrides` or `schema`, read chosen `fields` only, or leave such fields out with `strict=False`"
            ),
        }
    }
}

impl From<ArrowError> for Stop {
    fn from(error: ArrowError) -> Self {
        Self::Arrow(error)
    }
}

/// What a type holds of the kind of number that this is; None where it holds no such numbers at all.
fn range(data_type: &DataType, json: &[u8]) -> Option<String> {
    use DataType as T;
    let between = |least: i128, most: i128| is_integer(json).then(|| format!("{least} to {most}"));
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

/// A number for a message.
fn shown(json: &[u8]) -> String {
    let number = String::from_utf8_lossy(json);
    if number.len() > 80 { format!("a number of {} characters", number.len()) } else { number.into_owned() }
}
