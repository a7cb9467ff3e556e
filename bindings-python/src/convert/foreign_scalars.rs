//! Scalars of numpy, pandas and pyarrow. They are recognized by the names of their types, so that no library must be installed.

use pyo3::prelude::*;
use pyo3::types::PyString;

/// How to encode a scalar of another library.
pub(crate) enum ForeignScalar<'py> {
    /// As this Python value.
    Value(Bound<'py, PyAny>),
    Bool(bool),
    /// As a number of at most 32 bits, with the fewest digits that identify it.
    Float32(f64),
    String(Bound<'py, PyString>),
    /// `NaT`, NA and the like.
    Missing,
    /// JSON cannot represent it, for this reason.
    Unsupported(&'static str),
}

const NO_ZONE: &str = "a numpy.datetime64 has no time zone, so it is ambiguous; send a datetime with one, such as \
                       pandas.Timestamp(value, tz=\"UTC\"), or a date";
pub(crate) const DURATION: &str = "JSON has no durations; send a number, such as value.total_seconds()";
const NUMPY_DURATION: &str = "JSON has no durations; send a number, such as value / numpy.timedelta64(1, \"s\")";

/// Reads a scalar of one of these libraries. Returns `None` for other values, and for integers with `__index__`.
pub(crate) fn read<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<ForeignScalar<'py>>> {
    let class = value.get_type();
    let (module, name) = (class.module()?, class.name()?);
    let library = module.to_str()?.split('.').next().unwrap_or_default();
    match (library, name.to_str()?) {
        ("numpy", name) => numpy(value, name),
        ("pandas", "NAType" | "NaTType") => Ok(Some(ForeignScalar::Missing)),
        ("pyarrow", name) if name.ends_with("Scalar") => arrow(value, name).map(Some),
        _ => Ok(None),
    }
}

fn numpy<'py>(value: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<ForeignScalar<'py>>> {
    Ok(Some(match name {
        "bool" | "bool_" => ForeignScalar::Bool(value.is_truthy()?), // `bool_` before numpy 2
        "float16" | "float32" => ForeignScalar::Float32(value.extract()?),
        "longdouble" | "float96" | "float128" => {
            ForeignScalar::Value(value.extract::<f64>()?.into_pyobject(value.py())?.into_any())
        }
        "datetime64" => datetime64(value)?,
        "timedelta64" => ForeignScalar::Unsupported(NUMPY_DURATION),
        _ => return Ok(None),
    }))
}

/// Reads a `datetime64`. One in days is a date; all others lack a time zone.
fn datetime64<'py>(value: &Bound<'py, PyAny>) -> PyResult<ForeignScalar<'py>> {
    let text = value.str()?;
    let unit = value.getattr("dtype")?.getattr("name")?;
    Ok(match (text.to_str()?, unit.extract::<String>()?.as_str()) {
        ("NaT", _) => ForeignScalar::Missing,
        (_, "datetime64[D]") => ForeignScalar::String(text),
        _ => ForeignScalar::Unsupported(NO_ZONE),
    })
}

fn arrow<'py>(value: &Bound<'py, PyAny>, name: &str) -> PyResult<ForeignScalar<'py>> {
    let plain = value.call_method0("as_py")?;
    match name {
        "FloatScalar" | "HalfFloatScalar" if !plain.is_none() => Ok(ForeignScalar::Float32(plain.extract()?)),
        _ => Ok(ForeignScalar::Value(plain)),
    }
}
