//! Python objects → JSON, in one pass. A value without a JSON form is an error with its path.

use super::encode_error::{EncodeError, EncodeResult};
use super::errors::{IntoPyResult, catch_panics};
use super::foreign_scalars::{self, ForeignScalar};
use super::standard_types::{StandardTypes, iso_format};
use crate::runtime::finalization::FinalizationGuard;
use egito::binding::{record_from_written, scanner::Scanner};
use egito::{Error, Record, RecordId};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDelta, PyDict, PyFloat, PyInt, PyList, PyMapping, PyMemoryView, PyString, PyTuple,
    PyType,
};

/// Maximum nesting. Deeper values contain themselves, or parsers refuse them.
const MAX_DEPTH: usize = 127;

/// What to send for a missing value: NaN, `NaT` or NA.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Missing values are errors.
    #[default]
    Error,
    Null,
    /// The field is left out. In a list the value is null.
    Omit,
}

impl Missing {
    /// Reads the option `nan` of a bulk.
    pub(crate) fn read(py: Python<'_>, option: &str) -> PyResult<Self> {
        match option {
            "error" => Ok(Self::Error),
            "null" => Ok(Self::Null),
            "omit" => Ok(Self::Omit),
            _ => {
                Err(Error::config("nan", "invalid `nan`: expected \"error\", \"null\" or \"omit\"")).into_py_result(py)
            }
        }
    }
}

/// Encodes a record, or the parameters of a call. `name` is its name in errors.
pub(crate) fn record(name: &str, value: &Bound<'_, PyAny>, missing: Missing) -> PyResult<Record> {
    record_from_written(encode(name, value, false, missing)?).into_py_result(value.py())
}

/// Encodes the changed fields of a record. For a pydantic model these are the fields that were set.
pub(crate) fn changes(name: &str, value: &Bound<'_, PyAny>, missing: Missing) -> PyResult<Record> {
    record_from_written(encode(name, value, true, missing)?).into_py_result(value.py())
}

/// Encodes any value. Fails with `config` and the path of a value that cannot be encoded.
pub(crate) fn json(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    encode(name, value, false, Missing::Error)
}

/// Encodes a value of a record. `name` is its name in errors.
#[pyfunction]
pub(crate) fn to_json(name: &str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    catch_panics(value.py(), || Ok(String::from_utf8(json(name, value)?)?))
}

fn encode(name: &str, value: &Bound<'_, PyAny>, only_set: bool, missing: Missing) -> PyResult<Vec<u8>> {
    let mut encoder = Encoder { json: Vec::with_capacity(256), depth: 0, only_set, missing, guard: None };
    encoder.value(value).map_err(|error| error.into_exception(value.py(), name))?;
    Ok(encoder.json)
}

/// Reads an id: a string or an int, also of numpy or pyarrow. Other types are invalid: for a float the server would look for `3.0`.
pub(crate) fn id(value: &Bound<'_, PyAny>) -> PyResult<RecordId> {
    if value.is_exact_instance_of::<PyInt>() || value.is_exact_instance_of::<PyString>() {
        return plain_id(value, value);
    }
    let plain = match foreign_scalars::read(value)? {
        Some(ForeignScalar::Value(plain)) => plain,
        _ => value.clone(),
    };
    let is_valid =
        plain.is_instance_of::<PyString>() || plain.is_instance_of::<PyInt>() || plain.hasattr("__index__")?;
    if !is_valid {
        return Err(invalid_id(value)).into_py_result(value.py());
    }
    plain_id(value, &plain)
}

/// Reads an id that was converted to a type of Python. `value` is what the caller passed.
fn plain_id(value: &Bound<'_, PyAny>, plain: &Bound<'_, PyAny>) -> PyResult<RecordId> {
    let json = json("id", plain)?;
    let id = std::str::from_utf8(&json).ok().and_then(RecordId::from_json);
    id.ok_or_else(|| invalid_id(value)).into_py_result(value.py())
}

