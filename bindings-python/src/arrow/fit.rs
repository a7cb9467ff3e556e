//! Columns of one page → Arrow arrays of the types that the stream has.

use super::append::Appender;
use super::column::{Column, Data, Fields, Items};
use super::export::{offsets, to_array};
use super::json::write_json;
use super::plan::{Plan, TextKind};
use super::scalars::{boolean, double, integer, kind, single, text};
use super::type_names;
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{
    ArrayRef, BooleanArray, LargeListArray, LargeStringArray, ListArray, PrimitiveArray, StringArray, StructArray,
    new_null_array,
};
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType};
use std::sync::Arc;

/// Why a page does not become a batch.
pub(super) enum Stop {
    Misfit(Misfit),
    Arrow(ArrowError),
}

/// A value that does not fit.
pub(super) struct Misfit {
    /// Of this row of the page.
    pub row: usize,
    /// The names of the field and of those that it is in, from the inside. `[]` is an item of a list.
    pub path: Vec<String>,
    pub found: &'static str,
    /// The type that the column has. `None`: there is no such column.
    pub wanted: Option<String>,
}

/// How values become those of the stream.
#[derive(Clone, Copy)]
pub(super) struct Fit {
    /// A value that does not fit is an error. Otherwise it is left out.
    pub strict: bool,
    /// Decimals keep their digits.
    pub exact: bool,
}

type Result<T> = std::result::Result<T, Stop>;

impl Fit {
    /// The arrays of so many rows, one for each plan.
    pub(super) fn columns(self, plans: &[Plan], fields: Fields, rows: usize) -> Result<Vec<ArrayRef>> {
        let mut columns: Vec<_> = fields.names.into_iter().zip(fields.columns.into_iter().map(Some)).collect();
        let mut column_of = |name: &str| {
            let found = columns.iter_mut().find(|(other, column)| other == name && column.is_some());
            found.and_then(|(_, column)| column.take()).unwrap_or_else(|| Column::nulls(rows))
        };
        let arrays = plans.iter().map(|plan| {
            let array = self.column(plan, column_of(plan.field.name()));
            array.map_err(|stop| stop.inside(plan.field.name()))
        });
        let arrays = arrays.collect::<Result<_>>()?;
        let new = columns.into_iter().find_map(|(name, column)| Some((name, first_value(&column?)?)));
        match new.filter(|_| self.strict) {
            Some((name, row)) => Err(Stop::Misfit(Misfit { row, path: vec![name], found: "", wanted: None })),
            None => Ok(arrays),
        }
    }

    fn column(self, plan: &Plan, column: Column) -> Result<ArrayRef> {
        use DataType as T;
        let data_type = plan.field.data_type();
        match (data_type, &column.data) {
            (_, Data::Null) => Ok(new_null_array(data_type, column.len())),
            (T::Boolean, Data::Bool(_)) | (T::Int64, Data::Int(_)) | (T::Float64, Data::Float(_)) => whole(column),
            (T::LargeUtf8, Data::Text(_)) if matches!(plan.texts, TextKind::Plain | TextKind::Any) => whole(column),
            (T::LargeUtf8, Data::Digits(_)) if plan.texts != TextKind::Plain => whole(column),
            (T::LargeUtf8, Data::Json(_)) if plan.texts == TextKind::Json => whole(column),
            (T::Struct(_), _) => self.structs(plan, column),
            (T::List(_) | T::LargeList(_), _) => self.lists(plan, column),
            (T::Boolean, _) => Ok(Arc::new(self.values(plan, &column, boolean)?.into_iter().collect::<BooleanArray>())),
            (T::Utf8, _) => Ok(Arc::new(
                self.values(plan, &column, |json| text(json, plan.texts))?.into_iter().collect::<StringArray>(),
            )),
            (T::LargeUtf8, _) => {
                let values = self.values(plan, &column, |json| text(json, plan.texts))?;
                Ok(Arc::new(values.into_iter().collect::<LargeStringArray>()))
            }
            (T::Int8, _) => self.numbers::<Int8Type>(plan, &column, integer),
            (T::Int16, _) => self.numbers::<Int16Type>(plan, &column, integer),
            (T::Int32, _) => self.numbers::<Int32Type>(plan, &column, integer),
            (T::Int64, _) => self.numbers::<Int64Type>(plan, &column, integer),
            (T::UInt8, _) => self.numbers::<UInt8Type>(plan, &column, integer),
            (T::UInt16, _) => self.numbers::<UInt16Type>(plan, &column, integer),
            (T::UInt32, _) => self.numbers::<UInt32Type>(plan, &column, integer),
            (T::UInt64, _) => self.numbers::<UInt64Type>(plan, &column, integer),
            (T::Float32, _) => self.numbers::<Float32Type>(plan, &column, single),
            (T::Float64, _) => self.numbers::<Float64Type>(plan, &column, double),
            (other, _) => Err(Stop::Arrow(ArrowError::SchemaError(format!("no column has the type {other}")))),
        }
    }

