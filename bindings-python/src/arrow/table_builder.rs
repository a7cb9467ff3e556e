//! Pages → one table. Columns grow in chunks, so that no large buffer is copied when it has to grow.

use super::append::{Appender, Layout};
use super::cast::Cast;
use super::column::Fields;
use super::infer::Inference;
use super::mismatch::CastError;
use super::notes;
use super::plan::Plan;
use super::table::ArrowTable;
use crate::convert::decode::unreadable;
use crate::convert::records::DecodeOptions;
use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Schema, SchemaRef};
use egito::Decimals;
use pyo3::prelude::*;
use std::sync::Arc;

/// Option of lists for Arrow. With `decimals="string"` pages would have decimals as JSON strings, like other strings.
pub(crate) const EXACT_DECIMALS: &[u8] = br#"{"decimals": "decimal"}"#;

/// Maximum size of a chunk.
const CHUNK_ROWS: usize = 1 << 14;
const CHUNK_BYTES: usize = 1 << 26;

/// Maximum size of a page: a column of a larger one could need offsets of more than 32 bits.
const MAX_PAGE_BYTES: usize = 1 << 28;

/// Options of tables and batches.
#[derive(Clone, Copy)]
pub(crate) struct FrameOptions {
    /// Fields of objects become columns.
    pub flatten: bool,
    /// Columns of ISO 8601 strings in UTC become timestamps.
    pub dates: bool,
}

/// Builds a table of pages.
pub(crate) struct TableBuilder {
    layout: Layout,
    dates: bool,
    full: Vec<Chunk>,
    chunk: Chunk,
}

#[derive(Default)]
struct Chunk {
    fields: Fields,
    rows: usize,
    /// Size of its JSON.
    bytes: usize,
}

impl TableBuilder {
    pub(crate) fn new(decode_options: &DecodeOptions, options: FrameOptions) -> Self {
        let fields = decode_options.fields.as_deref();
        let exact = decode_options.decimals != Decimals::Float;
        let layout = Layout { closed: fields.is_some(), exact, flatten: options.flatten };
        let chunk = Chunk { fields: Fields::of(fields.unwrap_or_default()), ..Chunk::default() };
        Self { layout, dates: options.dates, full: Vec::new(), chunk }
    }

    /// Appends the records of a page. Fails with the reason if the page cannot be represented.
    pub(crate) fn add(&mut self, page: &egito::Page) -> Result<(), String> {
        let json = page.json();
        if self.chunk.rows >= CHUNK_ROWS || self.chunk.bytes + json.len() > CHUNK_BYTES {
            self.next_chunk();
        }
        let chunk = &mut self.chunk;
        chunk.rows = read_page(&json, self.layout, &mut chunk.fields, chunk.rows)?;
        chunk.bytes += json.len();
        Ok(())
    }

    pub(crate) fn finish(self, py: Python<'_>) -> PyResult<ArrowTable> {
        py.detach(|| self.table()).map_err(|why| unreadable(py, &why))
    }

    /// Starts the next chunk, with the columns and types of this one.
    fn next_chunk(&mut self) {
        if self.chunk.rows > 0 {
            self.chunk.fields.shrink();
            let next = Chunk { fields: self.chunk.fields.empty_like(), ..Chunk::default() };
            self.full.push(std::mem::replace(&mut self.chunk, next));
        }
    }

    fn table(mut self) -> Result<ArrowTable, String> {
        if self.layout.flatten {
            self.chunk.fields = self.chunk.fields.drop_flattened();
        }
        self.full.push(self.chunk);
        let mut inference = Inference::new(self.dates, DataType::Null, self.layout.exact);
        let plans = inference.plans(&self.full.iter().map(|chunk| &chunk.fields).collect::<Vec<_>>());
        let schema = schema_of(&plans, &inference.notes);
        let cast = Cast { strict: true, exact: self.layout.exact };
        let mut before = 0;
        let batch = |Chunk { fields, rows, .. }| {
            let batch = to_batch(cast, &plans, &schema, fields, rows);
            let batch = batch.map_err(|error| error.in_page(before, |_| None).problem);
            before += rows;
            batch
        };
        let batches = self.full.into_iter().map(batch).collect::<Result<_, _>>()?;
        Ok(ArrowTable::new(schema, batches))
    }
}

/// Appends the records of a page to columns with `rows` rows. Returns the new number of rows.
pub(super) fn read_page(json: &[u8], layout: Layout, fields: &mut Fields, rows: usize) -> Result<usize, String> {
    if json.len() > MAX_PAGE_BYTES {
        return Err(format!(
            "a page of {} bytes is too large for columns (maximum: {MAX_PAGE_BYTES}); use a smaller `page_size`",
            json.len()
        ));
    }
    let rows = Appender::new(json, layout).page(fields, rows);
    rows.map_err(|error| error.description(json))
}

/// Returns the schema of planned columns.
pub(super) fn schema_of(plans: &[Plan], notes: &[notes::Note]) -> SchemaRef {
    let fields: Vec<_> = plans.iter().map(|plan| plan.field.clone()).collect();
    Arc::new(Schema::new_with_metadata(fields, notes::metadata(notes)))
}

/// Makes a batch of columns.
pub(super) fn to_batch(
    cast: Cast,
    plans: &[Plan],
    schema: &SchemaRef,
    fields: Fields,
    rows: usize,
) -> Result<RecordBatch, CastError> {
    let arrays = cast.columns(plans, fields, rows, None)?;
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(schema.clone(), arrays, &options)?)
}
