//! Exports a list to a file: the records pass through the memory page by page.

mod columns;
mod csv_file;
mod decimal;
mod error;
pub(crate) mod formula;
mod json_lines;
mod mark_file;
mod parquet_file;
mod source;
mod spool;
mod table;
mod target;
mod text_encoding;
pub(crate) mod value;
mod xlsx_file;

pub(crate) use csv_file::{CsvChanges, CsvOptions};
pub(crate) use error::ExportError;
pub(crate) use mark_file::MarkFile;
pub(crate) use source::{Since, Source};
pub(crate) use target::Target;
pub(crate) use text_encoding::TextEncoding;

use clap::ValueEnum;
use columns::{Column, Columns};
use csv_file::CsvFile;
use egito::Record;
use json_lines::Lines;
use parquet_file::ParquetFile;
use spool::Spool;
use table::TableWriter;
use xlsx_file::XlsxFile;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    Csv,
    /// One JSON object for each line.
    Jsonl,
    Xlsx,
    Parquet,
}

/// How records are written.
pub(crate) struct Export {
    pub format: FileFormat,
    /// The fields that become columns; all fields of all records if none is named.
    pub fields: Vec<String>,
    pub csv: CsvOptions,
}

/// What an export has written.
#[derive(Debug, Default)]
pub(crate) struct Exported {
    pub records: u64,
    pub columns: usize,
    /// Fields that were named, and that have no value in any record.
    pub empty_fields: Vec<String>,
    /// Where a later list of changes continues, if the source is one.
    pub mark: Option<String>,
}

impl Export {
    /// Reads all records and writes the file. `on_page` gets the records of each page, and the number of all if it is known.
    ///
    /// The target has its name only after this succeeded.
    pub(crate) async fn run(
        &self,
        mut source: Source,
        target: Target,
        mut on_page: impl FnMut(&[Record], Option<u64>),
    ) -> Result<Exported, ExportError> {
        let mut writer = self.writer(target)?;
        let mut exported = Exported::default();
        while let Some((records, total)) = source.next().await? {
            for record in &records {
                exported.records += 1;
                writer.write(record, exported.records)?;
            }
            on_page(&records, total);
        }
        let (target, columns) = writer.finish(self)?;
        target.finish()?;
        exported.columns = columns.len();
        exported.mark = source.mark();
        let is_empty = |column: &&Column| !self.fields.is_empty() && column.is_null();
        exported.empty_fields = columns.iter().filter(is_empty).map(|column| column.path.clone()).collect();
        Ok(exported)
    }

    fn writer(&self, target: Target) -> Result<Writer, ExportError> {
        let columns = Columns::named(&self.fields);
        Ok(match self.format {
            FileFormat::Jsonl => Writer::Lines(Lines::new(target), self.fields.clone(), columns),
            FileFormat::Csv if !self.fields.is_empty() => {
                Writer::Table(Box::new(CsvFile::new(target, &columns, self.csv.clone())?), self.fields.clone(), columns)
            }
            _ => Writer::Spooled(Spool::new(target.folder())?, target, self.fields.clone(), columns),
        })
    }

    fn table(&self, target: Target, columns: &Columns) -> Result<Box<dyn TableWriter>, ExportError> {
        Ok(match self.format {
            FileFormat::Xlsx => Box::new(XlsxFile::new(target, columns)?),
            FileFormat::Parquet => Box::new(ParquetFile::new(target, columns)?),
            FileFormat::Csv | FileFormat::Jsonl => Box::new(CsvFile::new(target, columns, self.csv.clone())?),
        })
    }
}

/// Takes the records, one after the other.
enum Writer {
    Lines(Lines, Vec<String>, Columns),
    /// The columns are known: they are named.
    Table(Box<dyn TableWriter>, Vec<String>, Columns),
    /// The columns, or their types, are known after the last record.
    Spooled(Spool, Target, Vec<String>, Columns),
}

impl Writer {
    fn write(&mut self, record: &Record, number: u64) -> Result<(), ExportError> {
        match self {
            Self::Lines(lines, fields, columns) if !fields.is_empty() => {
                add_values(columns, &value::cells(record, fields)?);
                json_lines::write_fields(lines, record, fields)
            }
            Self::Lines(lines, ..) => json_lines::write_record(lines, record),
            Self::Table(table, fields, columns) => {
                let cells = value::cells(record, fields)?;
                add_values(columns, &cells);
                table.write(&label(record, number), cells)
            }
            Self::Spooled(spool, _, fields, columns) => {
                if fields.is_empty() {
                    columns.add_record(record.json())?;
                } else {
                    add_values(columns, &value::cells(record, fields)?);
                }
                Ok(spool.push(record)?)
            }
        }
    }

    fn finish(self, export: &Export) -> Result<(Target, Columns), ExportError> {
        match self {
            Self::Lines(lines, _, columns) => {
                let target = lines.into_inner().map_err(std::io::IntoInnerError::into_error)?;
                Ok((target, columns))
            }
            Self::Table(table, _, columns) => Ok((table.finish()?, columns)),
            Self::Spooled(spool, target, fields, columns) => {
                let columns = if fields.is_empty() { columns.without_null_parents() } else { columns };
                let (mut table, mut number) = (export.table(target, &columns)?, 0);
                spool.each(|json| -> Result<(), ExportError> {
                    number += 1;
                    let record = Record::from_json(json)?;
                    let cells = if fields.is_empty() { columns.cells(json)? } else { value::cells(&record, &fields)? };
                    table.write(&label(&record, number), cells)
                })?;
                Ok((table.finish()?, columns))
            }
        }
    }
}

fn add_values(columns: &mut Columns, cells: &[value::Value]) {
    for (place, value) in cells.iter().enumerate() {
        columns.add_value(place, value);
    }
}

/// Returns how an error names a record.
fn label(record: &Record, number: u64) -> String {
    record.id().map_or_else(|| format!("no. {number}"), |id| id.to_string())
}
