//! The file of a journal: created and locked, read back after a crash, and written at its end.

use super::line::{self, Entry, Header, State};
use crate::descriptors::{OwnedFile, closed_descriptors};
use crate::error::{Error, Result};
use crate::file_lock::private_options;
use std::collections::{BTreeSet, HashMap};
use std::fs::{File, TryLockError};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Maximum length of a line. Only a row with very many duplicates comes near it.
const MAX_LINE: u64 = 64 << 20;

/// A locked file. Only one thread at a time writes to it.
#[derive(Debug)]
pub(super) struct JournalFile {
    file: OwnedFile,
    path: PathBuf,
    /// Number of bytes of all complete lines.
    length: AtomicU64,
}

/// Where the last line of a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    offset: u64,
    length: u32,
    /// Whether the row may have been done. If not, it is done.
    pub in_doubt: bool,
}

/// The rows that are done or in doubt.
pub(super) type Rows = HashMap<u64, Place>;

/// What a file contains.
#[derive(Debug)]
pub(super) struct Content {
    pub rows: Rows,
    /// Number of complete lines, the header included.
    pub lines: u64,
    /// Number of bytes of these lines.
    length: u64,
}

impl JournalFile {
    /// Opens and locks a file, creates it if it does not exist, and reads it. Everything that it contains is then on the disk.
    ///
    /// Error `config` (setting `journal`): the file is in use, damaged, or of another bulk, or it cannot be written.
    pub(super) fn open(path: &Path, header: &Header) -> Result<(Self, Content)> {
        let file = open_and_lock(path)?;
        let content = match read_back(&file, path, header)? {
            Some(content) => content,
            None => start(&file, header).map_err(|error| cannot_write(path, &error))?,
        };
        make_durable(&file, path, content.length).map_err(|error| cannot_write(path, &error))?;
        Ok((Self::of(file, path, content.length)?, content))
    }

    /// Returns an open file whose complete lines have this length.
    pub(super) fn of(file: File, path: &Path, length: u64) -> Result<Self> {
        let file = OwnedFile::new(file).map_err(|error| cannot_read(path, &error))?;
        Ok(Self { file, path: path.to_owned(), length: AtomicU64::new(length) })
    }

    /// Appends complete lines, and waits until they are on the disk. After an error, the file must not be written any more.
    pub(super) fn append(&self, lines: &[u8]) -> Result<()> {
        let file = self.file.get().ok_or_else(|| closed_descriptors("bulk"))?;
        let length = self.length.load(Ordering::Relaxed);
        let written = positioned::write_all(file, lines, length).and_then(|()| file.sync_data());
        written.map_err(|error| cannot_write(&self.path, &error))?;
        self.length.store(length + lines.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    /// Reads the line at a place again.
    pub(super) fn line(&self, place: Place) -> Result<Vec<u8>> {
        let file = self.file.get().ok_or_else(|| closed_descriptors("bulk"))?;
        let mut line = vec![0; place.length as usize];
        positioned::read_exact(file, &mut line, place.offset).map_err(|error| cannot_read(&self.path, &error))?;
        Ok(line)
    }

    /// Locks the file again after [`unlock`](Self::unlock).
    ///
    /// Error `config`: another process uses it, or has used it.
    pub(super) fn lock(&self) -> Result<()> {
        let file = self.file.get().ok_or_else(|| closed_descriptors("bulk"))?;
        lock(file, &self.path)?;
        let length = file.metadata().map_or(u64::MAX, |found| found.len());
        if length != self.length.load(Ordering::Relaxed) {
            self.unlock();
            return Err(in_use(&self.path));
        }
        Ok(())
    }

    /// Unlocks the file explicitly: a forked child shares its description, so closing ours would not unlock it.
    pub(super) fn unlock(&self) {
        let _ = self.file.get().map(File::unlock);
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

fn open_and_lock(path: &Path) -> Result<File> {
    loop {
        if let Ok(found) = std::fs::metadata(path)
            && !found.is_file()
        {
            return Err(invalid(path, "it is not a regular file; pass the path of a file"));
        }
        let opened = private_options().create(true).truncate(false).open(path);
        let file = opened.map_err(|error| cannot_write(path, &error))?;
        lock(&file, path)?;
        // Another process may have removed or replaced the file before it was locked.
        if is_at(&file, path) {
            return Ok(file);
        }
    }
}

fn lock(file: &File, path: &Path) -> Result<()> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => in_use(path),
        TryLockError::Error(error) => invalid(path, &format!("it cannot be locked: {error}")).caused_by(&error),
    })
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |found: std::fs::Metadata| (found.dev(), found.ino());
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(file), Ok(path)) => identity(file) == identity(path),
        _ => false,
    }
}

