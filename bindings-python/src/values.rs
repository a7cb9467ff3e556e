//! Python → JSON: dicts and what they hold, written straight into bytes. What has no JSON form is refused by its path.

use crate::ending::{Inside, inside_or_exit};
use crate::errors::{OrRaise, exception};
use egito::{Error, Record, RecordId};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple, PyType};

/// Deeper values are refused: they contain themselves, or no parser would read them again.
const DEPTH: usize = 127;

/// A record, or the parameters of a call. `name` is what errors call it.
pub(crate) fn record(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Record> {
    Record::from_bytes(json(name, value)?).or_raise(value.py())
}

/// The changed fields of a record: of a model that knows which of its fields were set, only those.
pub(crate) fn changes(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Record> {
    Record::from_bytes(write(name, value, true)?).or_raise(value.py())
}

/// The JSON text of a value. Error `config`, naming the path of what cannot be written.
pub(crate) fn json(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    write(name, value, false)
}

fn write(name: &str, value: &Bound<'_, PyAny>, only_set: bool) -> PyResult<Vec<u8>> {
    let mut writer = Writer { json: Vec::with_capacity(256), depth: 0, only_set, inside: None };
    writer.value(value).map_err(|refused| refused.into_exception(value.py(), name))?;
    Ok(writer.json)
}

/// An id: an int, of numpy as well, or a text. What else could be written is none: the server would look for `3.0` in vain.
pub(crate) fn id(value: &Bound<'_, PyAny>) -> PyResult<RecordId> {
    let wrong = || Error::config("id", format!("an id is an int or a str, not {}", type_name(value)));
    let can_be = value.is_instance_of::<PyString>() || value.is_instance_of::<PyInt>() || value.hasattr("__index__")?;
    if !can_be {
        return Err(wrong()).or_raise(value.py());
    }
    let json = json("id", value)?;
    let id = std::str::from_utf8(&json).ok().and_then(RecordId::from_json);
    id.ok_or_else(wrong).or_raise(value.py())
}

/// Why a value cannot be written, and where it is: the last step of the path first.
struct Refused {
    why: String,
    path: Vec<String>,
    /// What a value's own method raised.
    raised: Option<PyErr>,
}

type Written = Result<(), Refused>;

impl Refused {
    fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), path: Vec::new(), raised: None }
    }

    fn under(mut self, step: String) -> Self {
        self.path.push(step);
        self
    }

    fn into_exception(self, py: Python<'_>, name: &str) -> PyErr {
        if let Some(raised) = self.raised.as_ref().filter(|raised| !raised.is_instance_of::<PyException>(py)) {
            return raised.clone_ref(py); // KeyboardInterrupt and its like say nothing about the value
        }
        let steps = self.path.iter().rev().map(String::as_str);
        let path: String = std::iter::once(name).chain(steps).collect();
        let path = path.trim_start_matches('.');
        let exception = exception(py, &Error::config(path, format!("`{path}` cannot be sent: {}", self.why)));
        exception.set_cause(py, self.raised);
        exception
    }
}

impl From<PyErr> for Refused {
    fn from(raised: PyErr) -> Self {
        Self { raised: Some(raised), ..Self::new("a method of it failed") }
    }
}

struct Writer {
    json: Vec<u8>,
    depth: usize,
    /// Of models, only the fields that were set.
    only_set: bool,
    /// There once a value has code of its own.
    inside: Option<Inside>,
}

impl Writer {
    /// The exact types of almost every value first; what derives from them, and the rest, after them.
    fn value(&mut self, value: &Bound<'_, PyAny>) -> Written {
        if let Ok(text) = value.cast_exact::<PyString>() {
            self.text(text)
        } else if value.is_none() {
            self.raw("null");
            Ok(())
        } else if let Ok(truth) = value.cast_exact::<PyBool>() {
            self.raw(if truth.is_true() { "true" } else { "false" });
            Ok(())
        } else if let Ok(int) = value.cast_exact::<PyInt>() {
            self.int(int)
        } else if let Ok(float) = value.cast_exact::<PyFloat>() {
            self.float(float.value())
        } else if let Ok(dict) = value.cast_exact::<PyDict>() {
            self.nested(|writer| writer.dict(dict))
        } else if let Ok(list) = value.cast_exact::<PyList>() {
            self.nested(|writer| writer.items(list.iter().map(Ok)))
        } else {
            self.other(value)
        }
    }

