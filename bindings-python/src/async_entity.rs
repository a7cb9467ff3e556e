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
use crate::{json, records, values};
use egito::binding::{PerProcess, tagged_entity};
use egito::{Decimals, Method, Record};
use pyo3::prelude::*;
use std::sync::Arc;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncEntity {
    context: Arc<Context>,
    core: PerProcess<egito::Entity>,
}

impl AsyncEntity {
    pub(crate) fn new(py: Python<'_>, context: &Arc<Context>, name: &str) -> PyResult<Self> {
        let core = context.client().and_then(|client| client.entity(name)).or_raise(py)?;
        Ok(Self { context: context.clone(), core: PerProcess::new(core) })
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
}

#[pymethods]
impl AsyncEntity {
    fn create(&self, py: Python<'_>, record: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let (entity, context) = self.tagged(py)?;
            let record = values::record("record", record, Missing::Error)?;
            self.context.start(py, context, async move { entity.create(record).await }, |py, id| records::id(py, &id))
        })
    }

    fn get(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let (entity, context) = self.tagged(py)?;
            let id = values::id(id)?;
            self.context.start(py, context, async move { entity.get(id).await }, to_record(self.context.decimals))
        })
    }

    fn update(&self, py: Python<'_>, id: &Bound<'_, PyAny>, fields: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let (entity, context) = self.tagged(py)?;
            let id = values::id(id)?;
            let fields = values::changes("record", fields, Missing::Error)?;
            self.context
                .start(py, context, async move { entity.update(id, fields).await }, |py, id| records::id(py, &id))
        })
    }

    fn delete(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<Pending> {
        contained(py, || {
            let (entity, context) = self.tagged(py)?;
            let id = values::id(id)?;
            self.context.start(py, context, async move { entity.delete(id).await }, |py, id| records::id(py, &id))
        })
    }

    fn call(&self, py: Python<'_>, action: String, params: &Bound<'_, PyAny>, method: &str) -> PyResult<Pending> {
        contained(py, || {
            let (entity, context) = self.tagged(py)?;
            let method = method.parse::<Method>().or_raise(py)?;
            let params = values::record("params", params, Missing::Error)?;
            let call = async move { entity.call_with_method(&action, params, method).await };
            self.context.start(py, context, call, to_record(self.context.decimals))
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
fn to_record(decimals: Decimals) -> impl FnOnce(Python<'_>, Record) -> PyResult<Bound<'_, PyAny>> {
    move |py, record| json::parse(py, record.json().as_bytes(), decimals)
}
