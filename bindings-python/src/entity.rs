//! The blocking entity below `egito.Entity`: values in, a call on the caller's thread, values out.

use crate::arrow::AS_WRITTEN;
use crate::bulk::{BulkCalls, Mode, read_action};
use crate::errors::{OrRaise, contained};
use crate::record_list::RecordList;
use crate::records::Shape;
use crate::values::Missing;
use crate::wait::wait;
use crate::{json, records, response, values};
use egito::binding::blocking_response_of;
use egito::{Decimals, Method, Record, blocking};
use pyo3::prelude::*;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Entity {
    core: blocking::Entity,
    decimals: Decimals,
    with_response: bool,
}

impl Entity {
    pub(crate) fn new(core: blocking::Entity, decimals: Decimals) -> Self {
        Self { core, decimals, with_response: false }
    }

    /// Makes one call, and the value of its result; with its response where the caller asks for it.
    fn run<'py, T: Send>(
        &self,
        py: Python<'py>,
        call: impl FnOnce(&blocking::Entity) -> egito::Result<T> + Send,
        to_python: impl FnOnce(Python<'py>, &T) -> PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if !self.with_response {
            return to_python(py, &wait(py, || call(&self.core))?);
        }
        let answered = wait(py, || blocking_response_of(&self.core, call))?;
        response::with_value(py, &answered, to_python(py, &answered.value)?)
    }

    fn to_record<'py>(&self) -> impl FnOnce(Python<'py>, &Record) -> PyResult<Bound<'py, PyAny>> + use<'py> {
        let decimals = self.decimals;
        move |py, record| json::parse(py, record.json().as_bytes(), decimals)
    }
}

#[pymethods]
impl Entity {
    fn create<'py>(&self, py: Python<'py>, record: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let record = values::record("record", record, Missing::Error)?;
            self.run(py, |entity| entity.create(record), records::id)
        })
    }

    fn get<'py>(&self, py: Python<'py>, id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let id = values::id(id)?;
            self.run(py, |entity| entity.get(id), self.to_record())
        })
    }

    fn update<'py>(
        &self,
        py: Python<'py>,
        id: &Bound<'py, PyAny>,
        fields: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let id = values::id(id)?;
            let fields = values::changes("record", fields, Missing::Error)?;
            self.run(py, |entity| entity.update(id, fields), records::id)
        })
    }

    fn delete<'py>(&self, py: Python<'py>, id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let id = values::id(id)?;
            self.run(py, |entity| entity.delete(id), records::id)
        })
    }

    fn call<'py>(
        &self,
        py: Python<'py>,
        action: &str,
        params: &Bound<'py, PyAny>,
        method: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let method = method.parse::<Method>().or_raise(py)?;
            let params = values::record("params", params, Missing::Error)?;
            self.run(py, |entity| entity.call_with_method(action, params, method), self.to_record())
        })
    }

    fn list(&self, py: Python<'_>, options: &Bound<'_, PyAny>, fields: Option<Vec<String>>) -> PyResult<RecordList> {
        contained(py, || {
            let options = values::json("", options)?;
            let shape = Shape { decimals: self.decimals, fields: fields.map(Into::into) };
            let list = self.core.list().with_json(&options).or_raise(py)?;
            let as_written = || self.core.with_options(AS_WRITTEN)?.list().with_json(&options);
            RecordList::new(py, list, as_written, shape)
        })
    }

    fn with_response(&self) -> Self {
        Self { core: self.core.clone(), decimals: self.decimals, with_response: true }
    }

    fn bulk(
        &self,
        py: Python<'_>,
        action: &str,
        options: &Bound<'_, PyAny>,
        keeps_all_rows: bool,
        reports_progress: bool,
        nan: &str,
    ) -> PyResult<BulkCalls> {
        contained(py, || {
            let mode = Mode { keeps_all_rows, reports_progress, missing: Missing::read(py, nan)? };
            let (action, options) = (read_action(py, action)?, values::json("", options)?);
            BulkCalls::new(py, &self.core, action, &options, mode, self.decimals)
        })
    }
}
