//! Types of Python's standard library that can be sent, and the JSON strings of dates.

use super::encode_error::EncodeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyType};

/// Types and functions of the standard library, imported once.
pub(super) struct StandardTypes {
    pub r#enum: Py<PyType>,
    pub decimal: Py<PyType>,
    pub datetime: Py<PyType>,
    pub date: Py<PyType>,
    pub time: Py<PyType>,
    pub uuid: Py<PyType>,
    pub index: Py<PyAny>,
    pub fields: Py<PyAny>,
    utc: Py<PyAny>,
}

impl StandardTypes {
    pub(super) fn get(py: Python<'_>) -> PyResult<&Self> {
        static TYPES: PyOnceLock<StandardTypes> = PyOnceLock::new();
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

    /// Returns a point in time in UTC with exactly three digits of a fraction and `Z`. Servers read other forms in their own zone.
    pub(super) fn datetime<'py>(&self, value: &Bound<'py, PyAny>) -> Result<Bound<'py, PyString>, EncodeError> {
        let py = value.py();
        if value.call_method0("utcoffset")?.is_none() {
            let how = "datetime.now(timezone.utc), or value.astimezone() for the zone of this machine";
            return Err(EncodeError::new(format!("a datetime without a time zone is ambiguous; add one: {how}")));
        }
        let utc = value.call_method1("astimezone", (self.utc.bind(py),))?;
        let milliseconds = PyDict::new(py);
        milliseconds.set_item("timespec", "milliseconds")?;
        let text = utc.call_method("isoformat", (), Some(&milliseconds))?.str()?;
        Ok(PyString::new(py, &text.to_str()?.replace("+00:00", "Z")))
    }
}

/// Returns a date or a time as ISO 8601.
pub(super) fn iso_format<'py>(value: &Bound<'py, PyAny>) -> Result<Bound<'py, PyString>, EncodeError> {
    Ok(value.call_method0("isoformat")?.str()?)
}
