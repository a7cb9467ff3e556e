//! The file that says where the next export of changes continues.

use super::target::Target;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// An open mark file. It keeps its content until a new mark is stored.
pub(crate) struct MarkFile {
    /// The mark of the last export; `None` if there was none.
    pub mark: Option<String>,
    target: Target,
}

impl MarkFile {
    /// Reads the file, if it exists, and checks that it can be replaced.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let target = Target::open(path)?;
        if matches!(target, Target::Stream(_)) {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it is not a regular file"));
        }
        let mark = match fs::read_to_string(path) {
            Ok(text) => Some(text.trim().to_owned()),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Self { mark, target })
    }

    /// Replaces the file as a whole.
    pub(crate) fn store(mut self, mark: &str) -> io::Result<()> {
        writeln!(self.target, "{mark}")?;
        self.target.finish()
    }
}
