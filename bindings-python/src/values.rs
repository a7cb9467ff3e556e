//! Python → JSON: dicts and what they hold, written straight into bytes. What has no JSON form is refused by its path.

use crate::ending::{Inside, inside_or_exit};
use crate::errors::{OrRaise, contained, exception};
use crate::foreign::{self, Foreign};
use egito::{Error, Record, RecordId};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDelta, PyDict, PyFloat, PyInt, PyList, PyMapping, PyMemoryView, PyString, PyTuple,
    PyType,
};

/// Deeper values are refused: they contain themselves, or no parser would read them again.
const DEPTH: usize = 127;

/// What is sent for a missing value: NaN, `NaT` or NA.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Nothing: it is an error.
    #[default]
    Error,
    Null,
    /// Nothing: its field is left out. In a list it is null.
    Omit,
}

impl Missing {
    /// Reads the option `nan` of a bulk.
    pub(crate) fn read(py: Python<'_>, option: &str) -> PyResult<Self> {
        match option {
            "error" => Ok(Self::Error),
            "null" => Ok(Self::Null),
            "omit" => Ok(Self::Omit),
            _ => Err(Error::config("nan", "invalid `nan`: expected \"error\", \"null\" or \"omit\"")).or_raise(py),
        }
    }
}

/// A record, or the parameters of a call. `name` is what errors call it.
pub(crate) fn record(name: &str, value: &Bound<'_, PyAny>, missing: Missing) -> PyResult<Record> {
    Record::from_bytes(write(name, value, false, missing)?).or_raise(value.py())
}

/// The changed fields of a record: of a model that knows which of its fields were set, only those.
pub(crate) fn changes(name: &str, value: &Bound<'_, PyAny>, missing: Missing) -> PyResult<Record> {
    Record::from_bytes(write(name, value, true, missing)?).or_raise(value.py())
}

/// The JSON text of a value. Error `config`, naming the path of what cannot be written.
pub(crate) fn json(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    write(name, value, false, Missing::Error)
}

/// Returns the JSON text of a value, as a record would have it; `name` is what errors call it.
#[pyfunction]
pub(crate) fn to_json(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    contained(value.py(), || Ok(String::from_utf8(json(name, value)?)?))
}

fn write(name: &str, value: &Bound<'_, PyAny>, only_set: bool, missing: Missing) -> PyResult<Vec<u8>> {
    let mut writer = Writer { json: Vec::with_capacity(256), depth: 0, only_set, missing, inside: None };
    writer.value(value).map_err(|refused| refused.into_exception(value.py(), name))?;
    Ok(writer.json)
}

/// Reads an id: an int, also one of numpy or pyarrow, or a text. Nothing else is one: the server would look for `3.0`.
pub(crate) fn id(value: &Bound<'_, PyAny>) -> PyResult<RecordId> {
    let plain = match foreign::read(value)? {
        Some(Foreign::Value(plain)) => plain,
        _ => value.clone(),
    };
    let can_be = plain.is_instance_of::<PyString>() || plain.is_instance_of::<PyInt>() || plain.hasattr("__index__")?;
    if !can_be {
        return Err(no_id(value)).or_raise(value.py());
    }
    let json = json("id", &plain)?;
    let id = std::str::from_utf8(&json).ok().and_then(RecordId::from_json);
    id.ok_or_else(|| no_id(value)).or_raise(value.py())
}

fn no_id(value: &Bound<'_, PyAny>) -> Error {
    let is_plain = value.is_none() || value.is_instance_of::<PyString>() || value.is_instance_of::<PyInt>();
    let shown = if is_plain { value.repr().ok().map(|repr| repr.to_string()) } else { None };
    let got = shown.unwrap_or_else(|| type_name(value));
    Error::config("id", format!("invalid `id`: expected an int or a str, got {got}"))
}

/// Why a value cannot be written, and where it is: the last step of the path first.
struct Refused {
    why: Box<str>,
    path: Vec<String>,
    /// What a value's own method raised.
    raised: Option<PyErr>,
    /// The value itself is a missing one.
    is_missing: bool,
}

type Written = Result<(), Refused>;

impl Refused {
    fn new(why: impl Into<String>) -> Self {
        Self { why: why.into().into_boxed_str(), path: Vec::new(), raised: None, is_missing: false }
    }

