//! JSON → Python: bytes straight to objects, in one pass.

use crate::ending::inside_or_exit;
use egito::Decimals;
use jiter::{FloatMode, PythonParse, StringCacheMode};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Parses a JSON text.
pub(crate) fn parse<'py>(py: Python<'py>, json: &[u8], decimals: Decimals) -> PyResult<Bound<'py, PyAny>> {
    let float_mode = if decimals == Decimals::Decimal { FloatMode::Decimal } else { FloatMode::Float };
    // Keys repeat from record to record; values seldom do.
    let parse = PythonParse { cache_mode: StringCacheMode::Keys, float_mode, ..PythonParse::default() };
    parse.python_parse(py, json).map_err(|error| unreadable(py, &error.description(json)))
}

/// Makes the exception for a response that is JSON, but more than Python holds: nested too deep, or with an int of too many
/// digits.
pub(crate) fn unreadable(py: Python<'_>, why: &str) -> PyErr {
    unfitting(py, &format!("Python cannot hold this answer: {why}"))
}

/// Makes the exception for a response that does not fit what the caller has chosen to expect.
pub(crate) fn unfitting(py: Python<'_>, message: &str) -> PyErr {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let class = inside_or_exit(py).and_then(|inside| {
        Ok((inside, CLASS.import(py, "egito._generated.error_classes", "UnexpectedResponseError")?))
    });
    let made = class.and_then(|(_inside, class)| class.call1((message,)));
    made.map_or_else(|failed| failed, PyErr::from_value)
}
