//! Errors of the file of an outbox.

use crate::error::Error;
use rusqlite::ErrorCode;
use std::io;
use std::path::Path;

/// Why work on the database failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The database cannot be read or written.
    Database(rusqlite::Error),
    /// The content of an entry is not what this version writes.
    Damaged(String),
    /// The caller asked for something that is not possible.
    Refused(Error),
}

/// The result of work on the database.
pub(super) type Work<T> = std::result::Result<T, Failure>;

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl Failure {
    /// Returns the error for callers. Unless the caller's request was refused, it is `config` with the setting `outbox`.
    pub(super) fn into_error(self, path: &Path) -> Error {
        match self {
            Self::Database(error) => of_database(path, &error),
            Self::Damaged(what) => unusable(path, &damaged(&what)),
            Self::Refused(error) => error,
        }
    }
}

/// Returns the error of an entry that cannot be read, and is therefore not sent.
pub(super) fn damaged_entry(why: &str) -> Error {
    let message = format!(
        "the file of the outbox is damaged ({why}), so this entry is not sent; `edit` it with its whole record if only the record is \
         damaged, otherwise `discard` it"
    );
    Error::config("outbox", message)
}

/// Returns the error for a file that cannot be used, and why.
pub(super) fn unusable(path: &Path, why: &str) -> Error {
    Error::config("outbox", format!("invalid `outbox` \"{}\": {why}", path.display()))
}

/// Returns the error for a file or folder that cannot be created or opened.
pub(super) fn cannot_open(path: &Path, error: &io::Error) -> Error {
    unusable(path, &format!("it cannot be opened for reading and writing: {error}")).caused_by(error)
}

fn of_database(path: &Path, error: &rusqlite::Error) -> Error {
    let why = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
            "another program has locked it for too long; nothing was changed".to_owned()
        }
        Some(ErrorCode::DiskFull) => {
            "the disk is full; the entries stored before are safe, and a delivery looks for what it has sent before it sends it again".to_owned()
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => format!(
            "it cannot be written ({error}); the file, the files next to it that end in -wal and -shm, and their folder must be \
             writable"
        ),
        Some(ErrorCode::NotADatabase) => {
            format!("it is not an outbox, so use another file; or {}", damaged("its header is not that of a database"))
        }
        Some(ErrorCode::SystemIoFailure) => {
            format!("the disk failed ({error}); the last change may be missing, so make it again after the disk works")
        }
        Some(ErrorCode::TooBig) => "the record is larger than an entry can be (1 GB); nothing was changed".to_owned(),
        Some(ErrorCode::OutOfMemory) => "there is not enough memory; nothing was changed".to_owned(),
        _ => damaged(&error.to_string()),
    };
    unusable(path, &why).caused_by(error)
}

fn damaged(what: &str) -> String {
    format!(
        "it is damaged ({what}); nothing was deleted; stop the programs that use it, keep all files whose names begin like its own, and \
         recover the entries as the page \"Outbox\" of the documentation describes"
    )
}