/// Other systems do not remove open files.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// Reads the whole file, and drops the rest of a write that a crash has cut. Returns `None` if not even the header is complete.
fn read_back(file: &File, path: &Path, header: &Header) -> Result<Option<Content>> {
    let mut reader = Lines::new(file, path);
    let Some(first) = reader.next()? else { return Ok(None) };
    if !check_header(first, path, header)? {
        return Ok(None);
    }
    let (mut content, mut number) = (Content { rows: Rows::new(), lines: 1, length: reader.offset }, 1);
    // The number of the first unreadable line, and whether a crash can have left what follows.
    let (mut unreadable, mut is_cut) = (None, false);
    while let Some(line) = reader.next()? {
        number += 1;
        let text = line.strip_suffix(b"\n");
        let Some(entry) = text.and_then(line::read::<Entry<'_>>) else {
            is_cut |= text.is_none() || line.contains(&0);
            unreadable.get_or_insert(number);
            continue;
        };
        if unreadable.is_some() {
            is_cut = false;
            break;
        }
        if entry.line != number {
            return Err(misplaced(path, number, entry.line));
        }
        add(&mut content.rows, &entry, content.length, line.len());
        (content.lines, content.length) = (number, reader.offset);
    }
    match unreadable {
        Some(number) if !is_cut => Err(damaged(path, number)),
        _ => Ok(Some(content)),
    }
}

/// Checks the first line. Returns whether it is complete; a crash can leave a part of it.
fn check_header(first: &[u8], path: &Path, expected: &Header) -> Result<bool> {
    // Some file systems leave zeros where nothing was written.
    let written = first.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let line = expected.to_line();
    if written < line.len() && line.starts_with(&first[..written]) {
        return Ok(false);
    }
    match line::version(first.strip_suffix(b"\n").unwrap_or(first)) {
        Some(line::VERSION) => {}
        Some(version) => return Err(invalid(path, &other_version(version))),
        None => return Err(invalid(path, "it is not the journal of a bulk; pass another path, or leave it out")),
    }
    let header: Header = first.strip_suffix(b"\n").and_then(line::read).ok_or_else(|| damaged(path, 1))?;
    let key = |header: &Header| header.key.as_ref().map_or("none".to_owned(), |key| key.join(" + "));
    // The rows in doubt of creates without a key can be looked for by a key later.
    let is_same_key =
        key_fields(&header) == key_fields(expected) || (header.key.is_none() && expected.action == "create");
    let differences = [
        ("server", header.server == expected.server, header.server.clone(), expected.server.clone()),
        ("entity", header.entity == expected.entity, header.entity.clone(), expected.entity.clone()),
        ("action", header.action == expected.action, header.action.clone(), expected.action.clone()),
        ("key", is_same_key, key(&header), key(expected)),
    ];
    match differences.into_iter().find(|(_, is_same, ..)| !is_same) {
        None => Ok(true),
        Some((what, _, of_file, of_bulk)) => {
            let why = format!(
                "it belongs to another bulk: its {what} is {of_file}, and that of this bulk is {of_bulk}; use one file for each bulk"
            );
            Err(invalid(path, &why))
        }
    }
}

fn other_version(version: u64) -> String {
    if version > line::VERSION {
        return format!("its version is {version}, so a newer version of this library wrote it; use that");
    }
    format!(
        "its version is {version}, so an older version of this library wrote it, without numbers of its lines; finish the bulk with that"
    )
}

/// Returns the fields of the key, whose order does not matter.
fn key_fields(header: &Header) -> Option<BTreeSet<&String>> {
    header.key.as_ref().map(|key| key.iter().collect())
}