fn invalid_id(value: &Bound<'_, PyAny>) -> Error {
    let is_plain = value.is_none() || value.is_instance_of::<PyString>() || value.is_instance_of::<PyInt>();
    let shown = if is_plain { value.repr().ok().map(|repr| repr.to_string()) } else { None };
    let got = shown.unwrap_or_else(|| type_name(value));
    Error::config("id", format!("invalid `id`: expected an int or a str, got {got}"))
}

struct Encoder {
    json: Vec<u8>,
    depth: usize,
    /// Whether models send only the fields that were set.
    only_set: bool,
    missing: Missing,
    /// Acquired for the first value whose class has Python code.
    guard: Option<FinalizationGuard>,
}

impl Encoder {
    /// Encodes a value. Exact types come first, because almost every value has one; subclasses and other types follow.
    fn value(&mut self, value: &Bound<'_, PyAny>) -> EncodeResult {
        if let Ok(text) = value.cast_exact::<PyString>() {
            self.string(text)
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
            self.nested(|encoder| encoder.dict(dict))
        } else if let Ok(list) = value.cast_exact::<PyList>() {
            self.nested(|encoder| encoder.items(list.iter().map(Ok)))
        } else {
            self.other(value)
        }
    }

    fn other(&mut self, value: &Bound<'_, PyAny>) -> EncodeResult {
        if self.guard.is_none() {
            self.guard = Some(FinalizationGuard::acquire_or_exit(value.py())?);
        }
        let types = StandardTypes::get(value.py())?;
        if value.is_instance(types.r#enum.bind(value.py()))? {
            // Before int and str: members of IntEnum and StrEnum are instances of these, too.
            self.nested(|encoder| encoder.value(&value.getattr("value")?))
        } else if let Ok(text) = value.cast::<PyString>() {
            self.string(text)
        } else if let Ok(int) = value.cast::<PyInt>() {
            self.int(int)
        } else if let Ok(float) = value.cast::<PyFloat>() {
            self.float(float.value())
        } else if let Ok(tuple) = value.cast::<PyTuple>() {
            self.nested(|encoder| encoder.items(tuple.iter().map(Ok)))
        } else if let Ok(list) = value.cast::<PyList>() {
            self.nested(|encoder| encoder.items(list.iter().map(Ok)))
        } else if let Ok(mapping) = value.cast::<PyMapping>() {
            self.nested(|encoder| encoder.mapping(mapping))
        } else {
            self.scalar(value, types)
        }
    }

    /// Encodes numbers, dates and strings of the standard library and of other libraries.
    fn scalar(&mut self, value: &Bound<'_, PyAny>, types: &StandardTypes) -> EncodeResult {
        let py = value.py();
        if let Some(scalar) = foreign_scalars::read(value)? {
            self.foreign(scalar)
        } else if value.is_instance(types.decimal.bind(py))? {
            self.decimal(value)
        } else if value.is_instance(types.datetime.bind(py))? {
            self.string(&types.datetime(value)?)
        } else if value.is_instance(types.date.bind(py))? || value.is_instance(types.time.bind(py))? {
            self.string(&iso_format(value)?)
        } else if value.is_instance(types.uuid.bind(py))? {
            self.string(&value.str()?)
        } else if value.hasattr("__index__")? {
            // Arrays of numpy have it, too, but it fails.
            let index = types.index.bind(py).call1((value,));
            let index = index.map_err(|raised| unknown_type(value).raised_by(raised))?;
            self.int(index.cast::<PyInt>().map_err(PyErr::from)?)
        } else if value.is_instance_of::<PyType>() {
            Err(unknown_type(value))
        } else {
            self.object(value, types)
        }
    }

