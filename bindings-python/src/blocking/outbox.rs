//! The native class behind `egito.Outbox`.

use super::wait::wait;
use crate::convert::encode::{self, Missing};
use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::convert::outbox;
use egito::binding::interval_from_seconds;
use egito::{Decimals, EntryQuery, RecordKey, blocking};
use pyo3::prelude::*;
use std::path::PathBuf;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct Outbox {
    core: blocking::Outbox,
    path: PathBuf,
    decimals: Decimals,
}

impl Outbox {
    pub(crate) fn new(
        client: &blocking::Client,
        path: PathBuf,
        options: &[u8],
        decimals: Decimals,
    ) -> egito::Result<Self> {
        Ok(Self { core: client.outbox(&path)?.with_json(options)?, path, decimals })
    }
}

#[pymethods]
impl Outbox {
    fn path(&self) -> PathBuf {
        self.path.clone()
    }

    fn put(
        &self,
        py: Python<'_>,
        entity: &str,
        record: &Bound<'_, PyAny>,
        options: &Bound<'_, PyAny>,
    ) -> PyResult<i64> {
        catch_panics(py, || {
            let record = encode::record("record", record, Missing::Error)?;
            let key = RecordKey::from_json(&encode::json("", options)?).into_py_result(py)?;
            wait(py, || self.core.put(entity, record, key))
        })
    }

    fn put_upsert(
        &self,
        py: Python<'_>,
        entity: &str,
        record: &Bound<'_, PyAny>,
        options: &Bound<'_, PyAny>,
    ) -> PyResult<i64> {
        catch_panics(py, || {
            let record = encode::changes("record", record, Missing::Error)?;
            let key = RecordKey::from_json(&encode::json("", options)?).into_py_result(py)?;
            wait(py, || self.core.put_upsert(entity, record, key))
        })
    }

    fn put_update(
        &self,
        py: Python<'_>,
        entity: &str,
        id: &Bound<'_, PyAny>,
        fields: &Bound<'_, PyAny>,
    ) -> PyResult<i64> {
        catch_panics(py, || {
            let id = encode::id(id)?;
            let fields = encode::changes("record", fields, Missing::Error)?;
            wait(py, || self.core.put_update(entity, id, fields))
        })
    }

    fn put_delete(&self, py: Python<'_>, entity: &str, id: &Bound<'_, PyAny>) -> PyResult<i64> {
        catch_panics(py, || {
            let id = encode::id(id)?;
            wait(py, || self.core.put_delete(entity, id))
        })
    }

    fn deliver<'py>(&self, py: Python<'py>, limit: Option<u64>) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || outbox::delivery(py, &wait(py, || self.core.deliver(limit))?))
    }

    fn entries<'py>(&self, py: Python<'py>, query: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || {
            let query = EntryQuery::from_json(&encode::json("", query)?).into_py_result(py)?;
            outbox::entries(py, &wait(py, || self.core.entries(query))?, self.decimals)
        })
    }

    fn get<'py>(&self, py: Python<'py>, id: i64) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || outbox::entry(py, &wait(py, || self.core.get(id))?, self.decimals))
    }

    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || outbox::counts(py, &wait(py, || self.core.counts())?))
    }

    fn retry(&self, py: Python<'_>, id: i64) -> PyResult<()> {
        catch_panics(py, || wait(py, || self.core.retry(id)))
    }

    fn edit(&self, py: Python<'_>, id: i64, record: &Bound<'_, PyAny>) -> PyResult<()> {
        catch_panics(py, || {
            let record = encode::changes("record", record, Missing::Error)?;
            wait(py, || self.core.edit(id, record))
        })
    }

    fn discard(&self, py: Python<'_>, id: i64) -> PyResult<()> {
        catch_panics(py, || wait(py, || self.core.discard(id)))
    }

    fn start(&self, py: Python<'_>, interval: f64) -> PyResult<()> {
        catch_panics(py, || {
            let interval = interval_from_seconds(interval).into_py_result(py)?;
            wait(py, || self.core.start(interval))
        })
    }

    fn stop(&self, py: Python<'_>) -> PyResult<()> {
        catch_panics(py, || wait(py, || self.core.stop()))
    }

    fn last_delivery<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        catch_panics(py, || outbox::last_delivery(py, self.core.last_delivery()))
    }
}
