//! The file of rejected rows: the original cells, and why nothing is stored for them.
//!
//! After a person has corrected it, it can be imported itself: the columns that are added here are left out.

use super::cell::{Cell, Row};
use super::input::{Input, InputFormat};
use super::rules::OWN_COLUMNS;
use crate::export::{Target, formula};
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file, which is created with the first row.
pub(crate) struct Rejects {
    path: PathBuf,
    format: InputFormat,
    separator: u8,
    header: Vec<String>,
    writer: Option<Writer>,
    pub rows: u64,
}

enum Writer {
    Csv(Box<csv::Writer<Target>>),
    JsonLines(Target),
}

/// Why a row was rejected.
pub(crate) struct Reason {
    /// One word, such as `refused`.
    pub status: &'static str,
    pub text: String,
}

impl Rejects {
    /// Returns the path of the file beside an input: `leads.rejected.csv`.
    pub(crate) fn path(input: &Path, format: InputFormat) -> PathBuf {
        let extension = if format == InputFormat::Jsonl { "rejected.jsonl" } else { "rejected.csv" };
        input.with_extension(extension)
    }

    pub(crate) fn new(path: PathBuf, input: &Input) -> Self {
        let format = input.options.format.unwrap_or(InputFormat::Csv);
        let separator = input.options.separator.and_then(|separator| u8::try_from(separator).ok()).unwrap_or(b';');
        Self { path, format, separator, header: input.header.clone(), writer: None, rows: 0 }
    }

    /// Writes a row.
    pub(crate) fn push(&mut self, row: &Row, reason: &Reason) -> io::Result<()> {
        self.rows += 1;
        if self.writer.is_none() {
            self.writer = Some(self.open()?);
        }
        match &mut self.writer {
            Some(Writer::Csv(csv)) => push_csv(csv, self.header.len(), row, reason),
            Some(Writer::JsonLines(target)) => push_json(target, &self.header, row, reason),
            None => Ok(()),
        }
    }

    /// Renames the file to its final name. Removes the file of an earlier run if no row is rejected any more.
    pub(crate) fn finish(self) -> io::Result<Option<PathBuf>> {
        match self.writer {
            None => match std::fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(None),
            },
            Some(Writer::Csv(csv)) => {
                csv.into_inner().map_err(|error| io::Error::other(error.to_string()))?.finish()?;
                Ok(Some(self.path))
            }
            Some(Writer::JsonLines(target)) => {
                target.finish()?;
                Ok(Some(self.path))
            }
        }
    }

    fn open(&self) -> io::Result<Writer> {
        let mut target = Target::open(&self.path)?;
        if self.format == InputFormat::Jsonl {
            return Ok(Writer::JsonLines(target));
        }
        target.write_all(b"\xEF\xBB\xBF")?; // Excel recognizes UTF-8 by it
        let mut csv = csv::WriterBuilder::new().delimiter(self.separator).flexible(true).from_writer(target);
        let own = ["line", "status", "reason"].map(|name| format!("{OWN_COLUMNS}{name}"));
        csv.write_record(self.header.iter().chain(&own))?;
        Ok(Writer::Csv(Box::new(csv)))
    }
}

fn push_csv(csv: &mut csv::Writer<Target>, columns: usize, row: &Row, reason: &Reason) -> io::Result<()> {
    // A row with too many cells keeps all of them: those after the reason have no name.
    let cell = |place| row.cells.get(place).map_or("", Cell::text);
    for place in 0..columns {
        csv.write_field(formula::escape(cell(place)).as_bytes())?;
    }
    csv.write_field(row.line.to_string())?;
    csv.write_field(reason.status)?;
    csv.write_field(formula::escape(&reason.text).as_bytes())?;
    for place in columns..row.cells.len() {
        csv.write_field(formula::escape(cell(place)).as_bytes())?;
    }
    Ok(csv.write_record(None::<&[u8]>)?)
}

fn push_json(target: &mut Target, header: &[String], row: &Row, reason: &Reason) -> io::Result<()> {
    let own = serde_json::json!({
        format!("{OWN_COLUMNS}line"): row.line,
        format!("{OWN_COLUMNS}reason"): reason.text,
        format!("{OWN_COLUMNS}status"): reason.status,
    });
    let mut text = own.to_string();
    text.pop();
    if row.damage.is_some() {
        let line = serde_json::to_string(row.cells.first().map_or("", Cell::text))?;
        let _ = write!(text, ",\"{OWN_COLUMNS}text\":{line}"); // a String takes everything
    } else {
        for (name, cell) in header.iter().zip(&row.cells).filter(|(_, cell)| !matches!(cell, Cell::Empty)) {
            let _ = write!(text, ",{}:{}", serde_json::to_string(name)?, cell.text());
        }
    }
    text += "}\n";
    target.write_all(text.as_bytes())
}
