//! The blocking entity below `egito.Entity`: values in, a call on the caller's thread, values out.

use crate::arrow::AS_WRITTEN;
use crate::bulk::{BulkCalls, Mode, read_action};
use crate::errors::{OrRaise, contained};
use crate::record_list::RecordList;
use crate::records::Shape;
use crate::values::Missing;
use crate::wait::wait;
use crate::{json, records, values};
use egito::{Decimals, Method, blocking};
use pyo3::prelude::*;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Entity {
    core: blocking::Entity,
    decimals: Decimals,
}

impl Entity {
    pub(crate) fn new(core: blocking::Entity, decimals: Decimals) -> Self {
        Self { core, decimals }
    }
}

#[pymethods]
impl Entity {
    fn create<'py>(&self, py: Python<'py>, record: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let record = values::record("record", record, Missing::Error)?;
            let id = wait(py, || self.core.create(record))?;
            records::id(py, &id)
        })
    }

    fn get<'py>(&self, py: Python<'py>, id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let id = values::id(id)?;
            let record = wait(py, || self.core.get(id))?;
            json::parse(py, record.json().as_bytes(), self.decimals)
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
            let id = wait(py, || self.core.update(id, fields))?;
            records::id(py, &id)
        })
    }

    fn delete<'py>(&self, py: Python<'py>, id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            let id = values::id(id)?;
            let id = wait(py, || self.core.delete(id))?;
            records::id(py, &id)
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
            let answer = wait(py, || self.core.call_with_method(action, params, method))?;
            json::parse(py, answer.json().as_bytes(), self.decimals)
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
