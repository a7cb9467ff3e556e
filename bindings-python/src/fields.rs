//! Pages as dicts of chosen fields: what nobody asked for is passed over and never becomes an object.

use crate::json;
use egito::Decimals;
use jiter::{Jiter, JiterError, NumberAny, NumberInt, Peek};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

/// The records of a page, with these fields only, in the server's order.
pub(crate) fn parse_page<'py>(
    py: Python<'py>,
    json: &[u8],
    fields: &[String],
    decimals: Decimals,
) -> PyResult<Bound<'py, PyAny>> {
    let mut picker = Picker { py, names: fields, keys: Vec::new(), json: Jiter::new(json), decimals };
    picker.keys = fields.iter().map(|name| PyString::intern(py, name)).collect();
    let page = picker.page();
    page.map_err(|stopped| match stopped {
        Stopped::Json(error) => json::unreadable(py, &error.description(&picker.json)),
        Stopped::Python(raised) => raised,
    })
    .map(Bound::into_any)
}

struct Picker<'py, 'j> {
    py: Python<'py>,
    names: &'j [String],
    keys: Vec<Bound<'py, PyString>>,
    json: Jiter<'j>,
    decimals: Decimals,
}

enum Stopped {
    Json(JiterError),
    Python(PyErr),
}

impl From<JiterError> for Stopped {
    fn from(error: JiterError) -> Self {
        Self::Json(error)
    }
}

impl From<PyErr> for Stopped {
    fn from(raised: PyErr) -> Self {
        Self::Python(raised)
    }
}

impl<'py> Picker<'py, '_> {
    fn page(&mut self) -> Result<Bound<'py, PyList>, Stopped> {
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

    fn record(&mut self) -> Result<Bound<'py, PyDict>, Stopped> {
        let dict = PyDict::new(self.py);
        // Where the next wanted key probably is: records mostly have their keys in one order.
        let mut likely = 0;
        let mut key = self.json.known_object()?;
        while let Some(name) = key {
            let wanted = match self.names.get(likely) {
                Some(next) if next == name => Some(likely),
                _ => self.names.iter().position(|each| each == name),
            };
            let peek = self.json.peek()?;
            match wanted {
                None => self.json.known_skip(peek)?,
                Some(place) => {
                    let value = self.value(peek)?;
                    dict.set_item(&self.keys[place], value)?;
                    likely = place + 1;
                }
            }
            key = self.json.next_key()?;
        }
        Ok(dict)
    }

    fn value(&mut self, peek: Peek) -> Result<Bound<'py, PyAny>, Stopped> {
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
        Ok(json::parse(py, self.json.slice_to_current(start), self.decimals)?)
    }
}
