//! A temporary file with all records, read a second time once the columns are known. It is removed in every case.

use egito::Record;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

/// A file without a name: the system removes it even if the program is killed.
pub(crate) struct Spool {
    file: BufWriter<File>,
}

impl Spool {
    /// Creates the file in a folder, or in that of the system for temporary files.
    pub(crate) fn new(folder: Option<&Path>) -> io::Result<Self> {
        let file = folder.map_or_else(tempfile::tempfile, tempfile::tempfile_in)?;
        Ok(Self { file: BufWriter::with_capacity(1 << 16, file) })
    }

    /// Appends a record.
    pub(crate) fn push(&mut self, record: &Record) -> io::Result<()> {
        let json = record.json().as_bytes();
        let length = u32::try_from(json.len()).map_err(io::Error::other)?;
        self.file.write_all(&length.to_le_bytes())?;
        self.file.write_all(json)
    }

    /// Reads all records, in order.
    pub(crate) fn each<E: From<io::Error>>(self, mut use_record: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let (mut file, mut json) = (BufReader::with_capacity(1 << 16, file), Vec::new());
        let mut length = [0; 4];
        while read_length(&mut file, &mut length)? {
            json.resize(u32::from_le_bytes(length) as usize, 0);
            file.read_exact(&mut json)?;
            use_record(std::str::from_utf8(&json).map_err(io::Error::other)?)?;
        }
        Ok(())
    }
}

/// Returns whether there is another record.
fn read_length(file: &mut impl Read, length: &mut [u8; 4]) -> io::Result<bool> {
    if file.read(&mut length[..1])? == 0 {
        return Ok(false);
    }
    file.read_exact(&mut length[1..])?;
    Ok(true)
}
