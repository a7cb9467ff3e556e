//! Lists as Arrow tables and batches: the bytes of pages go straight into columns, and no Python object is made of a record.

mod append;
mod batch_reader;
mod batches;
mod column;
mod dates;
mod export;
mod fit;
mod infer;
mod json;
mod misfit;
mod notes;
mod plan;
mod reading;
mod scalars;
mod table;
mod type_names;
mod widen;

pub(crate) use batch_reader::ArrowBatches;
pub(crate) use batches::{Batches, Wishes};
pub(crate) use reading::{AS_WRITTEN, FrameOptions, Reading};
pub(crate) use table::ArrowTable;
