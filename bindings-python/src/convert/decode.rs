//! JSON → Python objects, in one pass over the bytes.

use crate::runtime::finalization::FinalizationGuard;
use egito::Decimals;
use egito::binding::replace_numbers;
use jiter::{FloatMode, PythonParse, StringCacheMode};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Parses JSON.
pub(crate) fn parse<'py>(py: Python<'py>, json: &[u8], decimals: Decimals) -> PyResult<Bound<'py, PyAny>> {
    let float_mode = if decimals == Decimals::Decimal { FloatMode::Decimal } else { FloatMode::Float };
    // Records have the same keys, but seldom the same values.
    let parse = PythonParse { cache_mode: StringCacheMode::Keys, float_mode, ..PythonParse::default() };
    parse.python_parse(py, json).map_err(|error| unreadable(py, &error.description(json)))
}

/// Parses JSON. If a float would not keep the digits of a decimal, decimals become `Decimal`.
pub(crate) fn parse_exactly<'py>(py: Python<'py>, json: &[u8], decimals: Decimals) -> PyResult<Bound<'py, PyAny>> {
    let mut are_floats = true;
    if let Ok(text) = std::str::from_utf8(json) {
        replace_numbers(text, |number| {
            are_floats &= !number.contains(['.', 'e', 'E']) || is_shortest_float(number);
            None
        });
    }
    parse(py, json, if are_floats { decimals } else { Decimals::Decimal })
}

/// Returns whether a float has exactly these digits.
fn is_shortest_float(number: &str) -> bool {
    number.parse::<f64>().is_ok_and(|float| serde_json::to_string(&float).is_ok_and(|text| text == number))
}

/// Returns the exception for a response that Python cannot represent: nested too deep, or with an int of too many digits.
pub(crate) fn unreadable(py: Python<'_>, why: &str) -> PyErr {
    unexpected_response(py, &unreadable_message(why))
}

pub(crate) fn unreadable_message(why: &str) -> String {
    format!("Python cannot represent this response: {why}")
}

/// Returns the exception for a response that does not match what the caller expects.
pub(crate) fn unexpected_response(py: Python<'_>, message: &str) -> PyErr {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let class = FinalizationGuard::acquire_or_exit(py)
        .and_then(|guard| Ok((guard, CLASS.import(py, "egito._generated.error_classes", "UnexpectedResponseError")?)));
    let exception = class.and_then(|(_guard, class)| class.call1((message,)));
    exception.map_or_else(|failed| failed, PyErr::from_value)
}
