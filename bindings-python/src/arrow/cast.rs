//! Columns → Arrow arrays of the planned types.

use super::append::{Appender, Layout};
use super::column::{Column, Data, Fields, Items, Texts};
use super::dates;
use super::export::{nulls, offsets, to_array};
use super::json::write_json;
use super::mismatch::CastError;
use super::plan::{Plan, TextKind};
use super::scalars::{boolean, decimal, double, integer, single, string};
use arrow_array::types::{
    ArrowPrimitiveType, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMillisecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, GenericListArray, GenericStringArray, OffsetSizeTrait, PrimitiveArray, StructArray,
    new_null_array,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{ArrowError, DataType};
use std::sync::Arc;

/// Options of a cast.
#[derive(Clone, Copy)]
pub(super) struct Cast {
    /// Whether a value that does not fit is an error. Otherwise it becomes null.
    pub strict: bool,
    /// Whether decimals keep their digits.
    pub exact: bool,
}

type Result<T> = std::result::Result<T, CastError>;

impl Cast {
    /// Casts `rows` rows to one array for each plan. `parent` is the validity of the object that contains them.
    pub(super) fn columns(
        self,
        plans: &[Plan],
        fields: Fields,
        rows: usize,
        parent: Option<&NullBuffer>,
    ) -> Result<Vec<ArrayRef>> {
        let mut columns: Vec<_> = fields.names.into_iter().zip(fields.columns.into_iter().map(Some)).collect();
        let mut column_of = |name: &str| {
            let found = columns.iter_mut().find(|(other, column)| other == name && column.is_some());
            found.and_then(|(_, column)| column.take()).unwrap_or_else(|| Column::nulls(rows))
        };
        let arrays = plans.iter().map(|plan| {
            let name = plan.field.name();
            let array = self.column(plan, column_of(name)).map_err(|error| error.inside(name))?;
            match forbidden_null(plan, &array, parent) {
                Some(row) => Err(CastError::null(row).inside(name)),
                None => Ok(array),
            }
        });
        let arrays = arrays.collect::<Result<_>>()?;
        let unplanned = columns.into_iter().find_map(|(name, column)| Some((name, first_value(&column?)?)));
        match unplanned.filter(|_| self.strict) {
            Some((name, row)) => Err(CastError::no_column(row).inside(&name)),
            None => Ok(arrays),
        }
    }

    fn column(self, plan: &Plan, column: Column) -> Result<ArrayRef> {
        use DataType as T;
        let data_type = plan.field.data_type();
        match (data_type, &column.data) {
            (_, Data::Null) => Ok(new_null_array(data_type, column.len())),
            (T::Boolean, Data::Bool(_)) | (T::Int64, Data::Int(_)) | (T::Float64, Data::Float(_)) => {
                Ok(to_array::<i32>(column)?)
            }
            (T::Struct(_), _) => self.structs(plan, column),
            (T::List(_), _) => self.lists::<i32>(plan, column),
            (T::LargeList(_), _) => self.lists::<i64>(plan, column),
            (T::Boolean, _) => Ok(Arc::new(self.values(plan, &column, boolean)?.into_iter().collect::<BooleanArray>())),
            (T::Utf8, _) => self.strings::<i32>(plan, column),
            (T::LargeUtf8, _) => self.strings::<i64>(plan, column),
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
            (&T::Decimal128(precision, scale), _) => {
                self.numbers::<Decimal128Type>(plan, &column, |json| decimal(json, precision, scale))
            }
            (T::Timestamp(..), Data::Text(texts)) => self.timestamps(plan, &column, texts),
            (T::Timestamp(..), _) => self.numbers::<TimestampMillisecondType>(plan, &column, |_| None),
            (other, _) => Err(CastError::Arrow(ArrowError::SchemaError(format!("unsupported type {other}")))),
        }
    }

    fn strings<O: OffsetSizeTrait>(self, plan: &Plan, column: Column) -> Result<ArrayRef> {
        let fits = match &column.data {
            Data::Text(_) => plan.texts != TextKind::Digits,
            Data::Digits(_) => plan.texts != TextKind::Plain,
            Data::Mixed(_) => plan.texts == TextKind::Any,
            _ => false,
        };
        if fits {
            return Ok(to_array::<O>(column)?);
        }
        let values = self.values(plan, &column, |json| string(json, plan.texts))?;
        Ok(Arc::new(values.into_iter().collect::<GenericStringArray<O>>()))
    }

    fn timestamps(self, plan: &Plan, column: &Column, texts: &Texts) -> Result<ArrayRef> {
        let mut values = Vec::with_capacity(column.len());
        for row in 0..column.len() {
            let value = column.valid.get_bit(row).then(|| dates::parse(texts.get(row)));
            if self.strict && matches!(value, Some(None)) {
                return Err(CastError::not_a_date(plan.field.data_type(), row));
            }
            values.push(value.flatten());
        }
        let values: PrimitiveArray<TimestampMillisecondType> = values.into_iter().collect();
        Ok(Arc::new(values.with_data_type(plan.field.data_type().clone())))
    }

    fn numbers<T: ArrowPrimitiveType>(
        self,
        plan: &Plan,
        column: &Column,
        read: impl Fn(&[u8]) -> Option<T::Native>,
    ) -> Result<ArrayRef> {
        let values: PrimitiveArray<T> = self.values(plan, column, read)?.into_iter().collect();
        Ok(Arc::new(values.with_data_type(plan.field.data_type().clone())))
    }

    /// Converts each value from its JSON by `read`.
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
                return Err(CastError::value(plan.field.data_type(), row, &json));
            }
            values.push(value.flatten());
        }
        Ok(values)
    }

    fn structs(self, plan: &Plan, column: Column) -> Result<ArrayRef> {
        let column = self.nested_only(plan, column, b'{')?;
        let (rows, nulls) = (column.len(), nulls(&column));
        let Data::Struct(fields) = column.data else { return Ok(new_null_array(plan.field.data_type(), rows)) };
        let arrays = self.columns(&plan.children, fields, rows, nulls.as_ref())?;
        let members = plan.children.iter().map(|child| child.field.clone()).collect();
        Ok(Arc::new(StructArray::try_new_with_length(members, arrays, nulls, rows)?))
    }

    fn lists<O: OffsetSizeTrait>(self, plan: &Plan, column: Column) -> Result<ArrayRef> {
        let column = self.nested_only(plan, column, b'[')?;
        let (rows, nulls) = (column.len(), nulls(&column));
        let Data::List(Items { item, ends }) = column.data else {
            return Ok(new_null_array(plan.field.data_type(), rows));
        };
        let child = &plan.children[0];
        let items = self.column(child, *item).map_err(|error| error.in_list(&ends))?;
        if let Some(row) = forbidden_null(child, &items, None) {
            return Err(CastError::null(row).in_list(&ends));
        }
        Ok(Arc::new(GenericListArray::<O>::try_new(child.field.clone(), offsets(ends), items, nulls)?))
    }

    /// Returns a column of objects or lists only, whose JSON starts with `opening`. In a mixed column they are still JSON.
    fn nested_only(self, plan: &Plan, column: Column, opening: u8) -> Result<Column> {
        match (&column.data, opening) {
            (Data::Struct(_), b'{') | (Data::List(_), b'[') => return Ok(column),
            _ => {}
        }
        let texts = self.values(plan, &column, |json| json.starts_with(&[opening]).then(|| json.to_vec()))?;
        let texts: Vec<_> = texts.into_iter().map(|json| json.unwrap_or_else(|| b"null".to_vec())).collect();
        let page = [b"[", &*texts.join(&b','), b"]"].concat();
        let mut read = plan.empty_column();
        let layout = Layout { closed: false, exact: self.exact, flatten: false };
        let failed = Appender::new(&page, layout).values(&mut read).is_err();
        // Nested too deep for columns, or with too many keys.
        let row = first_value(&read).filter(|_| matches!(read.data, Data::Mixed(_)));
        match row.or(failed.then_some(0)).filter(|_| self.strict || failed) {
            Some(row) => Err(CastError::value(plan.field.data_type(), row, &texts[row])),
            None => Ok(read),
        }
    }
}

/// Returns the first row that is null but must not be. Rows of a parent that is null do not count.
fn forbidden_null(plan: &Plan, array: &ArrayRef, parent: Option<&NullBuffer>) -> Option<usize> {
    let may_be_null = plan.field.is_nullable() || array.logical_null_count() == 0;
    let has_parent = |row: &usize| parent.is_none_or(|parent| parent.is_valid(*row));
    (0..array.len()).find(|row| !may_be_null && array.is_null(*row) && has_parent(row))
}

/// Returns the first row with a value.
fn first_value(column: &Column) -> Option<usize> {
    (0..column.len()).find(|&row| column.valid.get_bit(row))
}
