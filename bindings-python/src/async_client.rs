//! The async client below `egito.AsyncClient`: what takes time gives a `Pending`, which Python awaits.

use crate::async_bulk::AsyncBulkCalls;
use crate::async_context::Context;
use crate::async_record_list::AsyncRecordList;
use crate::bulk::read_action;
use crate::client::{address, read_settings, stats};
use crate::errors::{OrRaise, contained};
use crate::hook::Hook;
use crate::pending::Pending;
use crate::{json, records, values};
use egito::{Client, Decimals, Method, Record};
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::Arc;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncClient(Arc<Context>);

#[pymethods]
impl AsyncClient {
    #[new]
    fn new(py: Python<'_>, settings: &Bound<'_, PyAny>, from_env: bool, on_event: &Bound<'_, PyAny>) -> PyResult<Self> {
        contained(py, || {
            let settings = read_settings(settings, from_env)?;
            let client = py.detach(|| Client::new(settings)).or_raise(py)?;
            Ok(Self(Arc::new(Context::new(client, Hook::new(on_event)?))))
        })
    }

    fn check_entity(&self, py: Python<'_>, entity: &str) -> PyResult<()> {
        contained(py, || self.entity(py, entity).map(drop))
    }

    fn create(&self, py: Python<'_>, entity: &str, record: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let record = values::record("record", record)?;
            self.0.start(py, async move { entity.create(record).await }, |py, id| records::id(py, &id))
        })
    }

    fn get(&self, py: Python<'_>, entity: &str, id: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let id = values::id(id)?;
            self.0.start(py, async move { entity.get(id).await }, to_record(self.0.decimals))
        })
    }

    fn update(
        &self,
        py: Python<'_>,
        entity: &str,
        id: &Bound<'_, PyAny>,
        fields: &Bound<'_, PyAny>,
    ) -> PyResult<Pending> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let id = values::id(id)?;
            let fields = values::changes("record", fields)?;
            self.0.start(py, async move { entity.update(id, fields).await }, |py, id| records::id(py, &id))
        })
    }

    fn delete(&self, py: Python<'_>, entity: &str, id: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let id = values::id(id)?;
            self.0.start(py, async move { entity.delete(id).await }, |py, id| records::id(py, &id))
        })
    }

    fn call(
        &self,
        py: Python<'_>,
        entity: &str,
        action: String,
        params: &Bound<'_, PyAny>,
        method: &str,
    ) -> PyResult<Pending> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let method = method.parse::<Method>().or_raise(py)?;
            let params = values::record("params", params)?;
            let call = async move { entity.call_with_method(&action, params, method).await };
            self.0.start(py, call, to_record(self.0.decimals))
        })
    }

    fn list(
        &self,
        py: Python<'_>,
        entity: &str,
        options: &Bound<'_, PyAny>,
        fields: Option<Vec<String>>,
    ) -> PyResult<AsyncRecordList> {
        contained(py, || {
            let options = values::json("", options)?;
            AsyncRecordList::new(py, &self.0, fields, |client| client.entity(entity)?.list().with_json(&options))
        })
    }

    fn dictionary(&self, py: Python<'_>, kind: &str) -> PyResult<AsyncRecordList> {
        contained(py, || AsyncRecordList::new(py, &self.0, None, |client| Ok(client.dictionary(kind))))
    }

    fn with_options(&self, py: Python<'_>, options: &Bound<'_, PyAny>) -> PyResult<Self> {
        contained(py, || {
            let options = values::json("", options)?;
            Ok(Self(Arc::new(self.0.with_options(&options).or_raise(py)?)))
        })
    }

    fn bulk(&self, py: Python<'_>, entity: &str, action: &str, concurrency: usize) -> PyResult<AsyncBulkCalls> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            AsyncBulkCalls::new(py, self.0.clone(), &entity, read_action(py, action)?, concurrency)
        })
    }

    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || stats(py, self.0.client().or_raise(py)?.stats()))
    }

    fn address(&self, py: Python<'_>) -> PyResult<String> {
        self.0.client().or_raise(py).map(|client| address(client.settings()))
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        contained(py, || {
            self.0.client().or_raise(py)?.close();
            Ok(())
        })
    }

    fn panic_for_tests(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
            let client = self.0.client().or_raise(py)?.clone();
            self.0.start(py, async move { client.panic_for_tests().await }, |py, ()| Ok(py.None().into_bound(py)))
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        // Lists share the hook with the client: it is the client's to show only where nobody else has it.
        match &self.0.hook {
            Some(hook) if Arc::strong_count(&self.0) == 1 => hook.traverse(&visit),
            _ => Ok(()),
        }
    }

    fn __clear__(&self) {
        if let Some(hook) = &self.0.hook {
            hook.clear();
        }
    }
}

impl AsyncClient {
    fn entity(&self, py: Python<'_>, name: &str) -> PyResult<egito::Entity> {
        self.0.client().and_then(|client| client.entity(name)).or_raise(py)
    }
}

/// The record that a call gives.
fn to_record(decimals: Decimals) -> impl FnOnce(Python<'_>, Record) -> PyResult<Bound<'_, PyAny>> {
    move |py, record| json::parse(py, record.json().as_bytes(), decimals)
}
