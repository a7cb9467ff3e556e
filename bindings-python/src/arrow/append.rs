//! JSON → columns, in one pass over the bytes of a page.

use super::column::{Column, Data, Fields, as_end};
use jiter::{Jiter, JiterError, NumberAny, NumberInt, Peek};
use std::borrow::Cow;

/// Maximum nesting of columns. Deeper objects and lists are stored as JSON: few libraries read such columns.
const MAX_DEPTH: usize = 8;

type Result<T> = std::result::Result<T, AppendError>;

/// Why a page cannot become columns.
pub(super) enum AppendError {
    Json(JiterError),
    /// One record has two values for this column.
    TwoValues(String),
}

impl From<JiterError> for AppendError {
    fn from(error: JiterError) -> Self {
        Self::Json(error)
    }
}

impl AppendError {
    /// Returns the reason, for the page that was read.
    pub fn description(&self, page: &[u8]) -> String {
        match self {
            Self::Json(error) => error.description(&Jiter::new(page)),
            Self::TwoValues(column) => format!(
                "a record has two values for the column `{column}`, one in a field of an object and one in a field whose name \
                 contains a dot; read the list without `flatten`"
            ),
        }
    }
}

/// How records become columns.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    /// Ignores fields without a column.
    pub closed: bool,
    /// Decimals keep their digits, as strings.
    pub exact: bool,
    /// Fields of objects become columns: `address.city`.
    pub flatten: bool,
}

pub(super) struct Appender<'j> {
    json: Jiter<'j>,
    layout: Layout,
    /// With `flatten`: for each column, the path of its last value.
    paths: Vec<PathId>,
}

/// An object whose fields become columns.
#[derive(Clone, Copy)]
struct Flattened<'n> {
    /// The start of the names of the columns.
    prefix: &'n str,
    path: PathId,
}

/// Distinguishes the paths that have the same column name: the lengths of its keys, as a hash.
#[derive(Clone, Copy, Default, PartialEq)]
struct PathId(u64);

impl PathId {
    fn with_key(self, key: &str) -> Self {
        const PRIME: u64 = 0x0100_0000_01b3;
        Self(self.0.wrapping_mul(PRIME).wrapping_add(key.len() as u64 + 1))
    }
}

impl<'j> Appender<'j> {
    pub fn new(json: &'j [u8], layout: Layout) -> Self {
        Self { json: Jiter::new(json), layout, paths: Vec::new() }
    }

    /// Appends each record of a page. Returns the number of rows.
    pub fn page(&mut self, fields: &mut Fields, mut rows: usize) -> Result<usize> {
        let flattened = self.layout.flatten.then_some(Flattened { prefix: "", path: PathId::default() });
        let mut next = self.json.next_array()?;
        while let Some(peek) = next {
            if peek == Peek::Object {
                fields.begin();
                self.object(fields, self.layout.closed, rows, MAX_DEPTH, flattened)?;
            } else {
                self.json.known_skip(peek)?; // not an object: a row of nulls
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
            self.value(column, peek, MAX_DEPTH)?;
            next = self.json.array_step()?;
        }
        Ok(())
    }

    /// Appends an object as row number `row` of `fields`. `flattened` is the object if the fields of nested objects become columns.
    fn object(
        &mut self,
        fields: &mut Fields,
        closed: bool,
        row: usize,
        depth: usize,
        flattened: Option<Flattened<'_>>,
    ) -> Result<()> {
        let mut key = self.json.known_object()?;
        while let Some(name) = key {
            let path = flattened.map(|object| object.path.with_key(name));
            let name = match flattened {
                None | Some(Flattened { prefix: "", .. }) => Cow::Borrowed(name),
                Some(Flattened { prefix, .. }) => Cow::Owned([prefix, ".", name].concat()),
            };
            let index = match fields.find(&name) {
                None if closed => None,
                None => Some(fields.add(&name, row)),
                some => some,
            };
            // Cloned, because the parser overwrites the name when it reads on.
            let inside = path.zip(index).map(|(path, index)| (fields.names[index].clone(), path));
            let Some(index) = index else {
                self.json.next_skip()?;
                key = self.json.next_key()?;
                continue;
            };
            let peek = self.json.peek()?;
            let column = &mut fields.columns[index];
            let is_other_path = path.is_some_and(|path| self.paths.get(index) != Some(&path));
            if column.len() > row && !is_other_path {
                column.truncate(row); // of duplicate keys the last one counts
            }
            match inside {
                Some((name, path)) if peek == Peek::Object && depth > 0 && !matches!(column.data, Data::Mixed(_)) => {
                    self.object(fields, false, row, depth - 1, Some(Flattened { prefix: &name, path }))?;
                }
                Some((name, _)) if column.len() > row => return Err(AppendError::TwoValues(name)),
                _ => {
                    self.value(column, peek, depth)?;
                    self.set_path(index, path);
                }
            }
            key = self.json.next_key()?;
        }
        Ok(())
    }

    /// Records the path of the value that was appended to a column.
    fn set_path(&mut self, index: usize, path: Option<PathId>) {
        let Some(path) = path else { return };
        if self.paths.len() <= index {
            self.paths.resize(index + 1, PathId::default());
        }
        self.paths[index] = path;
    }

    fn value(&mut self, column: &mut Column, peek: Peek, depth: usize) -> Result<()> {
        match peek {
            Peek::Null => {
                self.json.known_null()?;
                column.null();
            }
            Peek::True | Peek::False => column.bool(self.json.known_bool(peek)?),
            Peek::String => column.string(self.json.known_str()?),
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

    fn number(&mut self, column: &mut Column, peek: Peek) -> Result<()> {
        let start = self.json.current_index();
        let number = self.json.known_number(peek)?;
        let digits = self.json.slice_to_current(start);
        match number {
            NumberAny::Int(NumberInt::Int(int)) => column.int(int, digits),
            NumberAny::Float(float) if !self.layout.exact && float.is_finite() => column.float(float, digits),
            NumberAny::Float(_) | NumberAny::Int(NumberInt::BigInt(_)) => column.digits(digits),
        }
        Ok(())
    }

    fn nested(&mut self, column: &mut Column, depth: usize) -> Result<()> {
        let row = column.len();
        if let Data::Struct(fields) = &mut column.data {
            fields.begin();
            self.object(fields, false, row, depth, None)?;
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
