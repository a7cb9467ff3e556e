//! The columns of a table while it grows: how values are stored, one for each row.

use arrow_buffer::BooleanBufferBuilder;
use std::collections::{HashMap, HashSet};

/// The values of one field, one for each row.
pub(super) struct Column {
    pub valid: BooleanBufferBuilder,
    pub data: Data,
}

/// Where a row has no value, `valid` is false and the place here is empty.
pub(super) enum Data {
    /// Nothing but nulls so far.
    Null,
    Bool(BooleanBufferBuilder),
    Int(Ints),
    Float(Floats),
    Text(Texts),
    /// Numbers of which a double or an integer would lose digits: the digits of each.
    Digits(Texts),
    /// Values of different types.
    Mixed(Mixed),
    Struct(Fields),
    List(Items),
}

#[derive(Default)]
pub(super) struct Ints {
    pub values: Vec<i64>,
    /// Whether a double would change one of them, in this chunk or in one before it.
    pub beyond_double: bool,
}

pub(super) struct Floats {
    pub values: Vec<f64>,
    /// Which of them the server wrote as integers, should the column become one of JSON texts.
    pub whole: BooleanBufferBuilder,
}

/// Bytes and ends stay below 2^31: see `reading::LARGEST_PAGE`.
#[derive(Default)]
pub(super) struct Texts {
    pub bytes: Vec<u8>,
    pub ends: Vec<i32>,
}

/// Texts as they are, and the JSON text of every other value.
pub(super) struct Mixed {
    pub texts: Texts,
    /// Which of them are the server's own texts.
    pub plain: BooleanBufferBuilder,
}

pub(super) struct Items {
    pub item: Box<Column>,
    pub ends: Vec<i32>,
}

/// The columns of an object, in the order in which their keys were first seen.
#[derive(Default)]
pub(super) struct Fields {
    pub names: Vec<String>,
    pub columns: Vec<Column>,
    places: HashMap<String, usize>,
    /// Where the next key probably is: records mostly have the same keys in the same order.
    next: usize,
}

impl Column {
    pub fn nulls(rows: usize) -> Self {
        let mut valid = BooleanBufferBuilder::new(rows.max(64));
        valid.append_n(rows, false);
        Self { valid, data: Data::Null }
    }

    /// An empty column that takes the values that this one takes, with room for as many: it seldom has to grow.
    pub fn empty_like(&self) -> Self {
        Self { valid: BooleanBufferBuilder::new(self.len().max(64)), data: self.data.empty_like() }
    }

    pub fn len(&self) -> usize {
        self.valid.len()
    }

    /// How many rows have a value.
    pub fn values(&self) -> usize {
        (0..self.len()).filter(|&row| self.valid.get_bit(row)).count()
    }

    pub fn texts(&self) -> Option<&Texts> {
        match &self.data {
            Data::Text(texts) => Some(texts),
            _ => None,
        }
    }

    pub fn fields(&self) -> Option<&Fields> {
        match &self.data {
            Data::Struct(fields) => Some(fields),
            _ => None,
        }
    }

    pub fn items(&self) -> Option<&Self> {
        match &self.data {
            Data::List(items) => Some(&items.item),
            _ => None,
        }
    }

    pub fn null(&mut self) {
        self.valid.append(false);
        self.data.pad(1);
    }

    fn shrink(&mut self) {
        match &mut self.data {
            Data::Null | Data::Bool(_) => {}
            Data::Int(ints) => ints.values.shrink_to_fit(),
            Data::Float(floats) => floats.values.shrink_to_fit(),
            Data::Text(texts) | Data::Digits(texts) | Data::Mixed(Mixed { texts, .. }) => {
                texts.bytes.shrink_to_fit();
                texts.ends.shrink_to_fit();
            }
            Data::Struct(fields) => fields.shrink(),
            Data::List(items) => {
                items.ends.shrink_to_fit();
                items.item.shrink();
            }
        }
    }