    fn foreign(&mut self, value: ForeignScalar<'_>) -> EncodeResult {
        match value {
            ForeignScalar::Value(plain) => self.nested(|encoder| encoder.value(&plain)),
            ForeignScalar::Bool(truth) => {
                self.raw(if truth { "true" } else { "false" });
                Ok(())
            }
            ForeignScalar::Float32(float) => self.float32(float),
            ForeignScalar::String(string) => self.string(&string),
            ForeignScalar::Missing => Err(EncodeError::missing("it")),
            ForeignScalar::Unsupported(why) => Err(EncodeError::new(why)),
        }
    }

    /// Encodes objects with fields: models, dataclasses and classes of attrs.
    fn object(&mut self, value: &Bound<'_, PyAny>, types: &StandardTypes) -> EncodeResult {
        if value.hasattr("model_dump")? {
            self.nested(|encoder| encoder.value(&encoder.dump_model(value)?))
        } else if value.hasattr("__dataclass_fields__")? {
            let fields = types.fields.bind(value.py()).call1((value,))?;
            self.nested(|encoder| encoder.fields(value, &fields))
        } else if value.hasattr("__attrs_attrs__")? {
            let fields = value.getattr("__attrs_attrs__")?;
            self.nested(|encoder| encoder.fields(value, &fields))
        } else {
            Err(unknown_type(value))
        }
    }

    fn decimal(&mut self, value: &Bound<'_, PyAny>) -> EncodeResult {
        if value.call_method0("is_nan")?.is_truthy()? {
            return Err(EncodeError::missing("NaN"));
        }
        if !value.call_method0("is_finite")?.is_truthy()? {
            return Err(EncodeError::new(NO_INFINITY));
        }
        let text = value.str()?;
        let number = text.to_str()?;
        // A subclass may print something else.
        if !is_number(number) {
            return Err(EncodeError::new("str() of this Decimal is not a number"));
        }
        self.raw(number);
        Ok(())
    }

