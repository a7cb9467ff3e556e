//! Growing columns: the values of a field, one for each row.

use arrow_buffer::BooleanBufferBuilder;
use std::collections::{HashMap, HashSet};

/// The values of one field, one for each row.
pub(super) struct Column {
    pub valid: BooleanBufferBuilder,
    pub data: Data,
}

/// The values. Rows for which `valid` is false have a default value here.
pub(super) enum Data {
    /// Only nulls so far.
    Null,
    Bool(BooleanBufferBuilder),
    Int(Ints),
    Float(Floats),
    Text(Texts),
    /// Numbers that neither a double nor an integer holds exactly: the digits of each.
    Digits(Texts),
    /// Values of different types.
    Mixed(Mixed),
    Struct(Fields),
    List(Items),
}

#[derive(Default)]
pub(super) struct Ints {
    pub values: Vec<i64>,
    /// Whether a double cannot hold one of them, in this chunk or in an earlier one.
    pub beyond_double: bool,
}

pub(super) struct Floats {
    pub values: Vec<f64>,
    /// Which of them the server sent as integers. Needed if the column becomes a column of JSON.
    pub whole: BooleanBufferBuilder,
}

/// Bytes and ends stay below 2^31: see `table_builder::MAX_PAGE_BYTES`.
#[derive(Default)]
pub(super) struct Texts {
    pub bytes: Vec<u8>,
    pub ends: Vec<i32>,
}

/// Strings unchanged, and other values as JSON.
pub(super) struct Mixed {
    pub texts: Texts,
    /// Which of them are strings of the server.
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
    indexes: HashMap<String, usize>,
    /// Expected index of the next key: most records have the same keys in the same order.
    next: usize,
}

impl Column {
    pub fn nulls(rows: usize) -> Self {
        let mut valid = BooleanBufferBuilder::new(rows.max(64));
        valid.append_n(rows, false);
        Self { valid, data: Data::Null }
    }

    /// Returns an empty column of the same type and capacity, so that it seldom has to grow.
    pub fn empty_like(&self) -> Self {
        Self { valid: BooleanBufferBuilder::new(self.len().max(64)), data: self.data.empty_like() }
    }

    pub fn len(&self) -> usize {
        self.valid.len()
    }

    /// Returns the number of rows with a value.
    pub fn count_values(&self) -> usize {
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

    /// Removes all rows after the first `rows`: of duplicate keys in one object, the last one counts.
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
            Self::Int(ints) => {
                Self::Int(Ints { values: with_capacity_of(&ints.values), beyond_double: ints.beyond_double })
            }
            Self::Float(floats) => Self::Float(Floats { values: with_capacity_of(&floats.values), ..Floats::zeros(0) }),
            Self::Text(texts) => Self::Text(texts.empty_like()),
            Self::Digits(texts) => Self::Digits(texts.empty_like()),
            Self::Mixed(mixed) => Self::Mixed(Mixed { texts: mixed.texts.empty_like(), ..Mixed::default() }),
            Self::Struct(fields) => Self::Struct(fields.empty_like()),
            Self::List(items) => {
                Self::List(Items { item: Box::new(items.item.empty_like()), ends: with_capacity_of(&items.ends) })
            }
        }
    }

    /// Adds rows without a value.
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

    #[allow(clippy::cast_precision_loss)] // doubles hold these ints exactly
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
        Self { bytes: with_capacity_of(&self.bytes), ends: with_capacity_of(&self.ends) }
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

    /// Returns the string of one row.
    pub fn get(&self, row: usize) -> &[u8] {
        &self.bytes[row_range(&self.ends, row)]
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
            let index = fields.add(&name, 0);
            fields.columns[index] = column;
        }
        fields
    }
}

impl Fields {
    /// Returns empty columns with these names.
    pub fn of(names: &[String]) -> Self {
        names.iter().map(|name| (name.clone(), Column::nulls(0))).collect()
    }

    /// Returns the same columns without rows.
    pub fn empty_like(&self) -> Self {
        self.names.iter().cloned().zip(self.columns.iter().map(Column::empty_like)).collect()
    }

    /// Frees the capacity for more values.
    pub fn shrink(&mut self) {
        self.columns.iter_mut().for_each(Column::shrink);
    }

    /// Removes columns without values whose fields are columns: `address`, if there is `address.city`.
    pub fn drop_flattened(self) -> Self {
        let parents: HashSet<_> = self.names.iter().flat_map(|name| prefixes(name)).map(str::to_owned).collect();
        let is_parent = |name: &str, column: &Column| matches!(column.data, Data::Null) && parents.contains(name);
        self.names.into_iter().zip(self.columns).filter(|(name, column)| !is_parent(name, column)).collect()
    }

    /// Returns the index of a key, if there is a column for it.
    pub fn find(&mut self, key: &str) -> Option<usize> {
        let index = match self.names.get(self.next) {
            Some(name) if name == key => self.next,
            _ => *self.indexes.get(key)?,
        };
        self.next = index + 1;
        Some(index)
    }

    /// Returns the column of a key.
    pub fn get(&self, key: &str) -> Option<&Column> {
        self.indexes.get(key).map(|&index| &self.columns[index])
    }

    /// Adds a column for a new key, with this number of rows without it. Returns its index.
    pub fn add(&mut self, key: &str, rows: usize) -> usize {
        let index = self.names.len();
        self.names.push(key.to_owned());
        self.columns.push(Column::nulls(rows));
        self.indexes.insert(key.to_owned(), index);
        self.next = index + 1;
        index
    }

    /// Must be called at the start of an object.
    pub fn begin(&mut self) {
        self.next = 0;
    }

    /// Must be called at the end of an object. Adds nulls for missing keys.
    pub fn end(&mut self, rows: usize) {
        for column in &mut self.columns {
            if column.len() < rows {
                column.null();
            }
        }
    }
}

/// Returns an empty vector with capacity for as many values and a sixteenth more.
fn with_capacity_of<T>(values: &[T]) -> Vec<T> {
    Vec::with_capacity(values.len() + values.len() / 16)
}

/// Returns `a` and `a.b` for `a.b.c`.
fn prefixes(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('.').map(|(end, _)| &name[..end])
}

/// Returns a length as an Arrow offset.
pub(super) fn as_end(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

/// Returns the range of the bytes or items of one row.
pub(super) fn row_range(ends: &[i32], row: usize) -> std::ops::Range<usize> {
    let end = |row: usize| usize::try_from(ends[row]).unwrap_or(0);
    (if row == 0 { 0 } else { end(row - 1) })..end(row)
}
