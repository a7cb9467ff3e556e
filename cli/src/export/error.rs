//! Why an export has failed.

use std::io;

/// The reason of a failed export. Its text is in the messages.
#[derive(Debug)]
pub(crate) enum ExportError {
    /// The list could not be read.
    Api(egito::Error),
    /// A file could not be written.
    File(io::Error),
    /// The encoding does not have a character.
    Character { record: String, field: String, character: char },
    /// A cell of a spreadsheet cannot hold the text.
    TooLong { record: String, field: String, limit: usize },
    /// A spreadsheet cannot hold the table: `what` are its rows or columns.
    TooLarge { limit: usize },
    /// A record that the server sent is not readable.
    Record(serde_json::Error),
    /// The library of the format has refused the table.
    Format(String),
}

impl From<egito::Error> for ExportError {
    fn from(error: egito::Error) -> Self {
        Self::Api(error)
    }
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<serde_json::Error> for ExportError {
    fn from(error: serde_json::Error) -> Self {
        Self::Record(error)
    }
}

impl From<csv::Error> for ExportError {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::File(error),
            kind => Self::Format(format!("{kind:?}")),
        }
    }
}
