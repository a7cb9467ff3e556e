//! Columns → Arrow arrays.

use super::column::{Column, Data, Fields, Texts};
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, LargeListArray, LargeStringArray, NullArray, RecordBatch,
    RecordBatchOptions, StructArray,
};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, Field, Schema};
use std::sync::Arc;

/// The table that so many rows of columns make.
pub(super) fn to_batch(fields: Fields, rows: usize) -> Result<RecordBatch, ArrowError> {
    let (fields, arrays) = to_arrays(fields)?;
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
}

fn to_arrays(fields: Fields) -> Result<(Vec<Arc<Field>>, Vec<ArrayRef>), ArrowError> {
    let arrays = fields.columns.into_iter().map(to_array).collect::<Result<Vec<_>, _>>()?;
    let field = |(name, array): (String, &ArrayRef)| Arc::new(Field::new(name, array.data_type().clone(), true));
    Ok((fields.names.into_iter().zip(&arrays).map(field).collect(), arrays))
}

pub(super) fn to_array(mut column: Column) -> Result<ArrayRef, ArrowError> {
    let rows = column.len();
    let nulls = Some(NullBuffer::new(column.valid.finish())).filter(|nulls| nulls.null_count() > 0);
    Ok(match column.data {
        Data::Null => Arc::new(NullArray::new(rows)),
        Data::Bool(mut bools) => Arc::new(BooleanArray::new(bools.finish(), nulls)),
        Data::Int(ints) => Arc::new(Int64Array::try_new(ints.into(), nulls)?),
        Data::Float(floats) => Arc::new(Float64Array::try_new(floats.values.into(), nulls)?),
        Data::Text(texts) | Data::Digits(texts) | Data::Json(texts) => to_texts(texts, nulls)?,
        Data::Struct(fields) if fields.names.is_empty() => {
            // Many readers know no struct without fields.
            let mut texts = Texts::default();
            for row in 0..rows {
                let there = nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
                texts.push(if there { b"{}" } else { b"" });
            }
            to_texts(texts, nulls)?
        }
        Data::Struct(fields) => {
            let (fields, arrays) = to_arrays(fields)?;
            Arc::new(StructArray::try_new(fields.into(), arrays, nulls)?)
        }
        Data::List(items) => {
            let item = to_array(*items.item)?;
            let field = Arc::new(Field::new_list_field(item.data_type().clone(), true));
            Arc::new(LargeListArray::try_new(field, offsets(items.ends), item, nulls)?)
        }
    })
}

fn to_texts(texts: Texts, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(LargeStringArray::try_new(offsets(texts.ends), Buffer::from_vec(texts.bytes), nulls)?))
}

/// Arrow's offsets begin with 0.
pub(super) fn offsets(mut ends: Vec<i64>) -> OffsetBuffer<i64> {
    ends.insert(0, 0);
    OffsetBuffer::new(ScalarBuffer::from(ends))
}
