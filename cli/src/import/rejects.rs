//! The file of rejected rows: the original cells, and why nothing is stored for them.
//!
//! After a person has corrected it, it can be imported itself: the columns that are added here are left out.

use super::cell::{Cell, Row};
use super::error::ImportError;
use super::input::{Input, InputFormat};
use super::mapping::CellType;
use super::rules::{OWN_COLUMNS, Rule};
use crate::export::{Target, formula};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

/// The file, which is created with the first row.
pub(crate) struct Rejects {
    path: PathBuf,
    format: InputFormat,
    separator: u8,
    columns: Vec<Column>,
    /// Number of cells of a row that is not damaged.
    width: usize,
    writer: Option<Writer>,
    failure: Option<io::Error>,
}

/// A column of the input that is written.
struct Column {
    place: usize,
    name: String,
    /// The decimal mark with which its numbers are read again.
    decimal: char,
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

    pub(crate) fn new(path: PathBuf, input: &Input, rules: &[Rule]) -> Self {
        let format = input.options.format.unwrap_or(InputFormat::Csv);
        let separator = input.options.separator.and_then(|separator| u8::try_from(separator).ok()).unwrap_or(b';');
        Self {
            path,
            format,
            separator,
            columns: columns(&input.header, rules),
            width: input.header.len(),
            writer: None,
            failure: None,
        }
    }

    /// Checks that the file can be written, before anything is sent.
    pub(crate) fn check(&self) -> Result<(), ImportError> {
        let is_stream = self.path == Path::new("-")
            || fs::metadata(&self.path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        if is_stream {
            return Ok(());
        }
        Target::open(&self.path).map(drop).map_err(|error| ImportError::writing(&self.path, error))
    }

    /// Writes a row. After an error, the other rows are not written: another run writes all of them again.
    pub(crate) fn push(&mut self, row: &Row, reason: &Reason) {
        if self.failure.is_none() {
            self.failure = self.try_push(row, reason).err();
        }
    }

    fn try_push(&mut self, row: &Row, reason: &Reason) -> io::Result<()> {
        if self.writer.is_none() {
            self.writer = Some(self.open()?);
        }
        match &mut self.writer {
            Some(Writer::Csv(csv)) => push_csv(csv, &self.columns, self.width, row, reason),
            Some(Writer::JsonLines(target)) => push_json(target, &self.columns, row, reason),
            None => Ok(()),
        }
    }

    /// Renames the file to its final name. Removes the file of an earlier run if no row is rejected any more.
    pub(crate) fn finish(mut self) -> Result<Option<PathBuf>, ImportError> {
        let path = self.path.clone();
        self.failure.take().map_or_else(|| self.close(), Err).map_err(|error| ImportError::writing(&path, error))
    }

    fn close(self) -> io::Result<Option<PathBuf>> {
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
        csv.write_record(self.columns.iter().map(|column| &column.name).chain(&own))?;
        Ok(Writer::Csv(Box::new(csv)))
    }
}

/// Returns the columns of an input, without those that an earlier file of rejected rows has added.
fn columns(header: &[String], rules: &[Rule]) -> Vec<Column> {
    let is_own = |name: &str| name.starts_with(OWN_COLUMNS);
    let decimal = |place| rules.iter().find(|rule| rule.column == place && rule.kind == CellType::Number);
    let column = |(place, name): (usize, &String)| Column {
        place,
        name: name.clone(),
        decimal: decimal(place).map_or('.', |rule| rule.decimal),
    };
    header.iter().enumerate().filter(|(_, name)| !is_own(name)).map(column).collect()
}

fn push_csv(
    csv: &mut csv::Writer<Target>,
    columns: &[Column],
    width: usize,
    row: &Row,
    reason: &Reason,
) -> io::Result<()> {
    for column in columns {
        let text = match row.cells.get(column.place) {
            Some(Cell::Number(number)) if column.decimal != '.' => {
                Cow::Owned(number.replace('.', column.decimal.encode_utf8(&mut [0; 4])))
            }
            cell => Cow::Borrowed(cell.map_or("", Cell::text)),
        };
        csv.write_field(formula::escape(&text).as_bytes())?;
    }
    csv.write_field(row.line.to_string())?;
    csv.write_field(reason.status)?;
    csv.write_field(formula::escape(&reason.text).as_bytes())?;
    // A row with too many cells keeps all of them: those after the reason have no name.
    for cell in row.cells.iter().skip(width) {
        csv.write_field(formula::escape(cell.text()).as_bytes())?;
    }
    Ok(csv.write_record(None::<&[u8]>)?)
}

/// Returns a hash of a file (FNV-1a), by which a later run knows whether a person has changed it; `None` if there is no such file.
pub(crate) fn hash_of(path: &Path) -> io::Result<Option<String>> {
    if !fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return Ok(None);
    }
    let (mut file, mut hash) = (BufReader::new(File::open(path)?), 0xCBF2_9CE4_8422_2325_u64);
    loop {
        let piece = file.fill_buf()?;
        if piece.is_empty() {
            return Ok(Some(format!("{hash:016x}")));
        }
        hash = piece.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
        let length = piece.len();
        file.consume(length);
    }
}

fn push_json(target: &mut Target, columns: &[Column], row: &Row, reason: &Reason) -> io::Result<()> {
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
        let cells = columns.iter().filter_map(|column| Some((&column.name, row.cells.get(column.place)?)));
        for (name, cell) in cells.filter(|(_, cell)| !matches!(cell, Cell::Empty)) {
            let _ = write!(text, ",{}:{}", serde_json::to_string(name)?, cell.text());
        }
    }
    text += "}\n";
    target.write_all(text.as_bytes())
}
