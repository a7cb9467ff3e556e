//! The type of a column: what all its chunks, or all batches of a stream, become.

use super::column::{Column, Data, Items, Mixed, Texts};
use super::type_names;
use arrow_schema::{DataType, Field, Fields, TimeUnit};
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
    /// Texts as they are, and the JSON text of every other value: what a column of mixed types has, and what `string` asks for.
    Any,
}

impl Plan {
    /// An empty column for values on their way into this one: `string` and `decimal128` keep each as the server wrote it.
    pub(super) fn start(&self) -> Column {
        let data = match self.field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 => match self.texts {
                TextKind::Plain => Data::Null,
                TextKind::Digits => Data::Digits(Texts::default()),
                TextKind::Any => Data::Mixed(Mixed::default()),
            },
            DataType::Decimal128(..) => Data::Mixed(Mixed::default()),
            DataType::Struct(_) => {
                Data::Struct(self.children.iter().map(|child| (child.field.name().clone(), child.start())).collect())
            }
            DataType::List(_) | DataType::LargeList(_) => {
                Data::List(Items { item: Box::new(self.children[0].start()), ends: Vec::new() })
            }
            _ => Data::Null,
        };
        Column { data, ..Column::nulls(0) }
    }

    /// The plan for a field that the caller chose; or the type that no column can have.
    pub(super) fn chosen(field: &Arc<Field>) -> Result<Self, String> {
        use DataType as T;
        let children = match field.data_type() {
            T::Null => return Ok(Self::new(field.name(), T::Utf8, TextKind::Plain, Vec::new())),
            T::Struct(fields) if repeats_a_name(fields) => return Err(type_names::name(field.data_type())),
            T::Struct(fields) => fields.iter().map(Self::chosen).collect::<Result<_, _>>()?,
            T::List(item) | T::LargeList(item) => vec![Self::chosen(item)?],
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
