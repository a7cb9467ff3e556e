//! Scalars of numpy, pandas and pyarrow. They are known by the names of their types, since none of these libraries is needed here.

use pyo3::prelude::*;
use pyo3::types::PyString;

/// What a scalar of another library is in JSON.
pub(crate) enum Foreign<'py> {
    /// Written as this value of Python.
    Value(Bound<'py, PyAny>),
    Bool(bool),
    /// A number of at most 32 bits, in the fewest digits that tell it from its neighbours.
    Float32(f64),
    Text(Bound<'py, PyString>),
    /// `NaT`, NA and their like.
    Missing,
    /// It has no form in JSON, for this reason.
    Refused(&'static str),
}

const NO_ZONE: &str = "a numpy.datetime64 has no time zone and is no point in time; send a datetime with one, such as \
                       pandas.Timestamp(value, tz=\"UTC\"), or a date";
pub(crate) const DURATION: &str = "JSON has no durations; send a number, such as value.total_seconds()";
const NUMPY_DURATION: &str = "JSON has no durations; send a number, such as value / numpy.timedelta64(1, \"s\")";

/// Reads a scalar of one of these libraries; `None` if the value is none, or is an integer like any other.
pub(crate) fn read<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Foreign<'py>>> {
    let class = value.get_type();
    let (module, name) = (class.module()?, class.name()?);
    let library = module.to_str()?.split('.').next().unwrap_or_default();
    match (library, name.to_str()?) {
        ("numpy", name) => numpy(value, name),
        ("pandas", "NAType" | "NaTType") => Ok(Some(Foreign::Missing)),
        ("pyarrow", name) if name.ends_with("Scalar") => arrow(value, name).map(Some),
        _ => Ok(None),
    }
}

fn numpy<'py>(value: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Foreign<'py>>> {
    Ok(Some(match name {
        "bool" | "bool_" => Foreign::Bool(value.is_truthy()?), // `bool_` before numpy 2
        "float16" | "float32" => Foreign::Float32(value.extract()?),
        "longdouble" | "float96" | "float128" => {
            Foreign::Value(value.extract::<f64>()?.into_pyobject(value.py())?.into_any())
        }
        "datetime64" => datetime64(value)?,
        "timedelta64" => Foreign::Refused(NUMPY_DURATION),
        _ => return Ok(None),
    }))
}

/// One of whole days is a date. All others lack a zone.
fn datetime64<'py>(value: &Bound<'py, PyAny>) -> PyResult<Foreign<'py>> {
    let text = value.str()?;
    let unit = value.getattr("dtype")?.getattr("name")?;
    Ok(match (text.to_str()?, unit.extract::<String>()?.as_str()) {
        ("NaT", _) => Foreign::Missing,
        (_, "datetime64[D]") => Foreign::Text(text),
        _ => Foreign::Refused(NO_ZONE),
    })
}

fn arrow<'py>(value: &Bound<'py, PyAny>, name: &str) -> PyResult<Foreign<'py>> {
    let plain = value.call_method0("as_py")?;
    match name {
        "FloatScalar" | "HalfFloatScalar" if !plain.is_none() => Ok(Foreign::Float32(plain.extract()?)),
        _ => Ok(Foreign::Value(plain)),
    }
}
