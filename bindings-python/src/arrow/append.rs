//! JSON → columns, in one pass over the bytes of a page.

use super::column::{Column, Data, Fields, as_end};
use jiter::{Jiter, JiterError, NumberAny, NumberInt, Peek};

/// Deeper objects and lists are kept as JSON texts: hardly anything reads such columns.
const DEPTH: usize = 8;

type Result<T> = std::result::Result<T, JiterError>;

/// What is taken from the records.
pub(super) struct Appender<'j> {
    json: Jiter<'j>,
    /// Decimals keep their digits, as text.
    exact: bool,
}

impl<'j> Appender<'j> {
    pub fn new(json: &'j [u8], exact: bool) -> Self {
        Self { json: Jiter::new(json), exact }
    }

    /// Appends each record of a page; `closed`: only the fields that are there already. Gives the number of rows.
    pub fn page(&mut self, fields: &mut Fields, closed: bool, mut rows: usize) -> Result<usize> {
        let mut next = self.json.next_array()?;
        while let Some(peek) = next {
            if peek == Peek::Object {
                self.object(fields, closed, rows, DEPTH)?;
            } else {
                self.json.known_skip(peek)?; // no record: a row of nulls
            }
            rows += 1;
            fields.end(rows);
            next = self.json.array_step()?;
        }
        Ok(rows)
    }

    /// Appends each value of a JSON array.
    pub fn values(&mut self, column: &mut Column) -> Result<()> {
        let mut next = self.json.next_array()?;
        while let Some(peek) = next {
            self.value(column, peek, DEPTH)?;
            next = self.json.array_step()?;
        }
        Ok(())
    }

    /// One object, whose row is number `row` of its fields.
    fn object(&mut self, fields: &mut Fields, closed: bool, row: usize, depth: usize) -> Result<()> {
        fields.begin();
        let mut key = self.json.known_object()?;
        while let Some(name) = key {
            let place = match fields.find(name) {
                None if closed => None,
                None => Some(fields.add(name, row)),
                some => some,
            };
            match place {
                None => self.json.next_skip()?,
                Some(place) => {
                    let column = &mut fields.columns[place];
                    if column.len() > row {
                        column.truncate(row); // of a key that stands twice the last counts
                    }
                    let peek = self.json.peek()?;
                    self.value(column, peek, depth)?;
                }
            }
            key = self.json.next_key()?;
        }
        Ok(())
    }

    fn value(&mut self, column: &mut Column, peek: Peek, depth: usize) -> Result<()> {
        match peek {
            Peek::Null => {
                self.json.known_null()?;
                column.null();
            }
            Peek::True | Peek::False => column.bool(self.json.known_bool(peek)?),
            Peek::String => self.text(column)?,
            Peek::Object if depth > 0 && column.takes_objects() => self.nested(column, depth - 1)?,
            Peek::Array if depth > 0 && column.takes_lists() => self.list(column, depth - 1)?,
            Peek::Object | Peek::Array => {
                let start = self.json.current_index();
                self.json.known_skip(peek)?;
                column.json(self.json.slice_to_current(start));
            }
            number => self.number(column, number)?,
        }
        Ok(())
    }

    fn text(&mut self, column: &mut Column) -> Result<()> {
        if matches!(column.data, Data::Json(_)) {
            let start = self.json.current_index();
            self.json.known_skip(Peek::String)?;
            column.json(self.json.slice_to_current(start));
        } else {
            column.text(self.json.known_str()?);
        }
        Ok(())
    }

    fn number(&mut self, column: &mut Column, peek: Peek) -> Result<()> {
        let start = self.json.current_index();
        let number = self.json.known_number(peek)?;
        let digits = self.json.slice_to_current(start);
        match number {
            NumberAny::Int(NumberInt::Int(int)) => column.int(int, digits),
            NumberAny::Float(float) if !self.exact => column.float(float, digits),
            NumberAny::Float(_) | NumberAny::Int(NumberInt::BigInt(_)) => column.digits(digits),
        }
        Ok(())
    }

    fn nested(&mut self, column: &mut Column, depth: usize) -> Result<()> {
        let row = column.len();
        if let Data::Struct(fields) = &mut column.data {
            self.object(fields, false, row, depth)?;
            fields.end(row + 1);
        }
        column.valid.append(true);
        Ok(())
    }

    fn list(&mut self, column: &mut Column, depth: usize) -> Result<()> {
        if let Data::List(items) = &mut column.data {
            let mut next = self.json.known_array()?;
            while let Some(peek) = next {
                self.value(&mut items.item, peek, depth)?;
                next = self.json.array_step()?;
            }
            items.ends.push(as_end(items.item.len()));
        }
        column.valid.append(true);
        Ok(())
    }
}
