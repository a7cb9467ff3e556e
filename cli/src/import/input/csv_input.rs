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
        let (lines, record) = match file.next_record() {
            Ok(record) => record?,
            Err(error) => return Some(Err(error)),
        };
        let damage = if lines.has_open_quote {
            Some(RowDamage::OpenQuote { last_line: lines.last })
        } else {
            (record.len() != columns).then_some(RowDamage::Cells { expected: columns, found: record.len() })
        };
        let cells = record.iter().map(|cell| Cell::Text(formula::unescape(cell).to_owned())).collect();
        Some(Ok(Row { line: lines.first, cells, damage }))
    })))
}

/// A file whose records have the lines that they are in. (The library counts neither empty lines nor those inside of a cell, and takes
/// an open quote for a cell that ends with the file.)
struct CsvFile {
    reader: Reader<MarkedText>,
    marks: SharedMarks,
    /// Number of line breaks before the end of the last record.
    passed: u64,
}

/// The lines of a record, from 1.
struct Lines {
    first: u64,
    last: u64,
    has_open_quote: bool,
}

/// Offsets of line breaks and quotes that were read, and not passed yet.
type SharedMarks = Arc<Mutex<VecDeque<(u64, u8)>>>;

/// Remembers where the line breaks and the quotes are.
struct MarkedText {
    text: BufReader<Box<dyn Read + Send>>,
    offset: u64,
    marks: SharedMarks,
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
        let marks = SharedMarks::default();
        let text = MarkedText { text, offset: 0, marks: marks.clone() };
        let reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(text);
        Ok(Self { reader, marks, passed })
    }

    /// Returns the next record, and its lines.
    fn next_record(&mut self) -> Result<Option<(Lines, StringRecord)>, ImportError> {
        let mut record = StringRecord::new();
        if !self.reader.read_record(&mut record)? {
            return Ok(None);
        }
        let end = self.reader.position().byte();
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut quotes, mut ends_with_break) = (0_u64, false);
        while let Some((offset, byte)) = marks.front().copied().filter(|(offset, _)| *offset < end) {
            marks.pop_front();
            quotes += u64::from(byte == b'"');
            self.passed += u64::from(byte == b'\n');
            ends_with_break = byte == b'\n' && offset + 1 == end;
        }
        let inside: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let has_open_quote = inside > 0 && quotes % 2 == 1;
        let is_terminated = ends_with_break && !has_open_quote;
        let lines = Lines {
            first: 1 + self.passed - u64::from(is_terminated) - inside as u64,
            last: 1 + self.passed - u64::from(ends_with_break),
            has_open_quote,
        };
        Ok(Some((lines, record)))
    }
}

impl Read for MarkedText {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.text.read(buffer)?;
        let marks =
            buffer[..length].iter().copied().zip(self.offset..).filter(|(byte, _)| matches!(byte, b'\n' | b'"'));
        let marks = marks.map(|(byte, offset)| (offset, byte));
        self.marks.lock().unwrap_or_else(PoisonError::into_inner).extend(marks);
        self.offset += length as u64;
        Ok(length)
    }
}
