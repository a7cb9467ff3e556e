//! The blocking client below `egito.Client`: values in, a call on the caller's thread, values out.

use crate::errors::{OrRaise, contained};
use crate::record_list::RecordList;
use crate::wait::{interrupted, wait};
use crate::{records, values};
use egito::{Decimals, Method, Settings, blocking};
use pyo3::prelude::*;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Client {
    client: blocking::Client,
    decimals: Decimals,
}

#[pymethods]
impl Client {
    #[new]
    fn new(py: Python<'_>, settings: &Bound<'_, PyAny>, from_env: bool) -> PyResult<Self> {
        contained(py, || {
            let settings = read_settings(settings, from_env)?;
            let decimals = settings.decimals;
            let client = py.detach(|| blocking::Client::interruptible(settings, interrupted)).or_raise(py)?;
            Ok(Self { client, decimals })
        })
    }

    fn check_entity(&self, py: Python<'_>, entity: &str) -> PyResult<()> {
        contained(py, || self.entity(py, entity).map(drop))
    }

    fn create<'py>(&self, py: Python<'py>, entity: &str, record: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let record = values::record("record", record)?;
            let id = wait(py, || entity.create(&record))?;
            records::id(py, &id)
        })
    }

    fn get<'py>(&self, py: Python<'py>, entity: &str, id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let id = values::id(id)?;
            let record = wait(py, || entity.get(id))?;
            records::parse(py, record.json().as_bytes(), self.decimals)
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
            let fields = values::record("record", fields)?;
            let id = wait(py, || entity.update(id, &fields))?;
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
            let answer = wait(py, || entity.call_with_method(action, &params, method))?;
            records::parse(py, answer.json().as_bytes(), self.decimals)
        })
    }

    fn list(&self, py: Python<'_>, entity: &str, options: &Bound<'_, PyAny>) -> PyResult<RecordList> {
        contained(py, || {
            let options = values::json("", options)?;
            let list = self.entity(py, entity)?.list().with_json(&options).or_raise(py)?;
            RecordList::new(py, list, self.decimals)
        })
    }

    fn dictionary(&self, py: Python<'_>, kind: &str) -> PyResult<RecordList> {
        contained(py, || RecordList::new(py, self.client.dictionary(kind), self.decimals))
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        contained(py, || {
            py.detach(|| self.client.close());
            Ok(())
        })
    }

    fn panic_for_tests(&self, py: Python<'_>) -> PyResult<()> {
        contained(py, || wait(py, || self.client.panic_for_tests()))
    }
}

impl Client {
    fn entity(&self, py: Python<'_>, name: &str) -> PyResult<blocking::Entity> {
        self.client.entity(name).or_raise(py)
    }
}

/// Settings from Python's keywords.
pub(crate) fn read_settings(keywords: &Bound<'_, PyAny>, from_env: bool) -> PyResult<Settings> {
    let json = values::json("", keywords)?;
    let settings = if from_env { Settings::from_env(&json) } else { Settings::from_json(&json) };
    settings.or_raise(keywords.py())
}
