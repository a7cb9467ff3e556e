//! The async entity below `egito.AsyncEntity`: every call returns a `Pending`, which Python awaits.

use crate::arrow::AS_WRITTEN;
use crate::async_bulk::AsyncBulkCalls;
use crate::async_context::Context;
use crate::async_record_list::AsyncRecordList;
use crate::bulk::{Mode, read_action};
use crate::errors::{OrRaise, contained};
use crate::event_context::EventContext;
use crate::pending::Pending;
use crate::values::Missing;
use crate::{json, records, response, values};
use egito::binding::{PerProcess, response_of, tagged_entity};
use egito::{Decimals, Method, Record};
use pyo3::prelude::*;
use std::sync::Arc;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncEntity {
    context: Arc<Context>,
    core: PerProcess<egito::Entity>,
    with_response: bool,
}

impl AsyncEntity {
    pub(crate) fn new(py: Python<'_>, context: &Arc<Context>, name: &str) -> PyResult<Self> {
        let core = context.client().and_then(|client| client.entity(name)).or_raise(py)?;
        Ok(Self { context: context.clone(), core: PerProcess::new(core), with_response: false })
    }

    /// Returns the entity of this process's client.
    fn core(&self, py: Python<'_>) -> PyResult<&egito::Entity> {
        self.core.get(|parent| self.context.client()?.entity(parent.name())).or_raise(py)
    }

    /// Returns the entity for a call, and the context of the events of this call.
    fn tagged(&self, py: Python<'_>) -> PyResult<(egito::Entity, EventContext)> {
        let context = EventContext::current(py)?;
        Ok((tagged_entity(self.core(py)?, context.tag()), context))
    }

    /// Starts one call, which gives the value of its result; with its response where the caller asks for it.
    fn start<T: Send + 'static, F: Future<Output = egito::Result<T>> + Send + 'static>(
        &self,
        py: Python<'_>,
        call: impl FnOnce(egito::Entity) -> F + Send + 'static,
        to_python: impl for<'py> FnOnce(Python<'py>, &T) -> PyResult<Bound<'py, PyAny>> + Send + 'static,
    ) -> PyResult<Pending> {
        let (entity, context) = self.tagged(py)?;
        if !self.with_response {
            return self.context.start(py, context, call(entity), |py, result| to_python(py, &result));
        }
        let answered = async move { response_of(&entity, call).await };
        self.context.start(py, context, answered, |py, answered| {
            response::with_value(py, &answered, to_python(py, &answered.value)?)
        })
    }
}

#[pymethods]
impl AsyncEntity {
    fn create(&self, py: Python<'_>, record: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let record = values::record("record", record, Missing::Error)?;
            self.start(py, |entity| async move { entity.create(record).await }, records::id)
        })
    }

    fn get(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let id = values::id(id)?;
            self.start(py, |entity| async move { entity.get(id).await }, to_record(self.context.decimals))
        })
    }

    fn update(&self, py: Python<'_>, id: &Bound<'_, PyAny>, fields: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let id = values::id(id)?;
            let fields = values::changes("record", fields, Missing::Error)?;
            self.start(py, |entity| async move { entity.update(id, fields).await }, records::id)
        })
    }

    fn delete(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let id = values::id(id)?;
            self.start(py, |entity| async move { entity.delete(id).await }, records::id)
        })
    }

    fn call(&self, py: Python<'_>, action: String, params: &Bound<'_, PyAny>, method: &str) -> PyResult<Pending> {
        contained(py, || {
            let method = method.parse::<Method>().or_raise(py)?;
            let params = values::record("params", params, Missing::Error)?;
            let call =
                move |entity: egito::Entity| async move { entity.call_with_method(&action, params, method).await };
            self.start(py, call, to_record(self.context.decimals))
        })
    }

    fn list(
        &self,
        py: Python<'_>,
        options: &Bound<'_, PyAny>,
        fields: Option<Vec<String>>,
    ) -> PyResult<AsyncRecordList> {
        contained(py, || {
            let options = values::json("", options)?;
            let entity = self.core(py)?;
            let list = entity.list().with_json(&options).or_raise(py)?;
            let as_written = || entity.with_options(AS_WRITTEN)?.list().with_json(&options);
            AsyncRecordList::new(py, &self.context, list, as_written, fields)
        })
    }

    fn with_response(&self, py: Python<'_>) -> PyResult<Self> {
        contained(py, || {
            let core = PerProcess::new(self.core(py)?.clone());
            Ok(Self { context: self.context.clone(), core, with_response: true })
        })
    }

    fn bulk(
        &self,
        py: Python<'_>,
        action: &str,
        options: &Bound<'_, PyAny>,
        keeps_all_rows: bool,
        reports_progress: bool,
        nan: &str,
    ) -> PyResult<AsyncBulkCalls> {
        contained(py, || {
            let mode = Mode { keeps_all_rows, reports_progress, missing: Missing::read(py, nan)? };
            let (action, options) = (read_action(py, action)?, values::json("", options)?);
            AsyncBulkCalls::new(py, self.context.clone(), self.tagged(py)?, action, &options, mode)
        })
    }
}

/// Returns the record of a call as Python's value.
fn to_record(decimals: Decimals) -> impl for<'py> FnOnce(Python<'py>, &Record) -> PyResult<Bound<'py, PyAny>> {
    move |py, record| json::parse(py, record.json().as_bytes(), decimals)
}