    fn other(&mut self, value: &Bound<'_, PyAny>) -> Written {
        if self.inside.is_none() {
            self.inside = Some(inside_or_exit(value.py())?);
        }
        let types = Types::of(value.py())?;
        if value.is_instance(types.r#enum.bind(value.py()))? {
            // Before int and str: members of IntEnum and StrEnum are those as well.
            self.nested(|writer| writer.value(&value.getattr("value")?))
        } else if let Ok(text) = value.cast::<PyString>() {
            self.text(text)
        } else if let Ok(int) = value.cast::<PyInt>() {
            self.int(int)
        } else if let Ok(float) = value.cast::<PyFloat>() {
            self.float(float.value())
        } else if let Ok(tuple) = value.cast::<PyTuple>() {
            self.nested(|writer| writer.items(tuple.iter().map(Ok)))
        } else if let Ok(list) = value.cast::<PyList>() {
            self.nested(|writer| writer.items(list.iter().map(Ok)))
        } else if let Ok(mapping) = value.cast::<PyMapping>() {
            self.nested(|writer| writer.mapping(mapping))
        } else {
            self.scalar(value, types)
        }
    }

    /// Numbers and texts of the standard library.
    fn scalar(&mut self, value: &Bound<'_, PyAny>, types: &Types) -> Written {
        let py = value.py();
        if value.is_instance(types.decimal.bind(py))? {
            if !value.call_method0("is_finite")?.is_truthy()? {
                return Err(Refused::new("JSON has no NaN and no Infinity"));
            }
            self.raw(value.str()?.to_str()?);
            Ok(())
        } else if value.is_instance(types.datetime.bind(py))? {
            self.text(&datetime(value, types)?)
        } else if value.is_instance(types.date.bind(py))? || value.is_instance(types.time.bind(py))? {
            self.text(&iso(value)?)
        } else if value.is_instance(types.uuid.bind(py))? {
            self.text(&value.str()?)
        } else if is_bool_of_numpy(value) {
            self.raw(if value.is_truthy()? { "true" } else { "false" });
            Ok(())
        } else if value.hasattr("__index__")? {
            // Arrays of numpy have it too, and it fails.
            let index = types.index.bind(py).call1((value,));
            let index = index.map_err(|raised| Refused { raised: Some(raised), ..unknown_type(value) })?;
            self.int(index.cast::<PyInt>().map_err(PyErr::from)?)
        } else if !value.is_instance_of::<PyType>() && value.hasattr("model_dump")? {
            self.nested(|writer| writer.value(&writer.dumped(value)?))
        } else if !value.is_instance_of::<PyType>() && value.hasattr("__dataclass_fields__")? {
            self.nested(|writer| writer.dataclass(value, types))
        } else {
            Err(unknown_type(value))
        }
    }

    /// What a model of pydantic, or one that looks like it, says of itself.
    fn dumped<'py>(&self, model: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let options = PyDict::new(model.py());
        options.set_item("by_alias", true)?;
        options.set_item("exclude_unset", self.only_set)?;
        model.call_method("model_dump", (), Some(&options))
    }

    fn dataclass(&mut self, value: &Bound<'_, PyAny>, types: &Types) -> Written {
        let fields = types.fields.bind(value.py()).call1((value,))?;
        let names = fields.try_iter()?.map(|field| field?.getattr("name"));
        self.members(names.map(|name| {
            let name = name?;
            let field = value.getattr(name.cast::<PyString>()?)?;
            Ok((name, field))
        }))
    }

    fn dict(&mut self, dict: &Bound<'_, PyDict>) -> Written {
        // A copy, because what is called on the way could change it.
        self.members(dict.copy()?.iter().map(Ok))
    }

    fn mapping(&mut self, mapping: &Bound<'_, PyMapping>) -> Written {
        self.members(mapping.items()?.iter().map(|item| item.extract()))
    }

    fn members<'py>(
        &mut self,
        members: impl Iterator<Item = PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)>>,
    ) -> Written {
        self.json.push(b'{');
        for (place, member) in members.enumerate() {
            let (key, value) = member?;
            if place > 0 {
                self.json.push(b',');
            }
            let name = key
                .cast::<PyString>()
                .map_err(|_| Refused::new(format!("its fields have names that are str, not {}", type_name(&key))))?;
            self.text(name)?;
            self.json.push(b':');
            self.value(&value).map_err(|refused| refused.under(format!(".{name}")))?;
        }
        self.json.push(b'}');
        Ok(())
    }

    fn items<'py>(&mut self, items: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>) -> Written {
        self.json.push(b'[');
        for (place, item) in items.enumerate() {
            if place > 0 {
                self.json.push(b',');
            }
            self.value(&item?).map_err(|refused| refused.under(format!("[{place}]")))?;
        }
        self.json.push(b']');
        Ok(())
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self) -> Written) -> Written {
        if self.depth == DEPTH {
            return Err(Refused::new(format!("it is nested deeper than {DEPTH} levels, or contains itself")));
        }
        self.depth += 1;
        let written = write(self);
        self.depth -= 1;
        written
    }

    fn text(&mut self, text: &Bound<'_, PyString>) -> Written {
        // Its own error would carry the whole text, which may be a secret.
        let text = text.to_str().map_err(|_| Refused::new("it has half of a surrogate pair, which is no text"))?;
        serde_json::to_writer(&mut self.json, text).map_err(|e| Refused::new(e.to_string()))
    }

    fn int(&mut self, int: &Bound<'_, PyInt>) -> Written {
        if let Ok(int) = int.extract::<i64>() {
            return serde_json::to_writer(&mut self.json, &int).map_err(|e| Refused::new(e.to_string()));
        }
        // Of the type int itself: what derives from it may print otherwise.
        let too_long = "it has more digits than Python writes (see sys.set_int_max_str_digits)";
        let digits = int.py().get_type::<PyInt>().call_method1("__repr__", (int,));
        let digits = digits.map_err(|raised| Refused { raised: Some(raised), ..Refused::new(too_long) })?;
        self.raw(digits.cast::<PyString>().map_err(PyErr::from)?.to_str()?);
        Ok(())
    }

    fn float(&mut self, float: f64) -> Written {
        if !float.is_finite() {
            return Err(Refused::new("JSON has no NaN and no Infinity"));
        }
        serde_json::to_writer(&mut self.json, &float).map_err(|e| Refused::new(e.to_string()))
    }

    fn raw(&mut self, json: &str) {
        self.json.extend_from_slice(json.as_bytes());
    }
}

