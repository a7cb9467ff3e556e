//! Parquet files, with types that hold every value exactly.

use super::columns::{ColumnType, Columns};
use super::decimal::Decimal;
use super::error::ExportError;
use super::table::TableWriter;
use super::target::Target;
use super::value::Value;
use arrow_array::builder::{BooleanBuilder, Decimal128Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Records that are converted together.
const BATCH: usize = 4_096;

/// Records of a part of the file, which stays in memory until it is complete.
const ROW_GROUP: usize = 65_536;

/// A Parquet file that is written in batches.
pub(crate) struct ParquetFile {
    target: Arc<Mutex<Target>>,
    writer: ArrowWriter<SharedTarget>,
    schema: Arc<Schema>,
    columns: Vec<Builder>,
    rows: usize,
}

/// The values of one column that were not written yet.
enum Builder {
    Bool(BooleanBuilder),
    Integer(Int64Builder),
    Decimal(Decimal128Builder, i64),
    Text(StringBuilder),
}

/// The target of the writer, which would return it only with the text of an error, not with its kind.
struct SharedTarget(Arc<Mutex<Target>>);

impl SharedTarget {
    fn lock(&self) -> MutexGuard<'_, Target> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for SharedTarget {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.lock().flush()
    }
}

impl ParquetFile {
    /// Begins a file.
    pub(crate) fn new(target: Target, columns: &Columns) -> Result<Self, ExportError> {
        let field = |path: &str, kind| Field::new(path, data_type(kind), true);
        let fields: Vec<Field> = columns.iter().map(|column| field(&column.path, column.kind())).collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .build();
        let target = Arc::new(Mutex::new(target));
        let writer = ArrowWriter::try_new(SharedTarget(target.clone()), schema.clone(), Some(properties))
            .map_err(format_error)?;
        let columns = columns.iter().map(|column| Builder::new(column.kind())).collect::<Result<_, _>>()?;
        Ok(Self { target, writer, schema, columns, rows: 0 })
    }

    fn write_batch(&mut self) -> Result<(), ExportError> {
        if self.rows == 0 {
            return Ok(());
        }
        self.rows = 0;
        let arrays = self.columns.iter_mut().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(self.schema.clone(), arrays)
            .map_err(|error| ExportError::Format(error.to_string()))?;
        self.writer.write(&batch).map_err(format_error)
    }
}

impl TableWriter for ParquetFile {
    fn write(&mut self, _record: &str, cells: Vec<Value>) -> Result<(), ExportError> {
        for (column, value) in self.columns.iter_mut().zip(cells) {
            column.push(value)?;
        }
        self.rows += 1;
        if self.rows == BATCH { self.write_batch() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<Target, ExportError> {
        self.write_batch()?;
        self.writer.close().map_err(format_error)?;
        let target = Arc::into_inner(self.target).and_then(|target| target.into_inner().ok());
        target.ok_or_else(|| ExportError::Format("the writer has not closed its file".into()))
    }
}

impl Builder {
    fn new(kind: ColumnType) -> Result<Self, ExportError> {
        Ok(match kind {
            ColumnType::Bool => Self::Bool(BooleanBuilder::new()),
            ColumnType::Integer => Self::Integer(Int64Builder::new()),
            ColumnType::Text => Self::Text(StringBuilder::new()),
            ColumnType::Decimal(digits, scale) => {
                let builder = Decimal128Builder::new().with_precision_and_scale(digits, scale);
                let builder = builder.map_err(|error| ExportError::Format(error.to_string()))?;
                Self::Decimal(builder, i64::from(scale))
            }
        })
    }

    fn push(&mut self, value: Value) -> Result<(), ExportError> {
        match (self, value) {
            (Self::Text(column), value) => column.append_option(value.into_text()),
            (Self::Bool(column), Value::Null) => column.append_null(),
            (Self::Integer(column), Value::Null) => column.append_null(),
            (Self::Decimal(column, _), Value::Null) => column.append_null(),
            (Self::Bool(column), Value::Bool(value)) => column.append_value(value),
            (Self::Integer(column), Value::Number(text)) => column.append_value(whole(text, 0)?),
            (Self::Decimal(column, scale), Value::Number(text)) => column.append_value(whole(text, *scale)?),
            (_, value) => return Err(ExportError::Format(format!("{value:?} does not fit its column"))),
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Bool(column) => Arc::new(column.finish()),
            Self::Integer(column) => Arc::new(column.finish()),
            Self::Decimal(column, _) => Arc::new(column.finish()),
            Self::Text(column) => Arc::new(column.finish()),
        }
    }
}

/// Returns a number times 10^`scale`, which is a whole number since the column was made for it.
fn whole<T: TryFrom<i128>>(text: &str, scale: i64) -> Result<T, ExportError> {
    let value = Decimal::from_json(text).and_then(|number| number.unscaled(scale));
    let value = value.and_then(|value| T::try_from(value).ok());
    value.ok_or_else(|| ExportError::Format(format!("the number {text} does not fit its column")))
}

fn data_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Bool => DataType::Boolean,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Decimal(digits, scale) => DataType::Decimal128(digits, scale),
        ColumnType::Text => DataType::Utf8,
    }
}

fn format_error(error: ParquetError) -> ExportError {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(error) => ExportError::File(*error),
            Err(cause) => ExportError::Format(cause.to_string()),
        },
        error => ExportError::Format(error.to_string()),
    }
}
