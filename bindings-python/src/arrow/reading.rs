//! The pages of a list → one table. Columns grow in chunks, so that no large buffer is copied when it has to grow.

use super::append::{Appender, Layout};
use super::column::Fields;
use super::fit::Fit;
use super::infer::Inference;
use super::notes;
use super::plan::Plan;
use super::table::ArrowTable;
use crate::json::unreadable;
use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{DataType, Schema, SchemaRef};
use egito::Decimals;
use pyo3::prelude::*;
use std::sync::Arc;

/// With `decimals="string"` a page has decimals as JSON texts, which its other texts could be taken for: columns are read with this.
pub(crate) const AS_WRITTEN: &[u8] = br#"{"decimals": "decimal"}"#;

/// A chunk ends after so many rows or bytes of JSON.
const CHUNK_ROWS: usize = 1 << 14;
const CHUNK_BYTES: usize = 1 << 26;

/// Larger pages are refused: a column of one could need offsets of more than 32 bits.
const LARGEST_PAGE: usize = 1 << 28;

/// How records become frames.
#[derive(Clone, Copy)]
pub(crate) struct FrameOptions {
    /// The fields of an object are columns of their own.
    pub flatten: bool,
    /// Columns of ISO 8601 texts in UTC are timestamps.
    pub dates: bool,
}

/// What was read so far.
pub(crate) struct Reading {
    layout: Layout,
    dates: bool,
    full: Vec<Chunk>,
    chunk: Chunk,
}

#[derive(Default)]
struct Chunk {
    fields: Fields,
    rows: usize,
    /// How much JSON it was made of.
    bytes: usize,
}

impl Reading {
    pub(crate) fn new(fields: Option<&[String]>, decimals: Decimals, options: FrameOptions) -> Self {
        let layout = Layout { closed: fields.is_some(), exact: decimals != Decimals::Float, flatten: options.flatten };
        let chunk = Chunk { fields: Fields::of(fields.unwrap_or_default()), ..Chunk::default() };
        Self { layout, dates: options.dates, full: Vec::new(), chunk }
    }

    /// Appends the records of a page. Why it cannot, where an answer is JSON but more than this reader holds.
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

    /// The next chunk begins with the columns of this one and their types.
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
        let fit = Fit { strict: true, exact: self.layout.exact };
        let mut before = 0;
        let batch = |Chunk { fields, rows, .. }| {
            let batch = to_batch(fit, &plans, &schema, fields, (before, rows));
            before += rows;
            batch
        };
        let batches = self.full.into_iter().map(batch).collect::<Result<_, _>>()?;
        Ok(ArrowTable::new(schema, batches))
    }
}

/// Appends the records of a page to columns that have so many rows. Returns how many they have then.
pub(super) fn read_page(json: &[u8], layout: Layout, fields: &mut Fields, rows: usize) -> Result<usize, String> {
    if json.len() > LARGEST_PAGE {
        return Err(format!(
            "a page of {} bytes is too large for columns, which take up to {LARGEST_PAGE}; use a smaller `page_size`",
            json.len()
        ));
    }
    let rows = Appender::new(json, layout).page(fields, rows);
    rows.map_err(|error| error.description(&jiter::Jiter::new(json)))
}

/// The schema that planned columns make.
pub(super) fn schema_of(plans: &[Plan], notes: &[notes::Note]) -> SchemaRef {
    let fields: Vec<_> = plans.iter().map(|plan| plan.field.clone()).collect();
    Arc::new(Schema::new_with_metadata(fields, notes::metadata(notes)))
}

/// The batch that columns make. `place` is how many records came before it, and how many rows it has.
pub(super) fn to_batch(
    fit: Fit,
    plans: &[Plan],
    schema: &SchemaRef,
    fields: Fields,
    place: (usize, usize),
) -> Result<RecordBatch, String> {
    let (before, rows) = place;
    let arrays = fit.columns(plans, fields, rows, None).map_err(|stop| stop.explain(before))?;
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let batch = RecordBatch::try_new_with_options(schema.clone(), arrays, &options);
    batch.map_err(|error| format!("the records from number {} on make no batch: {error}", before + 1))
}
