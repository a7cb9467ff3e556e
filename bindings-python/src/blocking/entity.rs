//! The native class behind `egito.Entity`.

use super::bulk::BulkCalls;
use super::record_list::RecordList;
use super::wait::wait;
use crate::arrow::EXACT_DECIMALS;
use crate::convert::bulk::{BulkMode, read_action};
use crate::convert::encode::Missing;
use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::convert::found_or_created::found_or_created;
use crate::convert::records::DecodeOptions;
use crate::convert::upserted::upserted;
use crate::convert::{decode, encode, records, response};
use egito::binding::blocking_response_of;
use egito::{Decimals, Method, Record, RecordKey, blocking};
use pyo3::prelude::*;
use pyo3::types::PyList;

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

    /// Makes one call and converts its result, with its response if this is an entity of `with_response`.
    fn run<'py, T: Send>(
        &self,
        py: Python<'py>,
        call: impl FnOnce(&blocking::Entity) -> egito::Result<T> + Send,
        to_python: impl FnOnce(Python<'py>, &T) -> PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if !self.with_response {
            return to_python(py, &wait(py, || call(&self.core))?);
        }
        let response = wait(py, || blocking_response_of(&self.core, call))?;
        response::with_value(py, &response, to_python(py, &response.value)?)
    }

    fn to_record<'py>(&self) -> impl FnOnce(Python<'py>, &Record) -> PyResult<Bound<'py, PyAny>> + use<'py> {
        let decimals = self.decimals;
        move |py, record| decode::parse(py, &record.bytes(), decimals)
    }
}

#[pymethods]
impl Entity {
    fn create<'py>(&self, py: Python<'py>, record: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || {
            let record = encode::record("record", record, Missing::Error)?;
            self.run(py, |entity| entity.create(record), records::id)
        })
    }

    fn create_once<'py>(
        &self,
        py: Python<'py>,
        record: &Bound<'py, PyAny>,
        options: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || {
            let record = encode::record("record", record, Missing::Error)?;
            let key = RecordKey::from_json(&encode::json("", options)?).into_py_result(py)?;
            self.run(py, |entity| entity.create_once(record, key), found_or_created)
        })
    }

    fn upsert<'py>(
        &self,
        py: Python<'py>,
        record: &Bound<'py, PyAny>,
        options: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || {
            let record = encode::changes("record", record, Missing::Error)?;
            let key = RecordKey::from_json(&encode::json("", options)?).into_py_result(py)?;
            self.run(py, |entity| entity.upsert(record, key), upserted)
        })
    }

    fn get<'py>(&self, py: Python<'py>, id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || {
            let id = encode::id(id)?;
            self.run(py, |entity| entity.get(id), self.to_record())
        })
    }

    fn update<'py>(
        &self,
        py: Python<'py>,
        id: &Bound<'py, PyAny>,
        fields: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || {
            let id = encode::id(id)?;
            let fields = encode::changes("record", fields, Missing::Error)?;
            self.run(py, |entity| entity.update(id, fields), records::id)
        })
    }

    fn delete<'py>(&self, py: Python<'py>, id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || {
            let id = encode::id(id)?;
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
        catch_panics(py, || {
            let method = method.parse::<Method>().into_py_result(py)?;
            let params = encode::record("params", params, Missing::Error)?;
            self.run(py, |entity| entity.call_with_method(action, params, method), self.to_record())
        })
    }

    fn list(&self, py: Python<'_>, options: &Bound<'_, PyAny>, fields: Option<Vec<String>>) -> PyResult<RecordList> {
        catch_panics(py, || {
            let options = encode::json("", options)?;
            let decode_options = DecodeOptions { decimals: self.decimals, fields: fields.map(Into::into) };
            let list = self.core.list().with_json(&options).into_py_result(py)?;
            let exact = || self.core.with_options(EXACT_DECIMALS)?.list().with_json(&options);
            RecordList::new(py, list, exact, decode_options)
        })
    }

    fn ids<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || self.run(py, blocking::Entity::ids, |py, ids| records::id_list(py, ids)))
    }

    fn deleted<'py>(&self, py: Python<'py>, known: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || {
            let known = known.iter().map(|id| encode::id(&id)).collect::<PyResult<Vec<_>>>()?;
            self.run(py, |entity| entity.deleted(known), |py, ids| records::id_list(py, ids))
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
        keep_all_rows: bool,
        report_progress: bool,
        nan: &str,
    ) -> PyResult<BulkCalls> {
        catch_panics(py, || {
            let mode = BulkMode { keep_all_rows, report_progress, missing: Missing::read(py, nan)? };
            let (action, options) = (read_action(py, action)?, encode::json("", options)?);
            BulkCalls::new(py, &self.core, action, &options, mode, self.decimals)
        })
    }
}
