//! Imports a file: reads its rows, decides which column is which field, and sends a record for each row.

mod cell;
mod dates;
mod decisions;
mod error;
mod field_types;
mod input;
mod inputs;
mod mapping;
mod numbers;
mod problem;
mod record;
mod rejects;
mod rules;
mod run;
mod summary;
mod survey;

pub(crate) use cell::RowDamage;
pub(crate) use dates::DateOrder;
pub(crate) use decisions::{Decisions, Mode, VERSION};
pub(crate) use error::ImportError;
pub(crate) use field_types::FieldTypes;
pub(crate) use input::{Input, InputFormat, InputOptions};
pub(crate) use mapping::{CellType, Empty, Mapping};
pub(crate) use problem::RowProblem;
pub(crate) use rejects::{Rejects, hash_of};
pub(crate) use rules::{Decider, Note, Reason, Rule};
pub(crate) use run::{Done, Import, Imported, RunOptions, zone};
pub(crate) use summary::{RowStatus, Summary};
pub(crate) use survey::Survey;
