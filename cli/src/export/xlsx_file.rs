//! XLSX files. Their library writes each row to a temporary file, so that the memory does not grow.

use super::columns::Columns;
use super::decimal::Decimal;
use super::error::ExportError;
use super::table::{TableWriter, paths};
use super::target::Target;
use super::value::Value;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

/// The limits of the format. The first row has the names of the columns.
const MAX_RECORDS: u32 = 1_048_575;
const MAX_COLUMNS: usize = 16_384;
const MAX_TEXT: usize = 32_767;

/// A workbook with one sheet.
pub(crate) struct XlsxFile {
    target: Target,
    workbook: Workbook,
    paths: Vec<String>,
    records: u32,
}

impl XlsxFile {
    /// Begins a sheet with the names of the columns.
    pub(crate) fn new(target: Target, columns: &Columns) -> Result<Self, ExportError> {
        if columns.len() > MAX_COLUMNS {
            return Err(ExportError::TooLarge { limit: MAX_COLUMNS });
        }
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(format_error)?;
        sheet.set_freeze_panes(1, 0).map_err(format_error)?;
        let (bold, paths) = (Format::new().set_bold(), paths(columns));
        for (place, path) in (0..).zip(&paths) {
            let width = u32::try_from(path.chars().count().clamp(10, 40)).unwrap_or(40);
            sheet.set_column_width(place, width + 2).map_err(format_error)?;
            sheet.write_string_with_format(0, place, path, &bold).map_err(format_error)?;
        }
        Ok(Self { target, workbook, paths, records: 0 })
    }

    fn sheet(&mut self) -> Result<&mut Worksheet, ExportError> {
        self.workbook.worksheet_from_index(0).map_err(format_error)
    }
}

impl TableWriter for XlsxFile {
    fn write(&mut self, record: &str, cells: Vec<Value>) -> Result<(), ExportError> {
        self.records += 1;
        if self.records > MAX_RECORDS {
            return Err(ExportError::TooLarge { limit: MAX_RECORDS as usize });
        }
        let row = self.records;
        for (place, value) in (0..).zip(cells) {
            match write_cell(self.sheet()?, row, place, value) {
                Err(XlsxError::MaxStringLengthExceeded) => {
                    let (record, field) = (record.to_owned(), self.paths[usize::from(place)].clone());
                    return Err(ExportError::TooLong { record, field, limit: MAX_TEXT });
                }
                written => written.map_err(format_error)?,
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Target, ExportError> {
        let mut file = tempfile::tempfile()?; // a ZIP file is not written from its start to its end
        self.workbook.save_to_writer(&mut file).map_err(format_error)?;
        self.target.copy(file)?;
        Ok(self.target)
    }
}

/// Writes one cell. A number of more digits than a spreadsheet keeps becomes a text.
fn write_cell(sheet: &mut Worksheet, row: u32, place: u16, value: Value) -> Result<(), XlsxError> {
    match value {
        Value::Bool(value) => sheet.write_boolean(row, place, value)?,
        Value::Number(text) => match spreadsheet_number(text) {
            Some(number) => sheet.write_number(row, place, number)?,
            None => sheet.write_string(row, place, text)?,
        },
        value => match value.into_text() {
            Some(text) if !text.is_empty() => sheet.write_string(row, place, text)?,
            _ => return Ok(()),
        },
    };
    Ok(())
}

fn spreadsheet_number(text: &str) -> Option<f64> {
    Decimal::from_json(text).filter(Decimal::fits_spreadsheet)?;
    text.parse().ok()
}

fn format_error(error: XlsxError) -> ExportError {
    match error {
        XlsxError::IoError(error) => ExportError::File(error),
        error => ExportError::Format(error.to_string()),
    }
}
