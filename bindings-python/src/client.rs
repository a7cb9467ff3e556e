//! The blocking client below `egito.Client`: values in, a call on the caller's thread, values out.

use crate::bulk::{BulkCalls, read_action};
use crate::errors::{OrRaise, contained};
use crate::hook::Hook;
use crate::record_list::RecordList;
use crate::records::Shape;
use crate::wait::{interrupted, wait};
use crate::{json, records, values};
use egito::{Decimals, Method, Settings, blocking};
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
            let core = py.detach(|| blocking::Client::interruptible(settings, interrupted)).or_raise(py)?;
            core.on_event(hook.as_ref().map(Hook::called_at_once));
            Ok(Self { core, decimals, hook })
        })
    }

    fn check_entity(&self, py: Python<'_>, entity: &str) -> PyResult<()> {
        contained(py, || self.entity(py, entity).map(drop))
    }

    fn create<'py>(&self, py: Python<'py>, entity: &str, record: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let record = values::record("record", record)?;
            let id = wait(py, || entity.create(record))?;
            records::id(py, &id)
        })
    }

    fn get<'py>(&self, py: Python<'py>, entity: &str, id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let id = values::id(id)?;
            let record = wait(py, || entity.get(id))?;
            json::parse(py, record.json().as_bytes(), self.decimals)
        })
    }

    fn update<'py>(
        &self,
        py: Python<'py>,
        entity: &str,
        id: &Bound<'py, PyAny>,
        fields: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let id = values::id(id)?;
            let fields = values::changes("record", fields)?;
            let id = wait(py, || entity.update(id, fields))?;
            records::id(py, &id)
        })
    }

    fn delete<'py>(&self, py: Python<'py>, entity: &str, id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let id = values::id(id)?;
            let id = wait(py, || entity.delete(id))?;
            records::id(py, &id)
        })
    }

    fn call<'py>(
        &self,
        py: Python<'py>,
        entity: &str,
        action: &str,
        params: &Bound<'py, PyAny>,
        method: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let method = method.parse::<Method>().or_raise(py)?;
            let params = values::record("params", params)?;
            let answer = wait(py, || entity.call_with_method(action, params, method))?;
            json::parse(py, answer.json().as_bytes(), self.decimals)
        })
    }

    fn list(
        &self,
        py: Python<'_>,
        entity: &str,
        options: &Bound<'_, PyAny>,
        fields: Option<Vec<String>>,
    ) -> PyResult<RecordList> {
        contained(py, || {
            let options = values::json("", options)?;
            let shape = Shape { decimals: self.decimals, fields: fields.map(Into::into) };
            RecordList::new(py, &self.core, shape, |client| client.entity(entity)?.list().with_json(&options))
        })
    }

    fn dictionary(&self, py: Python<'_>, kind: &str) -> PyResult<RecordList> {
        let shape = Shape { decimals: self.decimals, fields: None };
        contained(py, || RecordList::new(py, &self.core, shape, |client| Ok(client.dictionary(kind))))
    }

    fn with_options(&self, py: Python<'_>, options: &Bound<'_, PyAny>) -> PyResult<Self> {
        contained(py, || {
            let core = self.core.with_options(&values::json("", options)?).or_raise(py)?;
            let (decimals, hook) = (core.settings().decimals, self.hook.clone());
            Ok(Self { core, decimals, hook })
        })
    }

    fn bulk(&self, py: Python<'_>, entity: &str, action: &str, concurrency: usize) -> PyResult<BulkCalls> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            BulkCalls::new(py, &entity, read_action(py, action)?, concurrency, self.decimals)
        })
    }

    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || stats(py, self.core.stats()))
    }

    fn address(&self) -> String {
        address(self.core.settings())
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        contained(py, || {
            py.detach(|| self.core.close());
            Ok(())
        })
    }

    fn panic_for_tests(&self, py: Python<'_>) -> PyResult<()> {
        contained(py, || wait(py, || self.core.panic_for_tests()))
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

impl Client {
    fn entity(&self, py: Python<'_>, name: &str) -> PyResult<blocking::Entity> {
        self.core.entity(name).or_raise(py)
    }
}

/// Settings from Python's keywords.
pub(crate) fn read_settings(keywords: &Bound<'_, PyAny>, from_env: bool) -> PyResult<Settings> {
    let json = values::json("", keywords)?;
    let settings = if from_env { Settings::from_env(&json) } else { Settings::from_json(&json) };
    settings.or_raise(keywords.py())
}

/// What `repr` shows of a client.
pub(crate) fn address(settings: &Settings) -> String {
    let named = || format!("https://{}.egito.pl", settings.name.as_deref().unwrap_or_default());
    settings.base_url.clone().unwrap_or_else(named)
}

/// The counters as a dict.
pub(crate) fn stats(py: Python<'_>, stats: egito::Stats) -> PyResult<Bound<'_, PyAny>> {
    let json = serde_json::to_vec(&stats).map_err(|e| egito::Error::config("stats", e.to_string()));
    json::parse(py, &json.or_raise(py)?, Decimals::Float)
}
