//! The native class behind `egito.Client`.

use super::entity::Entity;
use super::outbox::Outbox;
use super::record_list::RecordList;
use super::wait::{unless_interrupted, wait};
use crate::arrow::EXACT_DECIMALS;
use crate::convert::encode;
use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::convert::records::DecodeOptions;
use crate::convert::settings::{read_settings, report_dict, stats_dict};
use crate::events::hook::Hook;
use crate::runtime::signals::interrupted;
use egito::{Decimals, ProbeOptions, blocking};
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::path::PathBuf;
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
            let decimals = settings.decimals;
            let hook = Hook::new(on_event)?;
            let core = py.detach(|| egito::binding::interruptible(settings, interrupted)).into_py_result(py)?;
            core.on_event(hook.as_ref().map(Hook::on_attempt_thread));
            Ok(Self { core, decimals, hook })
        })
    }

    fn entity(&self, py: Python<'_>, name: &str) -> PyResult<Entity> {
        catch_panics(py, || Ok(Entity::new(self.core.entity(name).into_py_result(py)?, self.decimals)))
    }

    fn dictionary(&self, py: Python<'_>, kind: &str) -> PyResult<RecordList> {
        let options = DecodeOptions { decimals: self.decimals, fields: None };
        catch_panics(py, || {
            let exact = || Ok(self.core.with_options(EXACT_DECIMALS)?.dictionary(kind));
            RecordList::new(py, self.core.dictionary(kind), exact, options)
        })
    }

    fn outbox(&self, py: Python<'_>, path: PathBuf, options: &Bound<'_, PyAny>) -> PyResult<Outbox> {
        catch_panics(py, || {
            let options = encode::json("", options)?;
            Outbox::new(&self.core, path, &options, self.decimals).into_py_result(py)
        })
    }

    fn with_options(&self, py: Python<'_>, options: &Bound<'_, PyAny>) -> PyResult<Self> {
        catch_panics(py, || {
            let core = self.core.with_options(&encode::json("", options)?).into_py_result(py)?;
            let (decimals, hook) = (core.settings().decimals, self.hook.clone());
            Ok(Self { core, decimals, hook })
        })
    }

    fn probe<'py>(&self, py: Python<'py>, options: &Bound<'_, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || {
            let options = ProbeOptions::from_json(&encode::json("", options)?).into_py_result(py)?;
            let report = wait(py, || self.core.probe(&options))?;
            report_dict(py, &report)
        })
    }

    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || stats_dict(py, self.core.stats()))
    }

    fn address(&self) -> String {
        egito::binding::server_address(self.core.settings())
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        catch_panics(py, || {
            py.detach(|| self.core.close());
            unless_interrupted(py, Ok(()))
        })
    }

    #[cfg(feature = "test-panic")]
    fn panic_for_tests(&self, py: Python<'_>) -> PyResult<()> {
        catch_panics(py, || wait(py, || egito::binding::blocking_panic_for_tests(&self.core)))
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
