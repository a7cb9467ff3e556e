//! What the formats with columns have in common.

use super::columns::Columns;
use super::error::ExportError;
use super::target::Target;
use super::value::Value;

/// A file with columns, which is written row by row.
pub(crate) trait TableWriter {
    /// Writes a record. `cells` has one value for each column.
    fn write(&mut self, record: &str, cells: Vec<Value>) -> Result<(), ExportError>;

    /// Writes the end of the file. The target then has the whole table.
    fn finish(self: Box<Self>) -> Result<Target, ExportError>;
}

/// Returns the paths of the columns.
pub(super) fn paths(columns: &Columns) -> Vec<String> {
    columns.iter().map(|column| column.path.clone()).collect()
}