    /// Forgets all rows but the first `rows`: of a key that stands twice in one object, the last counts.
    pub fn truncate(&mut self, rows: usize) {
        self.valid.truncate(rows);
        match &mut self.data {
            Data::Null => {}
            Data::Bool(bools) => bools.truncate(rows),
            Data::Int(ints) => ints.values.truncate(rows),
            Data::Float(floats) => floats.truncate(rows),
            Data::Text(texts) | Data::Digits(texts) => texts.truncate(rows),
            Data::Mixed(mixed) => {
                mixed.texts.truncate(rows);
                mixed.plain.truncate(rows);
            }
            Data::Struct(fields) => fields.columns.iter_mut().for_each(|column| column.truncate(rows)),
            Data::List(Items { item, ends }) => {
                ends.truncate(rows);
                item.truncate(ends.last().map_or(0, |&end| usize::try_from(end).unwrap_or(0)));
            }
        }
    }
}

impl Data {
    fn empty_like(&self) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Bool(_) => Self::Bool(BooleanBufferBuilder::new(64)),
            Self::Int(ints) => Self::Int(Ints { values: room_for(&ints.values), beyond_double: ints.beyond_double }),
            Self::Float(floats) => Self::Float(Floats { values: room_for(&floats.values), ..Floats::zeros(0) }),
            Self::Text(texts) => Self::Text(texts.empty_like()),
            Self::Digits(texts) => Self::Digits(texts.empty_like()),
            Self::Mixed(mixed) => Self::Mixed(Mixed { texts: mixed.texts.empty_like(), ..Mixed::default() }),
            Self::Struct(fields) => Self::Struct(fields.empty_like()),
            Self::List(items) => {
                Self::List(Items { item: Box::new(items.item.empty_like()), ends: room_for(&items.ends) })
            }
        }
    }

    /// So many rows without a value. The fields of a struct have them already, or get them at the end of their row.
    fn pad(&mut self, rows: usize) {
        match self {
            Self::Null => {}
            Self::Bool(bools) => bools.append_n(rows, false),
            Self::Int(ints) => ints.values.resize(ints.values.len() + rows, 0),
            Self::Float(floats) => (0..rows).for_each(|_| floats.push(0.0, false)),
            Self::Text(texts) | Self::Digits(texts) => (0..rows).for_each(|_| texts.end()),
            Self::Mixed(mixed) => {
                (0..rows).for_each(|_| mixed.texts.end());
                mixed.plain.append_n(rows, false);
            }
            Self::Struct(fields) => fields.columns.iter_mut().for_each(|column| (0..rows).for_each(|_| column.null())),
            Self::List(items) => {
                let end = items.ends.last().copied().unwrap_or(0);
                items.ends.resize(items.ends.len() + rows, end);
            }
        }
    }
}

impl Floats {
    pub fn zeros(rows: usize) -> Self {
        let mut whole = BooleanBufferBuilder::new(rows.max(64));
        whole.append_n(rows, false);
        Self { values: vec![0.0; rows], whole }
    }

    #[allow(clippy::cast_precision_loss)] // of ints that doubles hold
    pub fn of(ints: &[i64]) -> Self {
        let mut whole = BooleanBufferBuilder::new(ints.len());
        whole.append_n(ints.len(), true);
        Self { values: ints.iter().map(|&int| int as f64).collect(), whole }
    }

    pub fn push(&mut self, value: f64, whole: bool) {
        self.values.push(value);
        self.whole.append(whole);
    }

    fn truncate(&mut self, rows: usize) {
        self.values.truncate(rows);
        self.whole.truncate(rows);
    }
}

impl Texts {
    pub fn empty(rows: usize) -> Self {
        Self { bytes: Vec::new(), ends: vec![0; rows] }
    }

    fn empty_like(&self) -> Self {
        Self { bytes: room_for(&self.bytes), ends: room_for(&self.ends) }
    }

