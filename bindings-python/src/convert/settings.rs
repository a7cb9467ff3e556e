//! Settings of clients from Python, and their counters to Python.

use super::errors::{IntoPyResult, catch_panics};
use super::{decode, encode};
use egito::{Decimals, Settings};
use pyo3::prelude::*;
use std::path::Path;

/// Environment variables of requests and curl with certificate authorities.
const CA_VARIABLES: [&str; 2] = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];

/// Reads the settings from keywords, and also from the file, or with `from_env` from the environment.
pub(crate) fn read_settings(keywords: &Bound<'_, PyAny>, from_env: bool, file: Option<&Path>) -> PyResult<Settings> {
    let json = encode::json("", keywords)?;
    let settings = egito::binding::read_settings(&json, from_env, file);
    let settings = settings.and_then(|settings| egito::binding::with_ca_file_of(settings, &CA_VARIABLES));
    settings.into_py_result(keywords.py())
}

/// Returns the settings of a dict, of the environment and of its file as one dict, for processes that have another environment.
#[pyfunction]
pub(crate) fn settings_from_env<'py>(settings: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = settings.py();
    catch_panics(py, || {
        let json = encode::json("", settings)?;
        let all = egito::binding::settings_from_env(&json).into_py_result(py)?;
        decode::parse(py, all.as_bytes(), Decimals::Float)
    })
}

/// Returns the report of a probe as a dict.
pub(crate) fn report_dict<'py>(py: Python<'py>, report: &egito::Report) -> PyResult<Bound<'py, PyAny>> {
    decode::parse(py, egito::binding::report_to_json(report).as_bytes(), Decimals::Float)
}

/// Returns the counters as a dict.
pub(crate) fn stats_dict(py: Python<'_>, stats: egito::Stats) -> PyResult<Bound<'_, PyAny>> {
    let json = serde_json::to_vec(&stats).map_err(|e| egito::Error::config("stats", e.to_string()));
    decode::parse(py, &json.into_py_result(py)?, Decimals::Float)
}