/// Returns a point in time in UTC with exactly three digits of a fraction and `Z`. Servers read any other form in their own zone.
fn datetime<'py>(value: &Bound<'py, PyAny>, types: &Types) -> Result<Bound<'py, PyString>, Refused> {
    let py = value.py();
    if value.ne(value)? {
        return Err(Refused::new("NaT is no moment in time"));
    }
    if value.call_method0("utcoffset")?.is_none() {
        let how = "datetime.now(timezone.utc), or value.astimezone() for this machine's zone";
        return Err(Refused::new(format!("a datetime without a time zone is no point in time; give it one: {how}")));
    }
    let utc = value.call_method1("astimezone", (types.utc.bind(py),))?;
    let milliseconds = PyDict::new(py);
    milliseconds.set_item("timespec", "milliseconds")?;
    let text = utc.call_method("isoformat", (), Some(&milliseconds))?.str()?;
    Ok(PyString::new(py, &text.to_str()?.replace("+00:00", "Z")))
}

fn iso<'py>(value: &Bound<'py, PyAny>) -> Result<Bound<'py, PyString>, Refused> {
    let text = value.call_method0("isoformat")?.str()?;
    if !text.to_str()?.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Refused::new(format!("{text} is no moment in time")));
    }
    Ok(text)
}

fn unknown_type(value: &Bound<'_, PyAny>) -> Refused {
    let can = "text, numbers, booleans, None, dates, UUIDs, Enums, Decimals, lists, dicts, dataclasses and models";
    Refused::new(format!("a record holds {can}, not {}", type_name(value)))
}

/// By its name, since numpy is not needed here: `bool_` before numpy 2.
fn is_bool_of_numpy(value: &Bound<'_, PyAny>) -> bool {
    let class = value.get_type();
    let named = |name: PyResult<Bound<'_, PyString>>, those: &[&str]| {
        name.is_ok_and(|name| name.to_str().is_ok_and(|name| those.contains(&name)))
    };
    named(class.module(), &["numpy"]) && named(class.name(), &["bool", "bool_"])
}

fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "this".into(), |name| format!("a value of type {name}"))
}

/// Types of the standard library, found once.
struct Types {
    r#enum: Py<PyType>,
    decimal: Py<PyType>,
    datetime: Py<PyType>,
    date: Py<PyType>,
    time: Py<PyType>,
    uuid: Py<PyType>,
    utc: Py<PyAny>,
    index: Py<PyAny>,
    fields: Py<PyAny>,
}

impl Types {
    fn of(py: Python<'_>) -> PyResult<&Self> {
        static TYPES: PyOnceLock<Types> = PyOnceLock::new();
        TYPES.get_or_try_init(py, || {
            let find = |module: &str, name: &str| py.import(module)?.getattr(name);
            let class = |module: &str, name: &str| Ok::<_, PyErr>(find(module, name)?.cast_into::<PyType>()?.unbind());
            Ok(Self {
                r#enum: class("enum", "Enum")?,
                decimal: class("decimal", "Decimal")?,
                datetime: class("datetime", "datetime")?,
                date: class("datetime", "date")?,
                time: class("datetime", "time")?,
                uuid: class("uuid", "UUID")?,
                utc: find("datetime", "timezone")?.getattr("utc")?.unbind(),
                index: find("operator", "index")?.unbind(),
                fields: find("dataclasses", "fields")?.unbind(),
            })
        })
    }
}
