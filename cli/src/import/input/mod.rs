//! Reads an input row by row: CSV, spreadsheets and JSON lines.

mod csv_input;
mod encoding;
mod json_lines;
mod separator;
mod spreadsheet;
mod text_file;

use super::cell::Row;
use super::error::ImportError;
use serde::{Deserialize, Serialize};
use std::path::Path;
use text_file::TextFile;

/// How a file is read. Options that were not given are detected, and kept for a later run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct InputOptions {
    pub format: Option<InputFormat>,
    /// Name of an encoding, such as `windows-1250`.
    pub encoding: Option<String>,
    pub separator: Option<char>,
    /// Name of a sheet; the first one by default.
    pub sheet: Option<String>,
}

/// The format of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum InputFormat {
    Csv,
    /// One JSON object for each line.
    Jsonl,
    /// A spreadsheet: XLSX, XLS or ODS.
    Xlsx,
}

/// The rows of an input, in the order of the file. Empty rows are left out.
pub(crate) type Rows = Box<dyn Iterator<Item = Result<Row, ImportError>> + Send>;

/// An input whose columns are known. Its rows can be read several times.
pub(crate) struct Input {
    /// The names of the columns, as the file has them.
    pub header: Vec<String>,
    /// With all that was detected.
    pub options: InputOptions,
    /// Whether the encoding follows from the letters only, so that it may be wrong.
    pub is_encoding_guessed: bool,
    content: Content,
}

enum Content {
    Csv(TextFile),
    JsonLines(TextFile),
    Spreadsheet(spreadsheet::Sheet),
}

impl Input {
    /// Opens a file, and reads the names of its columns.
    pub(crate) fn open(path: &Path, mut options: InputOptions) -> Result<Self, ImportError> {
        let format = match options.format {
            Some(format) => format,
            None => format_of(path)?,
        };
        options.format = Some(format);
        let is_detected = options.encoding.is_none();
        let (header, content) = match format {
            InputFormat::Csv => {
                let text = TextFile::open(path, &mut options.encoding)?;
                let separator = match options.separator {
                    Some(separator) => separator,
                    None => separator::detect(text.reader()?)?,
                };
                options.separator = Some(separator);
                (csv_input::header(&text, separator)?, Content::Csv(text))
            }
            InputFormat::Jsonl => {
                let text = TextFile::open(path, &mut options.encoding)?;
                (json_lines::header(&text)?, Content::JsonLines(text))
            }
            InputFormat::Xlsx => {
                let sheet = spreadsheet::Sheet::open(path, &mut options.sheet)?;
                (sheet.header(), Content::Spreadsheet(sheet))
            }
        };
        let is_other_than_utf = options.encoding.as_deref().is_some_and(|name| !name.starts_with("utf-"));
        Ok(Self { header, options, is_encoding_guessed: is_detected && is_other_than_utf, content })
    }

    /// Reads the rows from the start.
    pub(crate) fn rows(&self) -> Result<Rows, ImportError> {
        let rows = match &self.content {
            Content::Csv(text) => csv_input::rows(text, self.options.separator.unwrap_or(','), self.header.len())?,
            Content::JsonLines(text) => json_lines::rows(text, &self.header)?,
            Content::Spreadsheet(sheet) => sheet.rows(self.header.len()),
        };
        Ok(Box::new(rows.filter(|row| !row.as_ref().is_ok_and(Row::is_empty))))
    }
}

fn format_of(path: &Path) -> Result<InputFormat, ImportError> {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match extension.as_str() {
        "csv" | "txt" | "tsv" => Ok(InputFormat::Csv),
        "jsonl" | "ndjson" => Ok(InputFormat::Jsonl),
        "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => Ok(InputFormat::Xlsx),
        _ => Err(ImportError::UnknownFormat { extension }),
    }
}
