//! The native class behind `egito.AsyncClient`.

use super::context::Context;
use super::entity::AsyncEntity;
use super::outbox::AsyncOutbox;
use super::pending::Pending;
use super::record_list::AsyncRecordList;
use crate::arrow::EXACT_DECIMALS;
use crate::convert::encode;
use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::convert::settings::{read_settings, report_dict, stats_dict};
use crate::events::context::EventContext;
use crate::events::hook::Hook;
use egito::{Client, ProbeOptions};
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::path::PathBuf;
use std::sync::Arc;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncClient(Arc<Context>);

#[pymethods]
impl AsyncClient {
    #[new]
    #[allow(clippy::needless_pass_by_value)] // pyo3 extracts a path by value
    fn new(
        py: Python<'_>,
        settings: &Bound<'_, PyAny>,
        from_env: bool,
        file: Option<PathBuf>,
        on_event: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        catch_panics(py, || {
            let settings = read_settings(settings, from_env, file.as_deref())?;
            let client = py.detach(|| Client::new(settings)).into_py_result(py)?;
            Ok(Self(Arc::new(Context::new(client, Hook::new(on_event)?))))
        })
    }

    fn entity(&self, py: Python<'_>, name: &str) -> PyResult<AsyncEntity> {
        catch_panics(py, || AsyncEntity::new(py, &self.0, name))
    }

    fn dictionary(&self, py: Python<'_>, kind: &str) -> PyResult<AsyncRecordList> {
        catch_panics(py, || {
            let client = self.0.client().into_py_result(py)?;
            let exact = || Ok(client.with_options(EXACT_DECIMALS)?.dictionary(kind));
            AsyncRecordList::new(py, &self.0, client.dictionary(kind), exact, None)
        })
    }

    fn outbox(&self, py: Python<'_>, path: PathBuf, options: &Bound<'_, PyAny>) -> PyResult<AsyncOutbox> {
        catch_panics(py, || {
            let options = encode::json("", options)?;
            AsyncOutbox::new(&self.0, path, options).into_py_result(py)
        })
    }

    fn with_options(&self, py: Python<'_>, options: &Bound<'_, PyAny>) -> PyResult<Self> {
        catch_panics(py, || {
            let options = encode::json("", options)?;
            Ok(Self(Arc::new(self.0.with_options(&options).into_py_result(py)?)))
        })
    }

    fn probe(&self, py: Python<'_>, options: &Bound<'_, PyAny>) -> PyResult<Pending> {
        catch_panics(py, || {
            let options = ProbeOptions::from_json(&encode::json("", options)?).into_py_result(py)?;
            let client = self.0.client().into_py_result(py)?.clone();
            let probe = async move { client.probe(&options).await };
            self.0.start(py, EventContext::default(), probe, |py, report| report_dict(py, &report))
        })
    }

    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || stats_dict(py, self.0.client().into_py_result(py)?.stats()))
    }

    fn address(&self, py: Python<'_>) -> PyResult<String> {
        self.0.client().into_py_result(py).map(|client| egito::binding::server_address(client.settings()))
    }

    fn close(&self, py: Python<'_>) -> PyResult<Pending> {
        catch_panics(py, || {
            let closing = self.0.client().into_py_result(py)?.close();
            let closed = async move {
                closing.await;
                Ok(())
            };
            self.0.start(py, EventContext::default(), closed, |py, ()| Ok(py.None().into_bound(py)))
        })
    }

    #[cfg(feature = "test-panic")]
    fn panic_for_tests(&self, py: Python<'_>) -> PyResult<Pending> {
        catch_panics(py, || {
            let client = self.0.client().into_py_result(py)?.clone();
            let call = async move { egito::binding::panic_for_tests(&client).await };
            self.0.start(py, EventContext::default(), call, |py, ()| Ok(py.None().into_bound(py)))
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        // Entities and lists share the hook: only its sole owner may show it to the garbage collector.
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
