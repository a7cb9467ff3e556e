//! Why an import cannot begin or continue. Its texts are in the messages.

use super::dates::DateOrder;
use std::io;
use std::path::Path;

/// The reason why an import cannot begin or continue. A row that cannot be sent is a [`RowProblem`](super::problem::RowProblem).
#[derive(Debug)]
pub(crate) enum ImportError {
    Api(egito::Error),
    File(io::Error),
    UnknownFormat {
        extension: String,
    },
    UnknownEncoding {
        name: String,
    },
    /// The letters are those of an encoding that this program does not read.
    UnclearEncoding,
    NotInEncoding {
        encoding: String,
        line: u64,
    },
    Separator {
        separator: char,
    },
    Csv(String),
    Spreadsheet(String),
    NoSheet {
        name: String,
        names: Vec<String>,
    },
    Mapping {
        message: String,
    },
    UnknownZone {
        name: String,
    },
    /// The file has no header.
    NoColumns,
    SameHeader {
        name: String,
    },
    /// A column with values has no name.
    NoHeader {
        column: usize,
    },
    /// The name of a column cannot be that of a field.
    NotAField {
        column: String,
    },
    /// The mapping names a column that the file does not have.
    NoColumn {
        column: String,
        header: Vec<String>,
    },
    /// Two columns, or a column and a constant, are for the same field.
    SameField {
        field: String,
    },
    /// No column is for a field of the key.
    NoKeyColumn {
        field: String,
        header: Vec<String>,
    },
    /// No record has a field of the key, so no row would find its record.
    UnknownKey {
        field: String,
        similar: Option<String>,
    },
    /// The records refer to another record here, which has an id.
    Reference {
        column: String,
        field: String,
    },
    AmbiguousDates {
        column: String,
        example: String,
    },
    MixedDates {
        column: String,
        orders: Vec<DateOrder>,
    },
    AmbiguousNumbers {
        column: String,
        example: String,
    },
    MixedNumbers {
        column: String,
    },
    /// An earlier import has left its journal.
    JournalExists {
        journal: String,
    },
    NoJournal {
        journal: String,
    },
    /// The file of rejected rows exists, and may have been corrected by a person.
    RejectsExist {
        path: String,
    },
    /// A person has changed the file of rejected rows, which another run would replace.
    RejectsChanged {
        path: String,
        input: String,
    },
    /// Two of the input, the rejected rows and the journal are one file.
    SameFile {
        first: String,
        second: String,
    },
    /// A file cannot be written.
    Write {
        path: String,
        error: io::Error,
    },
    /// The decisions of the first run cannot be read.
    Decisions {
        path: String,
        message: String,
    },
    /// The columns are not those of the first run.
    OtherHeader {
        path: String,
    },
}

impl ImportError {
    /// Returns the failure to write a file.
    pub(crate) fn writing(path: &Path, error: io::Error) -> Self {
        Self::Write { path: path.display().to_string(), error }
    }
}

impl From<egito::Error> for ImportError {
    fn from(error: egito::Error) -> Self {
        Self::Api(error)
    }
}

impl From<io::Error> for ImportError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<csv::Error> for ImportError {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::File(error),
            kind => Self::Csv(format!("{kind:?}")),
        }
    }
}