    fn missing(what: &str) -> Self {
        let why = format!("{what} is a missing value; send None, or leave the field out (in bulks also by `nan=`)");
        Self { is_missing: true, ..Self::new(why) }
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
    missing: Missing,
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

    /// Numbers and texts of the standard library and others.
    fn scalar(&mut self, value: &Bound<'_, PyAny>, types: &Types) -> Written {
        let py = value.py();
        if let Some(foreign) = foreign::read(value)? {
            self.foreign(foreign)
        } else if value.is_instance(types.decimal.bind(py))? {
            self.decimal(value)
        } else if value.is_instance(types.datetime.bind(py))? {
            self.text(&datetime(value, types)?)
        } else if value.is_instance(types.date.bind(py))? || value.is_instance(types.time.bind(py))? {
            self.text(&iso(value)?)
        } else if value.is_instance(types.uuid.bind(py))? {
            self.text(&value.str()?)
        } else if value.hasattr("__index__")? {
            // Arrays of numpy have it too, and it fails.
            let index = types.index.bind(py).call1((value,));
            let index = index.map_err(|raised| Refused { raised: Some(raised), ..unknown_type(value) })?;
            self.int(index.cast::<PyInt>().map_err(PyErr::from)?)
        } else if value.is_instance_of::<PyType>() {
            Err(unknown_type(value))
        } else {
            self.object(value, types)
        }
    }

    fn foreign(&mut self, value: Foreign<'_>) -> Written {
        match value {
            Foreign::Value(plain) => self.nested(|writer| writer.value(&plain)),
            Foreign::Bool(truth) => {
                self.raw(if truth { "true" } else { "false" });
                Ok(())
            }
            Foreign::Float32(float) => self.float32(float),
            Foreign::Text(text) => self.text(&text),
            Foreign::Missing => Err(Refused::missing("it")),
            Foreign::Refused(why) => Err(Refused::new(why)),
        }
    }

    /// Values with fields: models, dataclasses and classes of attrs.
    fn object(&mut self, value: &Bound<'_, PyAny>, types: &Types) -> Written {
        if value.hasattr("model_dump")? {
            self.nested(|writer| writer.value(&writer.dumped(value)?))
        } else if value.hasattr("__dataclass_fields__")? {
            let fields = types.fields.bind(value.py()).call1((value,))?;
            self.nested(|writer| writer.fields(value, &fields))
        } else if value.hasattr("__attrs_attrs__")? {
            let fields = value.getattr("__attrs_attrs__")?;
            self.nested(|writer| writer.fields(value, &fields))
        } else {
            Err(unknown_type(value))
        }
    }

    fn decimal(&mut self, value: &Bound<'_, PyAny>) -> Written {
        if value.call_method0("is_nan")?.is_truthy()? {
            return Err(Refused::missing("NaN"));
        }
        if !value.call_method0("is_finite")?.is_truthy()? {
            return Err(Refused::new(NO_INFINITY));
        }
        self.raw(value.str()?.to_str()?);
        Ok(())
    }

    /// Returns the fields of a model of pydantic, or of one that looks like it.
    fn dumped<'py>(&self, model: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        static DUMPED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        DUMPED.import(model.py(), "egito._models", "dumped")?.call1((model, self.only_set))
    }

    fn fields(&mut self, value: &Bound<'_, PyAny>, fields: &Bound<'_, PyAny>) -> Written {
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
        for member in members {
            let (key, value) = member?;
            let before = self.json.len();
            if !self.json.ends_with(b"{") {
                self.json.push(b',');
            }
            let name = key
                .cast::<PyString>()
                .map_err(|_| Refused::new(format!("its fields have names that are str, not {}", type_name(&key))))?;
            self.text(name)?;
            self.json.push(b':');
            let written = self.value_or_null(&value);
            match written.map_err(|refused| refused.under(format!(".{name}")))? {
                Sent::Null if self.missing == Missing::Omit => self.json.truncate(before),
                _ => {}
            }
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
            self.value_or_null(&item?).map_err(|refused| refused.under(format!("[{place}]")))?;
        }
        self.json.push(b']');
        Ok(())
    }

    /// Writes a value; null for a missing one, if that is wanted.
    fn value_or_null(&mut self, value: &Bound<'_, PyAny>) -> Result<Sent, Refused> {
        let before = self.json.len();
        match self.value(value) {
            Err(refused) if refused.is_missing && self.missing != Missing::Error => {
                self.json.truncate(before);
                self.raw("null");
                Ok(Sent::Null)
            }
            written => written.map(|()| Sent::Value),
        }
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
        finite(float)?;
        serde_json::to_writer(&mut self.json, &float).map_err(|e| Refused::new(e.to_string()))
    }

    #[expect(clippy::cast_possible_truncation, reason = "it was one of 32 bits or fewer")]
    fn float32(&mut self, float: f64) -> Written {
        finite(float)?;
        serde_json::to_writer(&mut self.json, &(float as f32)).map_err(|e| Refused::new(e.to_string()))
    }

    fn raw(&mut self, json: &str) {
        self.json.extend_from_slice(json.as_bytes());
    }
}

/// What was sent for a value.
enum Sent {
    Value,
    /// It was a missing one.
    Null,
}

const NO_INFINITY: &str = "JSON has no Infinity";

fn finite(float: f64) -> Written {
    if float.is_nan() {
        return Err(Refused::missing("NaN"));
    }
    if float.is_infinite() {
        return Err(Refused::new(NO_INFINITY));
    }
    Ok(())
}

/// Returns a point in time in UTC with exactly three digits of a fraction and `Z`. Servers read any other form in their own zone.
fn datetime<'py>(value: &Bound<'py, PyAny>, types: &Types) -> Result<Bound<'py, PyString>, Refused> {
    let py = value.py();
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
    Ok(value.call_method0("isoformat")?.str()?)
}

fn unknown_type(value: &Bound<'_, PyAny>) -> Refused {
    let is_bytes = value.is_instance_of::<PyBytes>()
        || value.is_instance_of::<PyByteArray>()
        || value.is_instance_of::<PyMemoryView>();
    if is_bytes {
        let how = "decode text (value.decode()), or send base64.b64encode(value).decode()";
        return Refused::new(format!("JSON has no bytes, and this is {}; {how}", type_name(value)));
    }
    if value.is_instance_of::<PyDelta>() {
        return Refused::new(foreign::DURATION);
    }
    let can = "text, numbers, booleans, None, dates, UUIDs, Enums, Decimals, lists, dicts, dataclasses and models";
    Refused::new(format!("a record holds {can}, not {}", type_name(value)))
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
