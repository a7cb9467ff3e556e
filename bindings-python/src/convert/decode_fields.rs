//! JSON → Python dicts with selected fields only. Other fields are skipped without making objects.

use super::decode;
use egito::Decimals;
use jiter::{Jiter, JiterError, NumberAny, NumberInt, Peek};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

/// Parses the records of a page, with these fields only, in the order of the server.
pub(crate) fn parse_page<'py>(
    py: Python<'py>,
    json: &[u8],
    fields: &[String],
    decimals: Decimals,
) -> PyResult<Bound<'py, PyAny>> {
    let mut parser = FieldParser { py, names: fields, keys: Vec::new(), json: Jiter::new(json), decimals };
    parser.keys = fields.iter().map(|name| PyString::intern(py, name)).collect();
    let page = parser.page();
    page.map_err(|error| match error {
        ParseError::Json(error) => decode::unreadable(py, &error.description(&parser.json)),
        ParseError::Python(raised) => raised,
    })
    .map(Bound::into_any)
}

struct FieldParser<'py, 'j> {
    py: Python<'py>,
    names: &'j [String],
    keys: Vec<Bound<'py, PyString>>,
    json: Jiter<'j>,
    decimals: Decimals,
}

enum ParseError {
    Json(JiterError),
    Python(PyErr),
}

impl From<JiterError> for ParseError {
    fn from(error: JiterError) -> Self {
        Self::Json(error)
    }
}

impl From<PyErr> for ParseError {
    fn from(raised: PyErr) -> Self {
        Self::Python(raised)
    }
}

impl<'py> FieldParser<'py, '_> {
    fn page(&mut self) -> Result<Bound<'py, PyList>, ParseError> {
        let list = PyList::empty(self.py);
        let mut next = self.json.next_array()?;
        while let Some(peek) = next {
            if peek == Peek::Object {
                list.append(self.record()?)?;
            } else {
                list.append(self.value(peek)?)?;
            }
            next = self.json.array_step()?;
        }
        Ok(list)
    }

    fn record(&mut self) -> Result<Bound<'py, PyDict>, ParseError> {
        let dict = PyDict::new(self.py);
        // Position of the next field, if this record has the usual order of keys.
        let mut expected = 0;
        let mut key = self.json.known_object()?;
        while let Some(name) = key {
            let index = match self.names.get(expected) {
                Some(next) if next == name => Some(expected),
                _ => self.names.iter().position(|each| each == name),
            };
            let peek = self.json.peek()?;
            match index {
                None => self.json.known_skip(peek)?,
                Some(index) => {
                    let value = self.value(peek)?;
                    dict.set_item(&self.keys[index], value)?;
                    expected = index + 1;
                }
            }
            key = self.json.next_key()?;
        }
        Ok(dict)
    }

    fn value(&mut self, peek: Peek) -> Result<Bound<'py, PyAny>, ParseError> {
        let py = self.py;
        let start = self.json.current_index();
        match peek {
            Peek::String => return Ok(PyString::new(py, self.json.known_str()?).into_any()),
            Peek::Null => {
                self.json.known_null()?;
                return Ok(py.None().into_bound(py));
            }
            number if number.is_num() && self.decimals != Decimals::Decimal => match self.json.known_number(number)? {
                NumberAny::Int(NumberInt::Int(int)) => {
                    return Ok(int.into_pyobject(py).map_err(PyErr::from)?.into_any());
                }
                NumberAny::Float(float) => return Ok(float.into_pyobject(py).map_err(PyErr::from)?.into_any()),
                NumberAny::Int(NumberInt::BigInt(_)) => {}
            },
            other => self.json.known_skip(other)?,
        }
        Ok(decode::parse(py, self.json.slice_to_current(start), self.decimals)?)
    }
}
