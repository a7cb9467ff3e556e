//! The async client below `egito.AsyncClient`: what takes time gives a `Pending`, which Python awaits.

use crate::async_bulk::AsyncBulkCalls;
use crate::async_record_list::AsyncRecordList;
use crate::bulk::read_action;
use crate::client::{address, read_settings, stats};
use crate::errors::{OrRaise, contained};
use crate::hook::Hook;
use crate::loop_bridge::{LastBridge, LoopBridge};
use crate::pending::{Pending, Reply};
use crate::values;
use egito::{Client, Decimals, Method, PerProcess};
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::Arc;

/// What a client and its lists share.
pub(crate) struct Shared {
    client: PerProcess<Client>,
    last_bridge: LastBridge,
    pub decimals: Decimals,
    hook: Option<Arc<Hook>>,
}

impl Shared {
    pub(crate) fn client(&self) -> egito::Result<&Client> {
        self.client.get(Client::anew)
    }

    pub(crate) fn start(
        &self,
        py: Python<'_>,
        call: impl Future<Output = egito::Result<Reply>> + Send + 'static,
    ) -> PyResult<Pending> {
        LoopBridge::to_running_loop(py, &self.last_bridge)?.start(py, self.decimals, call)
    }
}

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncClient(Arc<Shared>);

#[pymethods]
impl AsyncClient {
    #[new]
    fn new(py: Python<'_>, settings: &Bound<'_, PyAny>, from_env: bool, on_event: &Bound<'_, PyAny>) -> PyResult<Self> {
        contained(py, || {
            let settings = read_settings(settings, from_env)?;
            let decimals = settings.decimals;
            let client = py.detach(|| Client::new(settings)).or_raise(py)?;
            let (hook, last_bridge) = (Hook::new(on_event)?, LastBridge::default());
            client.on_event(hook.as_ref().map(|hook| last_bridge.events_to(hook)));
            Ok(Self(Arc::new(Shared { client: PerProcess::new(client), last_bridge, decimals, hook })))
        })
    }

    fn check_entity(&self, py: Python<'_>, entity: &str) -> PyResult<()> {
        contained(py, || self.entity(py, entity).map(drop))
    }

    fn create(&self, py: Python<'_>, entity: &str, record: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let record = values::record("record", record)?;
            self.0.start(py, async move { entity.create(record).await.map(Reply::Id) })
        })
    }

    fn get(&self, py: Python<'_>, entity: &str, id: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let id = values::id(id)?;
            self.0.start(py, async move { entity.get(id).await.map(Reply::Record) })
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
            self.0.start(py, async move { entity.update(id, fields).await.map(Reply::Id) })
        })
    }

    fn delete(&self, py: Python<'_>, entity: &str, id: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let entity = self.entity(py, entity)?;
            let id = values::id(id)?;
            self.0.start(py, async move { entity.delete(id).await.map(Reply::Id) })
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
            let call = async move { entity.call_with_method(&action, params, method).await.map(Reply::Record) };
            self.0.start(py, call)
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
            let client = self.0.client().and_then(|client| client.with_options(&options)).or_raise(py)?;
            let decimals = client.settings().decimals;
            let (last_bridge, hook) = (self.0.last_bridge.clone(), self.0.hook.clone());
            Ok(Self(Arc::new(Shared { client: PerProcess::new(client), last_bridge, decimals, hook })))
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
            self.0.start(py, async move { client.panic_for_tests().await.map(|()| Reply::Nothing) })
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
