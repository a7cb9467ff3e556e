//! Lists as Arrow tables: the bytes of pages go straight into columns, and no Python object is made of a record.

mod append;
mod column;
mod export;
mod json;
mod table;
mod widen;

pub(crate) use table::{AS_WRITTEN, ArrowTable, Reading};