    /// Returns the fields of a pydantic model, or of an object with the same methods.
    fn dump_model<'py>(&self, model: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        static DUMP_MODEL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        DUMP_MODEL.import(model.py(), "egito._models", "dump_model")?.call1((model, self.only_set))
    }

    fn fields(&mut self, value: &Bound<'_, PyAny>, fields: &Bound<'_, PyAny>) -> EncodeResult {
        let names = fields.try_iter()?.map(|field| field?.getattr("name"));
        self.members(names.map(|name| {
            let name = name?;
            let field = value.getattr(name.cast::<PyString>()?)?;
            Ok((name, field))
        }))
    }

    fn dict(&mut self, dict: &Bound<'_, PyDict>) -> EncodeResult {
        // A copy, because methods of the values could change the dict.
        self.members(dict.copy()?.iter().map(Ok))
    }

    fn mapping(&mut self, mapping: &Bound<'_, PyMapping>) -> EncodeResult {
        self.members(mapping.items()?.iter().map(|item| item.extract()))
    }

    fn members<'py>(
        &mut self,
        members: impl Iterator<Item = PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)>>,
    ) -> EncodeResult {
        self.json.push(b'{');
        for member in members {
            let (key, value) = member?;
            let before = self.json.len();
            if !self.json.ends_with(b"{") {
                self.json.push(b',');
            }
            let name = key.cast::<PyString>().map_err(|_| {
                EncodeError::new(format!("expected names of fields of type str, got {}", type_name(&key)))
            })?;
            self.string(name)?;
            self.json.push(b':');
            let encoded = self.value_or_null(&value);
            match encoded.map_err(|error| error.under(format!(".{name}")))? {
                Encoded::Null if self.missing == Missing::Omit => self.json.truncate(before),
                _ => {}
            }
        }
        self.json.push(b'}');
        Ok(())
    }

    fn items<'py>(&mut self, items: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>) -> EncodeResult {
        self.json.push(b'[');
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.json.push(b',');
            }
            self.value_or_null(&item?).map_err(|error| error.under(format!("[{index}]")))?;
        }
        self.json.push(b']');
        Ok(())
    }

    /// Encodes a value. A missing value becomes null, unless it is an error.
    fn value_or_null(&mut self, value: &Bound<'_, PyAny>) -> Result<Encoded, EncodeError> {
        let before = self.json.len();
        match self.value(value) {
            Err(error) if error.is_missing && self.missing != Missing::Error => {
                self.json.truncate(before);
                self.raw("null");
                Ok(Encoded::Null)
            }
            encoded => encoded.map(|()| Encoded::Value),
        }
    }

    fn nested(&mut self, encode: impl FnOnce(&mut Self) -> EncodeResult) -> EncodeResult {
        if self.depth == MAX_DEPTH {
            return Err(EncodeError::new(format!("it is nested deeper than {MAX_DEPTH} levels, or contains itself")));
        }
        self.depth += 1;
        let encoded = encode(self);
        self.depth -= 1;
        encoded
    }

    fn string(&mut self, string: &Bound<'_, PyString>) -> EncodeResult {
        // Python's own error contains the whole string, which may be a secret.
        let string = string.to_str().map_err(|_| EncodeError::new("it has half of a surrogate pair"))?;
        serde_json::to_writer(&mut self.json, string).map_err(|e| EncodeError::new(e.to_string()))
    }

    fn int(&mut self, int: &Bound<'_, PyInt>) -> EncodeResult {
        if let Ok(int) = int.extract::<i64>() {
            return serde_json::to_writer(&mut self.json, &int).map_err(|e| EncodeError::new(e.to_string()));
        }
        // `int.__repr__`, because subclasses may print something else.
        let too_long = "it has more digits than Python converts (see sys.set_int_max_str_digits)";
        let digits = int.py().get_type::<PyInt>().call_method1("__repr__", (int,));
        let digits = digits.map_err(|raised| EncodeError::new(too_long).raised_by(raised))?;
        self.raw(digits.cast::<PyString>().map_err(PyErr::from)?.to_str()?);
        Ok(())
    }

    fn float(&mut self, float: f64) -> EncodeResult {
        finite(float)?;
        serde_json::to_writer(&mut self.json, &float).map_err(|e| EncodeError::new(e.to_string()))
    }

    #[expect(clippy::cast_possible_truncation, reason = "the value has at most 32 bits")]
    fn float32(&mut self, float: f64) -> EncodeResult {
        finite(float)?;
        serde_json::to_writer(&mut self.json, &(float as f32)).map_err(|e| EncodeError::new(e.to_string()))
    }

    fn raw(&mut self, json: &str) {
        self.json.extend_from_slice(json.as_bytes());
    }
}

/// How a value was encoded.
enum Encoded {
    Value,
    /// The value is missing, and null was written for it.
    Null,
}

fn is_number(text: &str) -> bool {
    let mut scanner = Scanner::new(text);
    text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
        && scanner.skip().and_then(|()| scanner.end()).is_ok()
}

const NO_INFINITY: &str = "JSON has no Infinity";

fn finite(float: f64) -> EncodeResult {
    if float.is_nan() {
        return Err(EncodeError::missing("NaN"));
    }
    if float.is_infinite() {
        return Err(EncodeError::new(NO_INFINITY));
    }
    Ok(())
}

fn unknown_type(value: &Bound<'_, PyAny>) -> EncodeError {
    let is_bytes = value.is_instance_of::<PyBytes>()
        || value.is_instance_of::<PyByteArray>()
        || value.is_instance_of::<PyMemoryView>();
    if is_bytes {
        let how = "send a string: value.decode(), or base64.b64encode(value).decode()";
        return EncodeError::new(format!("JSON has no bytes, got {}; {how}", type_name(value)));
    }
    if value.is_instance_of::<PyDelta>() {
        return EncodeError::new(foreign_scalars::DURATION);
    }
    let types = "a string, number, bool, None, date, UUID, Enum, Decimal, list, dict, dataclass or model";
    EncodeError::new(format!("expected {types}, got {}", type_name(value)))
}

fn type_name(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map_or_else(|_| "a value".into(), |name| format!("a value of type {name}"))
}
