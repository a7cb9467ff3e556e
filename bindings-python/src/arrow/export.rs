//! Columns of scalars → Arrow arrays, without copying values.

use super::column::{Column, Data, Texts};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, GenericStringArray, Int64Array, NullArray, OffsetSizeTrait};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::ArrowError;
use std::sync::Arc;

/// Converts a column without objects and lists. Strings get offsets of the type `O`.
pub(super) fn to_array<O: OffsetSizeTrait>(column: Column) -> Result<ArrayRef, ArrowError> {
    let (rows, nulls) = (column.len(), nulls(&column));
    Ok(match column.data {
        Data::Bool(mut bools) => Arc::new(BooleanArray::new(bools.finish(), nulls)),
        Data::Int(ints) => Arc::new(Int64Array::try_new(ints.values.into(), nulls)?),
        Data::Float(floats) => Arc::new(Float64Array::try_new(floats.values.into(), nulls)?),
        Data::Text(texts) | Data::Digits(texts) => to_strings::<O>(texts, nulls)?,
        Data::Mixed(mixed) => to_strings::<O>(mixed.texts, nulls)?,
        Data::Null | Data::Struct(_) | Data::List(_) => Arc::new(NullArray::new(rows)),
    })
}

/// Returns Arrow offsets, which start with 0.
pub(super) fn offsets<O: OffsetSizeTrait>(ends: Vec<i32>) -> OffsetBuffer<O> {
    let ends = ends.into_iter().map(|end| O::usize_as(usize::try_from(end).unwrap_or(0)));
    OffsetBuffer::new(std::iter::once(O::default()).chain(ends).collect::<ScalarBuffer<O>>())
}

/// Returns which rows have a value, or `None` if all have one.
pub(super) fn nulls(column: &Column) -> Option<NullBuffer> {
    Some(NullBuffer::new(column.valid.finish_cloned())).filter(|nulls| nulls.null_count() > 0)
}

fn to_strings<O: OffsetSizeTrait>(texts: Texts, nulls: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(GenericStringArray::<O>::try_new(offsets(texts.ends), Buffer::from_vec(texts.bytes), nulls)?))
}