    fn numbers<T: ArrowPrimitiveType>(
        self,
        plan: &Plan,
        column: &Column,
        read: impl Fn(&[u8]) -> Option<T::Native>,
    ) -> Result<ArrayRef> {
        Ok(Arc::new(self.values(plan, column, read)?.into_iter().collect::<PrimitiveArray<T>>()))
    }

    /// Each value as `read` takes it from its JSON text.
    fn values<T>(self, plan: &Plan, column: &Column, read: impl Fn(&[u8]) -> Option<T>) -> Result<Vec<Option<T>>> {
        let mut json = Vec::new();
        let mut values = Vec::with_capacity(column.len());
        for row in 0..column.len() {
            json.clear();
            let value = column.valid.get_bit(row).then(|| {
                write_json(column, row, &mut json);
                read(&json)
            });
            if self.strict && matches!(value, Some(None)) {
                return Err(misfit(plan, row, &json));
            }
            values.push(value.flatten());
        }
        Ok(values)
    }

    fn structs(self, plan: &Plan, column: Column) -> Result<ArrayRef> {
        let column = self.only(plan, column, b'{')?;
        let (rows, nulls) = (column.len(), nulls(&column));
        let Data::Struct(fields) = column.data else { return Ok(new_null_array(plan.field.data_type(), rows)) };
        let arrays = self.columns(&plan.children, fields, rows)?;
        let members = plan.children.iter().map(|child| child.field.clone()).collect();
        Ok(Arc::new(StructArray::try_new_with_length(members, arrays, nulls, rows)?))
    }

    fn lists(self, plan: &Plan, column: Column) -> Result<ArrayRef> {
        let column = self.only(plan, column, b'[')?;
        let (rows, nulls) = (column.len(), nulls(&column));
        let Data::List(Items { item, ends }) = column.data else {
            return Ok(new_null_array(plan.field.data_type(), rows));
        };
        let child = &plan.children[0];
        let items = self.column(child, *item).map_err(|stop| stop.in_list(&ends))?;
        if let DataType::LargeList(_) = plan.field.data_type() {
            return Ok(Arc::new(LargeListArray::try_new(child.field.clone(), offsets(ends), items, nulls)?));
        }
        let too_many = |_| ArrowError::OffsetOverflowError(items.len());
        let ends = std::iter::once(Ok(0)).chain(ends.iter().map(|&end| i32::try_from(end).map_err(too_many)));
        let offsets = OffsetBuffer::new(ScalarBuffer::from(ends.collect::<std::result::Result<Vec<i32>, _>>()?));
        Ok(Arc::new(ListArray::try_new(child.field.clone(), offsets, items, nulls)?))
    }

    /// The objects or lists of a column, whose JSON texts begin so. Among other values they are only texts yet.
    fn only(self, plan: &Plan, column: Column, opening: u8) -> Result<Column> {
        match (&column.data, opening) {
            (Data::Struct(_), b'{') | (Data::List(_), b'[') => return Ok(column),
            _ => {}
        }
        let texts = self.values(plan, &column, |json| json.starts_with(&[opening]).then(|| json.to_vec()))?;
        let texts: Vec<_> = texts.into_iter().map(|json| json.unwrap_or_else(|| b"null".to_vec())).collect();
        let page = [b"[", &*texts.join(&b','), b"]"].concat();
        let mut read = Column::nulls(0);
        let failed = Appender::new(&page, self.exact).values(&mut read).is_err();
        // Deeper than columns go, or with too many keys.
        let row = first_value(&read).filter(|_| matches!(read.data, Data::Json(_)));
        match row.or(failed.then_some(0)).filter(|_| self.strict || failed) {
            Some(row) => Err(misfit(plan, row, &texts[row])),
            None => Ok(read),
        }
    }
}

impl Stop {
    /// What stopped a column inside this one.
    fn inside(mut self, name: &str) -> Self {
        if let Self::Misfit(misfit) = &mut self {
            misfit.path.push(name.to_owned());
        }
        self
    }

    /// What stopped the items of a list, of which those of each row end here.
    fn in_list(mut self, ends: &[i64]) -> Self {
        if let Self::Misfit(misfit) = &mut self {
            misfit.path.push("[]".into());
            misfit.row = ends.partition_point(|&end| usize::try_from(end).is_ok_and(|end| end <= misfit.row));
        }
        self
    }
}

impl From<ArrowError> for Stop {
    fn from(error: ArrowError) -> Self {
        Self::Arrow(error)
    }
}

fn whole(column: Column) -> Result<ArrayRef> {
    Ok(to_array(column)?)
}

fn nulls(column: &Column) -> Option<NullBuffer> {
    Some(NullBuffer::new(column.valid.finish_cloned())).filter(|nulls| nulls.null_count() > 0)
}

fn first_value(column: &Column) -> Option<usize> {
    (0..column.len()).find(|&row| column.valid.get_bit(row))
}

fn misfit(plan: &Plan, row: usize, json: &[u8]) -> Stop {
    let wanted = Some(type_names::name(plan.field.data_type()));
    Stop::Misfit(Misfit { row, path: Vec::new(), found: kind(json), wanted })
}