fn add(rows: &mut Rows, entry: &Entry<'_>, offset: u64, length: usize) {
    let in_doubt = match entry.state {
        State::Started | State::Unknown => true,
        State::Done => false,
        State::Failed => {
            rows.remove(&entry.row);
            return;
        }
    };
    let length = u32::try_from(length).expect("a line is shorter than the maximum");
    rows.insert(entry.row, Place { offset, length, in_doubt });
}

/// Reads the lines of a file with their line breaks.
struct Lines<'a> {
    reader: BufReader<&'a File>,
    path: &'a Path,
    line: Vec<u8>,
    /// Offset of the next line.
    offset: u64,
}

impl<'a> Lines<'a> {
    fn new(file: &'a File, path: &'a Path) -> Self {
        Self { reader: BufReader::with_capacity(1 << 16, file), path, line: Vec::new(), offset: 0 }
    }

    fn next(&mut self) -> Result<Option<&[u8]>> {
        self.line.clear();
        let read = self.reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut self.line);
        let length = read.map_err(|error| cannot_read(self.path, &error))? as u64;
        if length == MAX_LINE {
            return Err(invalid(self.path, "it is not the journal of a bulk; pass another path, or leave it out"));
        }
        self.offset += length;
        Ok((length > 0).then_some(&*self.line))
    }
}

/// Writes the header.
fn start(file: &File, header: &Header) -> io::Result<Content> {
    let line = header.to_line();
    file.set_len(0)?;
    positioned::write_all(file, &line, 0)?;
    Ok(Content { rows: Rows::new(), lines: 1, length: line.len() as u64 })
}

/// Removes what is behind the complete lines, and waits until the file and its name are on the disk.
///
/// A killed process can leave lines that are not, and its file may not have a name on the disk yet.
fn make_durable(file: &File, path: &Path, length: u64) -> io::Result<()> {
    if file.metadata()?.len() != length {
        file.set_len(length)?;
    }
    file.sync_all()?;
    sync_folder(path)
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    use io::ErrorKind as Kind;
    let path = std::fs::canonicalize(path)?;
    let Some(folder) = path.parent() else { return Ok(()) };
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some file systems cannot do it, and some folders cannot be read.
        Err(error) if [Kind::InvalidInput, Kind::Unsupported, Kind::PermissionDenied].contains(&error.kind()) => Ok(()),
        synced => synced,
    }
}

/// Other systems write names at once, and cannot open folders.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Reads and writes at an offset, whatever the position of the file.
mod positioned {
    use super::{File, io};

    #[cfg(unix)]
    pub(super) fn write_all(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
    }

    #[cfg(unix)]
    pub(super) fn read_exact(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
    }

    #[cfg(windows)]
    pub(super) fn write_all(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = std::os::windows::fs::FileExt::seek_write(file, bytes, offset)?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            (bytes, offset) = (&bytes[written..], offset + written as u64);
        }
        Ok(())
    }

    #[cfg(windows)]
    pub(super) fn read_exact(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            let read = std::os::windows::fs::FileExt::seek_read(file, bytes, offset)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            (bytes, offset) = (&mut bytes[read..], offset + read as u64);
        }
        Ok(())
    }
}

fn invalid(path: &Path, why: &str) -> Error {
    Error::config("journal", format!("invalid `journal` \"{}\": {why}", path.display()))
}

fn in_use(path: &Path) -> Error {
    invalid(path, "another process or bulk uses it; wait until that has ended")
}

fn cannot_read(path: &Path, error: &io::Error) -> Error {
    invalid(path, &format!("it cannot be read: {error}")).caused_by(error)
}

pub(super) fn cannot_write(path: &Path, error: &io::Error) -> Error {
    let why = format!("it cannot be written: {error}; correct this and run the bulk again with the same journal");
    invalid(path, &why).caused_by(error)
}

pub(super) fn damaged(path: &Path, line: u64) -> Error {
    let why =
        format!("line {line} is damaged, so it is not certain which rows were done; restore the file from a backup");
    invalid(path, &why)
}

/// Returns the error for an intact line in a place of another line.
fn misplaced(path: &Path, line: u64, number: u64) -> Error {
    let why = format!(
        "line {line} has the number {number}, so lines were removed, copied or moved, and it is not certain which rows were done; \
         restore the file from a backup"
    );
    invalid(path, &why)
}
