//! The type of a column, for all its chunks or all batches of a stream.

use super::column::{Column, Data, Items, Mixed, Texts};
use super::type_names;
use arrow_schema::{DataType, Field, Fields, TimeUnit};
use std::sync::Arc;

/// The type of a column and of its children.
#[derive(Clone)]
pub(super) struct Plan {
    pub field: Arc<Field>,
    /// Values of a column of strings.
    pub texts: TextKind,
    pub children: Vec<Self>,
}

/// Values of a column of strings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TextKind {
    /// Strings only.
    Plain,
    /// Numbers only, as their digits.
    Digits,
    /// Strings unchanged, and other values as JSON: for columns of mixed types, and for `string` in a schema.
    Any,
}

impl Plan {
    /// Returns an empty column to read values into. Columns of `string` and `decimal128` keep each value as the server sent it.
    pub(super) fn empty_column(&self) -> Column {
        let data = match self.field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 => match self.texts {
                TextKind::Plain => Data::Null,
                TextKind::Digits => Data::Digits(Texts::default()),
                TextKind::Any => Data::Mixed(Mixed::default()),
            },
            DataType::Decimal128(..) => Data::Mixed(Mixed::default()),
            DataType::Struct(_) => Data::Struct(
                self.children.iter().map(|child| (child.field.name().clone(), child.empty_column())).collect(),
            ),
            DataType::List(_) | DataType::LargeList(_) => {
                Data::List(Items { item: Box::new(self.children[0].empty_column()), ends: Vec::new() })
            }
            _ => Data::Null,
        };
        Column { data, ..Column::nulls(0) }
    }

    /// Returns the plan for a field of a schema, or the name of its type if it is not supported.
    pub(super) fn from_field(field: &Arc<Field>) -> Result<Self, String> {
        use DataType as T;
        let children = match field.data_type() {
            T::Null => return Ok(Self::new(field.name(), T::Utf8, TextKind::Plain, Vec::new())),
            T::Struct(fields) if has_duplicate_name(fields) => return Err(type_names::name(field.data_type())),
            T::Struct(fields) => fields.iter().map(Self::from_field).collect::<Result<_, _>>()?,
            T::List(item) | T::LargeList(item) => vec![Self::from_field(item)?],
            scalar if scalar.is_integer() => Vec::new(),
            T::Boolean | T::Float32 | T::Float64 | T::Utf8 | T::LargeUtf8 | T::Decimal128(..) => Vec::new(),
            T::Timestamp(TimeUnit::Millisecond, Some(zone)) if zone.as_ref() == "UTC" => Vec::new(),
            other => return Err(type_names::name(other)),
        };
        let plan = Self { field: field.clone(), texts: TextKind::Any, children };
        Ok(plan.with_fields_of_children())
    }

    pub(super) fn new(name: &str, data_type: DataType, texts: TextKind, children: Vec<Self>) -> Self {
        Self { field: Arc::new(Field::new(name, data_type, true)), texts, children }
    }

    /// Updates the type to that of the children: a child of nulls became a child of strings.
    fn with_fields_of_children(self) -> Self {
        let child = |index: usize| self.children[index].field.clone();
        let data_type = match self.field.data_type() {
            DataType::Struct(fields) => DataType::Struct((0..fields.len()).map(child).collect()),
            DataType::List(_) => DataType::List(child(0)),
            DataType::LargeList(_) => DataType::LargeList(child(0)),
            scalar => scalar.clone(),
        };
        let field = Arc::new(self.field.as_ref().clone().with_data_type(data_type));
        Self { field, ..self }
    }
}

/// Returns whether two fields have the same name: the values of the first one would be lost.
fn has_duplicate_name(fields: &Fields) -> bool {
    fields.iter().enumerate().any(|(index, field)| fields[..index].iter().any(|other| other.name() == field.name()))
}
