//! Appends values to a column. The first value sets its type, and later values widen it.

use super::column::{Column, Data, Fields, Floats, Ints, Items, Mixed, Texts};
use super::json::write_json;
use arrow_buffer::BooleanBufferBuilder;

/// Largest integer up to which doubles hold all integers.
const MAX_EXACT: i64 = 1 << 53;
/// Maximum number of keys of a nested object. An object with more keys is stored as JSON.
const MAX_FIELDS: usize = 256;

impl Column {
    pub fn bool(&mut self, value: bool) {
        if let Data::Null = self.data {
            let mut bools = BooleanBufferBuilder::new(64);
            bools.append_n(self.len(), false);
            self.data = Data::Bool(bools);
        }
        match &mut self.data {
            Data::Bool(bools) => bools.append(value),
            _ => return self.json(if value { b"true" } else { b"false" }),
        }
        self.valid.append(true);
    }

    /// Appends an integer. `digits` is its JSON, in case the column stores digits.
    pub fn int(&mut self, value: i64, digits: &[u8]) {
        if let Data::Null = self.data {
            self.data = Data::Int(Ints { values: vec![0; self.len()], beyond_double: false });
        }
        let fits_double = (-MAX_EXACT..=MAX_EXACT).contains(&value);
        match &mut self.data {
            Data::Int(ints) => {
                ints.values.push(value);
                ints.beyond_double |= !fits_double;
            }
            #[allow(clippy::cast_precision_loss)] // exact within these bounds
            Data::Float(floats) if fits_double => floats.push(value as f64, true),
            _ => return self.digits(digits),
        }
        self.valid.append(true);
    }

    pub fn float(&mut self, value: f64, digits: &[u8]) {
        match &self.data {
            Data::Null => self.data = Data::Float(Floats::zeros(self.len())),
            Data::Int(ints) if !ints.beyond_double => self.data = Data::Float(Floats::of(&ints.values)),
            _ => {}
        }
        match &mut self.data {
            Data::Float(floats) => floats.push(value, false),
            _ => return self.digits(digits),
        }
        self.valid.append(true);
    }

    /// Appends a number by its digits.
    pub fn digits(&mut self, digits: &[u8]) {
        if let Data::Null | Data::Int(_) | Data::Float(_) = self.data {
            self.data = Data::Digits(self.as_json());
        }
        let Data::Digits(texts) = &mut self.data else { return self.json(digits) };
        texts.push(digits);
        self.valid.append(true);
    }

    pub fn string(&mut self, value: &str) {
        if let Data::Null = self.data {
            self.data = Data::Text(Texts::empty(self.len()));
        }
        if let Data::Text(texts) = &mut self.data {
            texts.push(value.as_bytes());
        } else {
            self.mixed().push(value.as_bytes(), true);
        }
        self.valid.append(true);
    }

    /// Appends a value as JSON, because its type does not fit the other values.
    pub fn json(&mut self, json: &[u8]) {
        self.mixed().push(json, false);
        self.valid.append(true);
    }

    /// Changes the column to one of values of any type, and returns these.
    fn mixed(&mut self) -> &mut Mixed {
        if !matches!(self.data, Data::Mixed(_)) {
            let mut plain = BooleanBufferBuilder::new(self.len().max(64));
            plain.append_n(self.len(), matches!(self.data, Data::Text(_)));
            let texts = match &mut self.data {
                Data::Text(texts) => std::mem::take(texts),
                _ => self.as_json(),
            };
            self.data = Data::Mixed(Mixed { texts, plain });
        }
        match &mut self.data {
            Data::Mixed(mixed) => mixed,
            _ => unreachable!("set above"),
        }
    }

    /// Returns whether the column can store objects as structs. A column without values becomes one of structs.
    pub fn takes_objects(&mut self) -> bool {
        if let Data::Null = self.data {
            self.data = Data::Struct(Fields::default());
        }
        matches!(&self.data, Data::Struct(fields) if fields.names.len() <= MAX_FIELDS)
    }

    /// Returns whether the column can store lists as lists. A column without values becomes one of lists.
    pub fn takes_lists(&mut self) -> bool {
        if let Data::Null = self.data {
            self.data = Data::List(Items { item: Box::new(Column::nulls(0)), ends: vec![0; self.len()] });
        }
        matches!(self.data, Data::List(_))
    }

    fn as_json(&self) -> Texts {
        let mut texts = Texts::default();
        for row in 0..self.len() {
            if self.valid.get_bit(row) {
                write_json(self, row, &mut texts.bytes);
            }
            texts.end();
        }
        texts
    }
}
