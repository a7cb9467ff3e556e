//! The native class behind `egito.AsyncEntity`.

use super::bulk::AsyncBulkCalls;
use super::context::Context;
use super::pending::Pending;
use super::record_list::AsyncRecordList;
use crate::arrow::EXACT_DECIMALS;
use crate::convert::bulk::{BulkMode, read_action};
use crate::convert::encode::Missing;
use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::convert::found_or_created::found_or_created;
use crate::convert::upserted::upserted;
use crate::convert::{decode, encode, records, response};
use crate::events::context::EventContext;
use crate::runtime::owner::Owned;
use egito::binding::{PerProcess, response_of, tagged_entity};
use egito::{Decimals, Method, Record, RecordKey};
use pyo3::prelude::*;
use pyo3::types::PyList;
use std::sync::Arc;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncEntity {
    context: Arc<Context>,
    core: PerProcess<Owned<egito::Entity>>,
    with_response: bool,
}

impl AsyncEntity {
    pub(crate) fn new(py: Python<'_>, context: &Arc<Context>, name: &str) -> PyResult<Self> {
        let core = context.client().and_then(|client| client.entity(name)).into_py_result(py)?;
        Ok(Self { context: context.clone(), core: PerProcess::new(Owned::new(core)), with_response: false })
    }

    /// Returns the entity of this process's client.
    fn core(&self, py: Python<'_>) -> PyResult<&egito::Entity> {
        let recreate = |lost: &Owned<egito::Entity>| self.context.client()?.entity(lost.name()).map(Owned::new);
        self.core.get_usable(Owned::is_current, recreate).map(|core| &**core).into_py_result(py)
    }

    /// Returns the entity for a call, and the context of the events of this call.
    fn tagged(&self, py: Python<'_>) -> PyResult<(egito::Entity, EventContext)> {
        let context = EventContext::current(py)?;
        Ok((tagged_entity(self.core(py)?, context.tag()), context))
    }

    /// Starts one call. Its result comes with its response if this is an entity of `with_response`.
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
        let call = async move { response_of(&entity, call).await };
        self.context.start(py, context, call, |py, response| {
            response::with_value(py, &response, to_python(py, &response.value)?)
        })
    }
}

#[pymethods]
impl AsyncEntity {
    fn create(&self, py: Python<'_>, record: &Bound<'_, PyAny>) -> PyResult<Pending> {
        catch_panics(py, || {
            let record = encode::record("record", record, Missing::Error)?;
            self.start(py, |entity| async move { entity.create(record).await }, records::id)
        })
    }

    fn create_once(&self, py: Python<'_>, record: &Bound<'_, PyAny>, options: &Bound<'_, PyAny>) -> PyResult<Pending> {
        catch_panics(py, || {
            let record = encode::record("record", record, Missing::Error)?;
            let key = RecordKey::from_json(&encode::json("", options)?).into_py_result(py)?;
            self.start(py, |entity| async move { entity.create_once(record, key).await }, found_or_created)
        })
    }

    fn upsert(&self, py: Python<'_>, record: &Bound<'_, PyAny>, options: &Bound<'_, PyAny>) -> PyResult<Pending> {
        catch_panics(py, || {
            let record = encode::changes("record", record, Missing::Error)?;
            let key = RecordKey::from_json(&encode::json("", options)?).into_py_result(py)?;
            self.start(py, |entity| async move { entity.upsert(record, key).await }, upserted)
        })
    }

    fn get(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<Pending> {
        catch_panics(py, || {
            let id = encode::id(id)?;
            self.start(py, |entity| async move { entity.get(id).await }, to_record(self.context.decimals))
        })
    }

    fn update(&self, py: Python<'_>, id: &Bound<'_, PyAny>, fields: &Bound<'_, PyAny>) -> PyResult<Pending> {
        catch_panics(py, || {
            let id = encode::id(id)?;
            let fields = encode::changes("record", fields, Missing::Error)?;
            self.start(py, |entity| async move { entity.update(id, fields).await }, records::id)
        })
    }

    fn delete(&self, py: Python<'_>, id: &Bound<'_, PyAny>) -> PyResult<Pending> {
        catch_panics(py, || {
            let id = encode::id(id)?;
            self.start(py, |entity| async move { entity.delete(id).await }, records::id)
        })
    }

    fn call(&self, py: Python<'_>, action: String, params: &Bound<'_, PyAny>, method: &str) -> PyResult<Pending> {
        catch_panics(py, || {
            let method = method.parse::<Method>().into_py_result(py)?;
            let params = encode::record("params", params, Missing::Error)?;
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
        catch_panics(py, || {
            let options = encode::json("", options)?;
            let entity = self.core(py)?;
            let list = entity.list().with_json(&options).into_py_result(py)?;
            let exact = || entity.with_options(EXACT_DECIMALS)?.list().with_json(&options);
            AsyncRecordList::new(py, &self.context, list, exact, fields)
        })
    }

    fn ids(&self, py: Python<'_>) -> PyResult<Pending> {
        catch_panics(py, || {
            self.start(py, |entity| async move { entity.ids().await }, |py, ids| records::id_list(py, ids))
        })
    }

    fn deleted(&self, py: Python<'_>, known: &Bound<'_, PyList>) -> PyResult<Pending> {
        catch_panics(py, || {
            let known = known.iter().map(|id| encode::id(&id)).collect::<PyResult<Vec<_>>>()?;
            self.start(py, |entity| async move { entity.deleted(known).await }, |py, ids| records::id_list(py, ids))
        })
    }

    fn with_response(&self, py: Python<'_>) -> PyResult<Self> {
        catch_panics(py, || {
            let core = PerProcess::new(Owned::new(self.core(py)?.clone()));
            Ok(Self { context: self.context.clone(), core, with_response: true })
        })
    }

    fn bulk(
        &self,
        py: Python<'_>,
        action: &str,
        options: &Bound<'_, PyAny>,
        keep_all_rows: bool,
        report_progress: bool,
        nan: &str,
    ) -> PyResult<AsyncBulkCalls> {
        catch_panics(py, || {
            let mode = BulkMode { keep_all_rows, report_progress, missing: Missing::read(py, nan)? };
            let (action, options) = (read_action(py, action)?, encode::json("", options)?);
            AsyncBulkCalls::new(py, self.context.clone(), self.tagged(py)?, action, &options, mode)
        })
    }
}

/// Returns a function that converts the record of a call.
fn to_record(decimals: Decimals) -> impl for<'py> FnOnce(Python<'py>, &Record) -> PyResult<Bound<'py, PyAny>> {
    move |py, record| decode::parse(py, &record.bytes(), decimals)
}
