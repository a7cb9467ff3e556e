//! Lists as Arrow tables and batches: pages are parsed into columns, without a Python object for any record.

mod append;
mod batches;
mod cast;
mod column;
mod dates;
mod export;
mod infer;
mod json;
mod mismatch;
mod notes;
mod page_error;
mod plan;
mod scalars;
mod table;
mod table_builder;
mod type_names;
mod widen;

pub(crate) use batches::{Batches, SchemaOptions};
pub(crate) use notes::text_columns;
pub(crate) use page_error::PageError;
pub(crate) use table::{ArrowTable, schema_capsule};
pub(crate) use table_builder::{EXACT_DECIMALS, FrameOptions, TableBuilder};
