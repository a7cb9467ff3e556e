//! The type of a column in a stream of batches. It stays the same on all pages.

use super::column::{Column, Data};
use super::type_names;
use arrow_schema::{DataType, Field, Fields};
use std::sync::Arc;

/// A column, and the columns inside it.
#[derive(Clone)]
pub(super) struct Plan {
    pub field: Arc<Field>,
    /// What a column of texts holds.
    pub texts: TextKind,
    pub children: Vec<Self>,
}

/// What a column of texts holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TextKind {
    /// The server's texts, and no other values.
    Plain,
    /// The digits of numbers.
    Digits,
    /// The JSON text of each value.
    Json,
    /// Texts as they are, and the JSON text of every other value: what the caller asks for with `string`.
    Any,
}

impl Plan {
    /// The plan for a column of which the first page is known. Where that page has no value, texts are expected.
    pub(super) fn inferred(name: &str, column: &Column) -> Self {
        let texts = |texts| Self::new(name, DataType::LargeUtf8, texts, Vec::new());
        let scalar = |data_type| Self::new(name, data_type, TextKind::Any, Vec::new());
        match &column.data {
            Data::Null | Data::Text(_) => texts(TextKind::Plain),
            Data::Digits(_) => texts(TextKind::Digits),
            Data::Json(_) => texts(TextKind::Json),
            Data::Bool(_) => scalar(DataType::Boolean),
            Data::Int(_) => scalar(DataType::Int64),
            Data::Float(_) => scalar(DataType::Float64),
            Data::Struct(fields) if fields.names.is_empty() => texts(TextKind::Json),
            Data::Struct(fields) => {
                let children: Vec<_> = fields
                    .names
                    .iter()
                    .zip(&fields.columns)
                    .map(|(name, column)| Self::inferred(name, column))
                    .collect();
                let members = children.iter().map(|child| child.field.clone()).collect();
                Self::new(name, DataType::Struct(members), TextKind::Any, children)
            }
            Data::List(items) => {
                let item = Self::inferred(Field::LIST_FIELD_DEFAULT_NAME, &items.item);
                Self::new(name, DataType::LargeList(item.field.clone()), TextKind::Any, vec![item])
            }
        }
    }

    /// The plan for a field that the caller chose; or the type that no column can have.
    pub(super) fn chosen(field: &Arc<Field>) -> Result<Self, String> {
        use DataType as T;
        let children = match field.data_type() {
            T::Null => return Ok(Self::new(field.name(), T::LargeUtf8, TextKind::Plain, Vec::new())),
            T::Struct(fields) if repeats_a_name(fields) => return Err(type_names::name(field.data_type())),
            T::Struct(fields) => fields.iter().map(Self::chosen).collect::<Result<_, _>>()?,
            T::List(item) | T::LargeList(item) => vec![Self::chosen(item)?],
            scalar if scalar.is_integer() => Vec::new(),
            T::Boolean | T::Float32 | T::Float64 | T::Utf8 | T::LargeUtf8 => Vec::new(),
            other => return Err(type_names::name(other)),
        };
        let plan = Self { field: field.clone(), texts: TextKind::Any, children };
        Ok(plan.with_fields_of_children())
    }

    fn new(name: &str, data_type: DataType, texts: TextKind, children: Vec<Self>) -> Self {
        Self { field: Arc::new(Field::new(name, data_type, true)), texts, children }
    }

    /// A child of nothing but nulls has become one of texts.
    fn with_fields_of_children(self) -> Self {
        let child = |place: usize| self.children[place].field.clone();
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

/// Whether two fields have the same name: the values of the first one would be lost.
fn repeats_a_name(fields: &Fields) -> bool {
    fields.iter().enumerate().any(|(at, field)| fields[..at].iter().any(|other| other.name() == field.name()))
}
