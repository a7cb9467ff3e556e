//! The async client below `egito.AsyncClient`: what takes time gives a `Pending`, which Python awaits.

use crate::arrow::AS_WRITTEN;
use crate::async_context::Context;
use crate::async_entity::AsyncEntity;
use crate::async_record_list::AsyncRecordList;
use crate::client::{read_settings, stats};
use crate::errors::{OrRaise, contained};
use crate::event_context::EventContext;
use crate::hook::Hook;
use crate::pending::Pending;
use crate::values;
use egito::Client;
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

    fn entity(&self, py: Python<'_>, name: &str) -> PyResult<AsyncEntity> {
        contained(py, || AsyncEntity::new(py, &self.0, name))
    }

    fn dictionary(&self, py: Python<'_>, kind: &str) -> PyResult<AsyncRecordList> {
        contained(py, || {
            let client = self.0.client().or_raise(py)?;
            let as_written = || Ok(client.with_options(AS_WRITTEN)?.dictionary(kind));
            AsyncRecordList::new(py, &self.0, client.dictionary(kind), as_written, None)
        })
    }

    fn with_options(&self, py: Python<'_>, options: &Bound<'_, PyAny>) -> PyResult<Self> {
        contained(py, || {
            let options = values::json("", options)?;
            Ok(Self(Arc::new(self.0.with_options(&options).or_raise(py)?)))
        })
    }

    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || stats(py, self.0.client().or_raise(py)?.stats()))
    }

    fn address(&self, py: Python<'_>) -> PyResult<String> {
        self.0.client().or_raise(py).map(|client| egito::binding::server_address(client.settings()))
    }

    fn close(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
            let closing = self.0.client().or_raise(py)?.close();
            let closed = async move {
                closing.await;
                Ok(())
            };
            self.0.start(py, EventContext::default(), closed, |py, ()| Ok(py.None().into_bound(py)))
        })
    }

    fn panic_for_tests(&self, py: Python<'_>) -> PyResult<Pending> {
        contained(py, || {
            let client = self.0.client().or_raise(py)?.clone();
            let call = async move { egito::binding::panic_for_tests(&client).await };
            self.0.start(py, EventContext::default(), call, |py, ()| Ok(py.None().into_bound(py)))
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