    pub fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.end();
    }

    pub fn end(&mut self) {
        self.ends.push(as_end(self.bytes.len()));
    }

    fn truncate(&mut self, rows: usize) {
        self.ends.truncate(rows);
        self.bytes.truncate(self.ends.last().map_or(0, |&end| usize::try_from(end).unwrap_or(0)));
    }

    /// The text of one row.
    pub fn get(&self, row: usize) -> &[u8] {
        &self.bytes[place(&self.ends, row)]
    }
}

impl Default for Mixed {
    fn default() -> Self {
        Self { texts: Texts::default(), plain: BooleanBufferBuilder::new(64) }
    }
}

impl Mixed {
    pub fn push(&mut self, text: &[u8], plain: bool) {
        self.texts.push(text);
        self.plain.append(plain);
    }
}

impl FromIterator<(String, Column)> for Fields {
    fn from_iter<I: IntoIterator<Item = (String, Column)>>(columns: I) -> Self {
        let mut fields = Self::default();
        for (name, column) in columns {
            let place = fields.add(&name, 0);
            fields.columns[place] = column;
        }
        fields
    }
}

impl Fields {
    /// The columns that are wanted, and no others.
    pub fn of(names: &[String]) -> Self {
        names.iter().map(|name| (name.clone(), Column::nulls(0))).collect()
    }

    /// The same columns without rows.
    pub fn empty_like(&self) -> Self {
        self.names.iter().cloned().zip(self.columns.iter().map(Column::empty_like)).collect()
    }

    /// Gives back the memory that the columns have for more values.
    pub fn shrink(&mut self) {
        self.columns.iter_mut().for_each(Column::shrink);
    }

    /// Forgets the columns without any value whose fields are columns of their own: `address`, where there is `address.city`.
    pub fn drop_flattened(self) -> Self {
        let parents: HashSet<_> = self.names.iter().flat_map(|name| prefixes(name)).map(str::to_owned).collect();
        let is_parent = |name: &str, column: &Column| matches!(column.data, Data::Null) && parents.contains(name);
        self.names.into_iter().zip(self.columns).filter(|(name, column)| !is_parent(name, column)).collect()
    }

    /// The place of a key, where there is one.
    pub fn find(&mut self, key: &str) -> Option<usize> {
        let place = match self.names.get(self.next) {
            Some(name) if name == key => self.next,
            _ => *self.places.get(key)?,
        };
        self.next = place + 1;
        Some(place)
    }

    /// The column of a key.
    pub fn get(&self, key: &str) -> Option<&Column> {
        self.places.get(key).map(|&place| &self.columns[place])
    }

    /// A new key, after so many rows without it.
    pub fn add(&mut self, key: &str, rows: usize) -> usize {
        let place = self.names.len();
        self.names.push(key.to_owned());
        self.columns.push(Column::nulls(rows));
        self.places.insert(key.to_owned(), place);
        self.next = place + 1;
        place
    }

    /// An object begins.
    pub fn begin(&mut self) {
        self.next = 0;
    }

    /// An object ended: keys that it lacked are null in it.
    pub fn end(&mut self, rows: usize) {
        for column in &mut self.columns {
            if column.len() < rows {
                column.null();
            }
        }
    }
}

/// An empty vector with room for as many values and a sixteenth more.
fn room_for<T>(values: &[T]) -> Vec<T> {
    Vec::with_capacity(values.len() + values.len() / 16)
}

/// `a` and `a.b` of `a.b.c`.
fn prefixes(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('.').map(|(end, _)| &name[..end])
}

/// An end as Arrow writes it.
pub(super) fn as_end(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

/// Where the bytes or items of one row are.
pub(super) fn place(ends: &[i32], row: usize) -> std::ops::Range<usize> {
    let end = |row: usize| usize::try_from(ends[row]).unwrap_or(0);
    (if row == 0 { 0 } else { end(row - 1) })..end(row)
}
