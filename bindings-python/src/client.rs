//! The blocking client below `egito.Client`: values in, a call on the caller's thread, values out.

use crate::arrow::AS_WRITTEN;
use crate::entity::Entity;
use crate::errors::{OrRaise, contained};
use crate::hook::Hook;
use crate::record_list::RecordList;
use crate::records::Shape;
use crate::wait::{interrupted, outcome, wait};
use crate::{json, values};
use egito::{Decimals, Settings, blocking};
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::Arc;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Client {
    core: blocking::Client,
    decimals: Decimals,
    hook: Option<Arc<Hook>>,
}

#[pymethods]
impl Client {
    #[new]
    fn new(py: Python<'_>, settings: &Bound<'_, PyAny>, from_env: bool, on_event: &Bound<'_, PyAny>) -> PyResult<Self> {
        contained(py, || {
            let settings = read_settings(settings, from_env)?;
            let decimals = settings.decimals;
            let hook = Hook::new(on_event)?;
            let core = py.detach(|| egito::binding::interruptible(settings, interrupted)).or_raise(py)?;
            core.on_event(hook.as_ref().map(Hook::called_at_once));
            Ok(Self { core, decimals, hook })
        })
    }

    fn entity(&self, py: Python<'_>, name: &str) -> PyResult<Entity> {
        contained(py, || Ok(Entity::new(self.core.entity(name).or_raise(py)?, self.decimals)))
    }

    fn dictionary(&self, py: Python<'_>, kind: &str) -> PyResult<RecordList> {
        let shape = Shape { decimals: self.decimals, fields: None };
        contained(py, || {
            let as_written = || Ok(self.core.with_options(AS_WRITTEN)?.dictionary(kind));
            RecordList::new(py, self.core.dictionary(kind), as_written, shape)
        })
    }

    fn with_options(&self, py: Python<'_>, options: &Bound<'_, PyAny>) -> PyResult<Self> {
        contained(py, || {
            let core = self.core.with_options(&values::json("", options)?).or_raise(py)?;
            let (decimals, hook) = (core.settings().decimals, self.hook.clone());
            Ok(Self { core, decimals, hook })
        })
    }

    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || stats(py, self.core.stats()))
    }

    fn address(&self) -> String {
        egito::binding::server_address(self.core.settings())
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        contained(py, || {
            py.detach(|| self.core.close());
            outcome(py, Ok(()))
        })
    }

    fn panic_for_tests(&self, py: Python<'_>) -> PyResult<()> {
        contained(py, || wait(py, || egito::binding::blocking_panic_for_tests(&self.core)))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.hook.as_ref().map_or(Ok(()), |hook| hook.traverse(&visit))
    }

    fn __clear__(&self) {
        if let Some(hook) = &self.hook {
            hook.clear();
        }
    }
}

/// The variables of requests and curl that name certificate authorities.
const CA_VARIABLES: [&str; 2] = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];

/// Settings from Python's keywords.
pub(crate) fn read_settings(keywords: &Bound<'_, PyAny>, from_env: bool) -> PyResult<Settings> {
    let json = values::json("", keywords)?;
    let settings = if from_env { Settings::from_env(&json) } else { Settings::from_json(&json) };
    let settings = settings.and_then(|settings| egito::binding::with_ca_file_of(settings, &CA_VARIABLES));
    settings.or_raise(keywords.py())
}

/// The counters as a dict.
pub(crate) fn stats(py: Python<'_>, stats: egito::Stats) -> PyResult<Bound<'_, PyAny>> {
    let json = serde_json::to_vec(&stats).map_err(|e| egito::Error::config("stats", e.to_string()));
    json::parse(py, &json.or_raise(py)?, Decimals::Float)
}
