//! Journals: files that record which rows of a bulk were begun and which are done, so that a later run continues there.
//!
//! The start of a row is on the disk before its request is sent, and its end before its row is returned. So after a crash at any moment,
//! a row is either done, or was not sent, or is in doubt.

mod file;
mod fingerprint;
mod line;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use fingerprint::Fingerprint;
pub(crate) use line::Header;

use crate::error::{Code, Error, Outcome, Result};
use file::{JournalFile, Rows};
use line::{Entry, State};
use serde_json::value::RawValue;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use writer::Writer;

/// An open journal. It belongs to one bulk at a time.
#[derive(Debug)]
pub(crate) struct Journal {
    writer: Writer,
    /// The rows of earlier runs, until they are asked for.
    rows: Mutex<Rows>,
    has_doubts: bool,
}

/// What happened to a row in earlier runs.
#[derive(Debug)]
pub(crate) enum Past {
    /// It was not sent, or has certainly done nothing.
    Nothing,
    /// It may have been done.
    InDoubt,
    /// It is done, with this result.
    Done(Box<RawValue>),
}

impl Journal {
    /// Opens the file, or creates it, and reads it.
    ///
    /// Error `config` (setting `journal`): the file is in use, damaged, or of another bulk, or it cannot be written.
    pub(crate) fn open(path: &Path, header: &Header) -> Result<Self> {
        if path.as_os_str().is_empty() {
            return Err(Error::config(
                "journal",
                "invalid `journal`: the path is empty; pass the path of a file, or leave it out",
            ));
        }
        let (file, content) = JournalFile::open(path, header)?;
        let has_doubts = content.rows.values().any(|place| place.in_doubt);
        Ok(Self { writer: Writer::new(file, content.lines), rows: Mutex::new(content.rows), has_doubts })
    }

    /// Returns whether there were rows in doubt when the file was opened.
    pub(crate) fn has_doubts(&self) -> bool {
        self.has_doubts
    }

    /// Returns what happened to a row in earlier runs. Each row can be asked for once.
    ///
    /// Error `config` (setting `journal`): it was done, or may have been, with another input.
    pub(crate) fn past(&self, row: u64, input: Fingerprint) -> Result<Past> {
        let place = self.rows.lock().unwrap_or_else(PoisonError::into_inner).remove(&row);
        let Some(place) = place else { return Ok(Past::Nothing) };
        let line = self.writer.file().line(place)?;
        let entry = self.entry(&line, row)?;
        if entry.input != input {
            return Err(self.other_input(row));
        }
        match (entry.state, entry.result) {
            (State::Done, Some(result)) => Ok(Past::Done(result.to_owned())),
            (State::Started | State::Unknown, _) => Ok(Past::InDoubt),
            _ => Err(self.changed(row)),
        }
    }

    /// Writes that a request may be sent from now on, and waits until that is on the disk.
    pub(crate) fn begin(&self, row: u64, input: Fingerprint) -> impl Future<Output = Result<()>> + Send + use<> {
        self.writer.write(&Entry::new(row, State::Started, input))
    }

    /// Writes the result of a row that is done, and waits until that is on the disk.
    pub(crate) fn done(
        &self,
        row: u64,
        input: Fingerprint,
        result: &RawValue,
    ) -> impl Future<Output = Result<()>> + Send + use<> {
        self.writer.write(&Entry { result: Some(result), ..Entry::new(row, State::Done, input) })
    }

    /// Writes the error of a row, and waits until that is on the disk. A row that was `in_doubt` stays so if nothing was sent.
    pub(crate) fn failed(
        &self,
        row: u64,
        input: Fingerprint,
        error: &Error,
        in_doubt: bool,
    ) -> impl Future<Output = Result<()>> + Send + use<> {
        let did_nothing = match error.outcome() {
            Some(Outcome::Rejected) => true,
            Some(Outcome::NotSent) => !in_doubt,
            Some(Outcome::Unknown) | None => false,
        };
        let state = if did_nothing { State::Failed } else { State::Unknown };
        self.writer.write(&Entry { code: Some(error.code().as_str()), ..Entry::new(row, state, input) })
    }

    /// Writes without waiting that nothing was sent of a row that was begun.
    pub(crate) fn not_sent(&self, row: u64, input: Fingerprint, in_doubt: bool) {
        let state = if in_doubt { State::Unknown } else { State::Failed };
        let code = Some(Code::Cancelled.as_str());
        self.writer.write_later(&Entry { code, ..Entry::new(row, state, input) });
    }

    /// Unlocks the file, so that another bulk can use it, until a further row is begun.
    pub(crate) fn unlock(&self) {
        self.writer.unlock();
    }

    /// Unlocks the file for good. Rows that end later are not written, so they stay in doubt.
    pub(crate) fn close(&self) {
        self.writer.close();
    }

    fn entry<'a>(&self, line: &'a [u8], row: u64) -> Result<Entry<'a>> {
        let entry = line.strip_suffix(b"\n").and_then(line::read::<Entry<'a>>);
        entry.filter(|entry| entry.row == row).ok_or_else(|| self.changed(row))
    }

    fn other_input(&self, row: u64) -> Error {
        let message = format!(
            "invalid `journal` \"{}\": the input at index {row} is not the one that an earlier run has sent; pass the same inputs in the \
             same order, or another journal. No further input is sent",
            self.writer.file().path().display()
        );
        Error::config("journal", message).with(|d| d.changed_input = true)
    }

    fn changed(&self, row: u64) -> Error {
        let message = format!(
            "invalid `journal` \"{}\": the line of the row at index {row} was changed while the bulk uses it",
            self.writer.file().path().display()
        );
        Error::config("journal", message)
    }
}
