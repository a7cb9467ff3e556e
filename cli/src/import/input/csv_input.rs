//! CSV files, after they were converted to UTF-8.

use super::Rows;
use super::separator::named_separator;
use super::text_file::TextFile;
use crate::export::formula;
use crate::import::cell::{Cell, Row, RowDamage};
use crate::import::error::ImportError;
use csv::{Reader, StringRecord};
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// Reads the names of the columns.
pub(super) fn header(text: &TextFile, separator: char) -> Result<Vec<String>, ImportError> {
    let mut file = CsvFile::open(text, separator)?;
    let header = file.next_record()?.map(|(_, record)| record).unwrap_or_default();
    Ok(header.iter().map(|name| name.trim().to_owned()).collect())
}

/// Reads the rows after the header.
pub(super) fn rows(text: &TextFile, separator: char, columns: usize) -> Result<Rows, ImportError> {
    let mut file = CsvFile::open(text, separator)?;
    file.next_record()?;
    Ok(Box::new(std::iter::from_fn(move || {
        let (line, record) = match file.next_record() {
            Ok(record) => record?,
            Err(error) => return Some(Err(error)),
        };
        let damage = (record.len() != columns).then_some(RowDamage::Cells { expected: columns, found: record.len() });
        let cells = record.iter().map(|cell| Cell::Text(formula::unescape(cell).to_owned())).collect();
        Some(Ok(Row { line, cells, damage }))
    })))
}

/// A file whose records have the line that they begin in. (The library counts neither empty lines nor those inside of a cell.)
struct CsvFile {
    reader: Reader<LineBreaks>,
    breaks: Offsets,
    /// Number of line breaks before the last record.
    passed: u64,
}

/// Offsets of line breaks that were read, and not passed yet.
type Offsets = Arc<Mutex<VecDeque<u64>>>;

/// Remembers where the line breaks are.
struct LineBreaks {
    text: BufReader<Box<dyn Read + Send>>,
    offset: u64,
    breaks: Offsets,
}

impl CsvFile {
    fn open(text: &TextFile, separator: char) -> Result<Self, ImportError> {
        let mut text = text.reader()?;
        let mut passed = 0;
        if named_separator(text.fill_buf()?).is_some() {
            text.read_line(&mut String::new())?;
            passed = 1;
        }
        let delimiter = u8::try_from(separator).map_err(|_| ImportError::Separator { separator })?;
        let breaks = Offsets::default();
        let text = LineBreaks { text, offset: 0, breaks: breaks.clone() };
        let reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text);
        Ok(Self { reader, breaks, passed })
    }

    /// Returns the next record, and its line.
    fn next_record(&mut self) -> Result<Option<(u64, StringRecord)>, ImportError> {
        let mut record = StringRecord::new();
        if !self.reader.read_record(&mut record)? {
            return Ok(None);
        }
        let end = self.reader.position().byte();
        let mut breaks = self.breaks.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ends_with_break = false;
        while let Some(offset) = breaks.front().copied().filter(|offset| *offset < end) {
            breaks.pop_front();
            self.passed += 1;
            ends_with_break = offset + 1 == end;
        }
        let inside: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        Ok(Some((1 + self.passed - u64::from(ends_with_break) - inside as u64, record)))
    }
}

impl Read for LineBreaks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.text.read(buffer)?;
        let found = buffer[..length].iter().zip(self.offset..).filter(|(byte, _)| **byte == b'\n');
        self.breaks.lock().unwrap_or_else(PoisonError::into_inner).extend(found.map(|(_, offset)| offset));
        self.offset += length as u64;
        Ok(length)
    }
}
