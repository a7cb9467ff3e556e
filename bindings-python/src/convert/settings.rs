//! Settings of clients from Python, and their counters to Python.

use super::errors::IntoPyResult;
use super::{decode, encode};
use egito::{Decimals, Settings};
use pyo3::prelude::*;

/// Environment variables of requests and curl with certificate authorities.
const CA_VARIABLES: [&str; 2] = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];

/// Reads the settings from keywords, and with `from_env` also from the environment.
pub(crate) fn read_settings(keywords: &Bound<'_, PyAny>, from_env: bool) -> PyResult<Settings> {
    let json = encode::json("", keywords)?;
    let settings = if from_env { Settings::from_env(&json) } else { Settings::from_json(&json) };
    let settings = settings.and_then(|settings| egito::binding::with_ca_file_of(settings, &CA_VARIABLES));
    settings.into_py_result(keywords.py())
}

/// Returns the counters as a dict.
pub(crate) fn stats_dict(py: Python<'_>, stats: egito::Stats) -> PyResult<Bound<'_, PyAny>> {
    let json = serde_json::to_vec(&stats).map_err(|e| egito::Error::config("stats", e.to_string()));
    decode::parse(py, &json.into_py_result(py)?, Decimals::Float)
}
