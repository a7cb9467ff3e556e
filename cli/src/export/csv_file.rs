//! CSV files.

use super::columns::Columns;
use super::error::ExportError;
use super::formula;
use super::table::{TableWriter, paths};
use super::target::Target;
use super::text_encoding::TextEncoding;
use super::value::Value;
use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How a CSV file is written.
#[derive(Clone, Debug)]
pub(crate) struct CsvOptions {
    pub encoding: TextEncoding,
    pub separator: u8,
    pub decimal_comma: bool,
    /// Writes `?` for a character that the encoding does not have.
    pub replace: bool,
    /// Writes texts that look like a formula as they are.
    pub keep_formulas: bool,
    pub changes: Arc<CsvChanges>,
}

/// Counts the values that were not written as they are.
#[derive(Debug, Default)]
pub(crate) struct CsvChanges {
    pub escaped_formulas: AtomicU64,
    pub replaced_characters: AtomicU64,
}

/// A CSV file that is written row by row.
pub(crate) struct CsvFile {
    writer: csv::Writer<Target>,
    paths: Vec<String>,
    options: CsvOptions,
}

impl CsvFile {
    /// Begins a file with the names of the columns.
    pub(crate) fn new(mut target: Target, columns: &Columns, options: CsvOptions) -> Result<Self, ExportError> {
        target.write_all(options.encoding.start())?;
        let writer = csv::WriterBuilder::new().delimiter(options.separator).from_writer(target);
        let mut file = Self { writer, paths: paths(columns), options };
        let names = file.paths.iter().map(|path| Value::Text(path.clone().into())).collect();
        if columns.len() > 0 {
            file.write("", names)?;
        }
        Ok(file)
    }

    fn encode<'a>(&self, record: &str, place: usize, value: Value<'a>) -> Result<Cow<'a, [u8]>, ExportError> {
        let text = match value {
            Value::Number(number) if self.options.decimal_comma => Cow::Owned(number.replace('.', ",")),
            Value::Text(text) if !self.options.keep_formulas => self.escape(text),
            value => value.into_text().unwrap_or_default(),
        };
        let encoded = match text {
            Cow::Borrowed(text) => self.options.encoding.encode(text),
            Cow::Owned(ref text) => self.options.encoding.encode(text).map(|bytes| Cow::Owned(bytes.into_owned())),
        };
        encoded.or_else(|character| {
            if !self.options.replace {
                let (record, field) = (record.to_owned(), self.paths[place].clone());
                return Err(ExportError::Character { record, field, character });
            }
            let (bytes, replaced) = self.options.encoding.encode_with_replacement(&text);
            self.options.changes.replaced_characters.fetch_add(replaced, Ordering::Relaxed);
            Ok(Cow::Owned(bytes))
        })
    }

    fn escape<'a>(&self, text: Cow<'a, str>) -> Cow<'a, str> {
        match formula::escape(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(escaped) => {
                self.options.changes.escaped_formulas.fetch_add(1, Ordering::Relaxed);
                Cow::Owned(escaped)
            }
        }
    }
}

impl TableWriter for CsvFile {
    fn write(&mut self, record: &str, cells: Vec<Value>) -> Result<(), ExportError> {
        for (place, value) in cells.into_iter().enumerate() {
            let cell = self.encode(record, place, value)?;
            self.writer.write_field(&cell)?;
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    fn finish(self: Box<Self>) -> Result<Target, ExportError> {
        self.writer.into_inner().map_err(|error| error.into_error().into())
    }
}
