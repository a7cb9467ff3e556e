//! The native class behind `egito.AsyncOutbox`.

use super::context::Context;
use super::pending::Pending;
use crate::convert::encode::{self, Missing};
use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::convert::outbox;
use crate::events::context::EventContext;
use crate::runtime::owner::Owned;
use crate::runtime::tokio;
use egito::binding::{PerProcess, interval_from_seconds};
use egito::{EntryQuery, RecordKey};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncOutbox {
    context: Arc<Context>,
    core: PerProcess<Owned<egito::Outbox>>,
    path: PathBuf,
    options: Vec<u8>,
}

impl AsyncOutbox {
    pub(crate) fn new(context: &Arc<Context>, path: PathBuf, options: Vec<u8>) -> egito::Result<Self> {
        let core = PerProcess::new(open(context, &path, &options)?);
        Ok(Self { context: context.clone(), core, path, options })
    }

    /// Returns the outbox of this process's client.
    fn core(&self, py: Python<'_>) -> PyResult<egito::Outbox> {
        let open = |_: &Owned<egito::Outbox>| open(&self.context, &self.path, &self.options);
        self.core.get_usable(Owned::is_current, open).map(|core| (**core).clone()).into_py_result(py)
    }

    /// Starts one call.
    fn begin<T: Send + 'static, F: Future<Output = egito::Result<T>> + Send + 'static>(
        &self,
        py: Python<'_>,
        call: impl FnOnce(egito::Outbox) -> F,
        to_python: impl for<'py> FnOnce(Python<'py>, &T) -> PyResult<Bound<'py, PyAny>> + Send + 'static,
    ) -> PyResult<Pending> {
        let call = call(self.core(py)?);
        self.context.start(py, EventContext::default(), call, |py, result| to_python(py, &result))
    }
}

fn open(context: &Context, path: &Path, options: &[u8]) -> egito::Result<Owned<egito::Outbox>> {
    context.client()?.outbox(path)?.with_json(options).map(Owned::new)
}

#[pymethods]
impl AsyncOutbox {
    fn path(&self) -> PathBuf {
        self.path.clone()
    }

    fn put(
        &self,
        py: Python<'_>,
        entity: String,
        record: &Bound<'_, PyAny>,
        options: &Bound<'_, PyAny>,
    ) -> PyResult<Pending> {
        catch_panics(py, || {
            let record = encode::record("record", record, Missing::Error)?;
            let key = RecordKey::from_json(&encode::json("", options)?).into_py_result(py)?;
            self.begin(
                py,
                |outbox| async move { outbox.put(&entity, record, key).await },
                |py, id| id.into_bound_py_any(py),
            )
        })
    }

    fn put_upsert(
        &self,
        py: Python<'_>,
        entity: String,
        record: &Bound<'_, PyAny>,
        options: &Bound<'_, PyAny>,
    ) -> PyResult<Pending> {
        catch_panics(py, || {
            let record = encode::changes("record", record, Missing::Error)?;
            let key = RecordKey::from_json(&encode::json("", options)?).into_py_result(py)?;
            self.begin(
                py,
                |outbox| async move { outbox.put_upsert(&entity, record, key).await },
                |py, id| id.into_bound_py_any(py),
            )
        })
    }

    fn put_update(
        &self,
        py: Python<'_>,
        entity: String,
        id: &Bound<'_, PyAny>,
        fields: &Bound<'_, PyAny>,
    ) -> PyResult<Pending> {
        catch_panics(py, || {
            let id = encode::id(id)?;
            let fields = encode::changes("record", fields, Missing::Error)?;
            self.begin(
                py,
                |outbox| async move { outbox.put_update(&entity, id, fields).await },
                |py, id| id.into_bound_py_any(py),
            )
        })
    }

    fn put_delete(&self, py: Python<'_>, entity: String, id: &Bound<'_, PyAny>) -> PyResult<Pending> {
        catch_panics(py, || {
            let id = encode::id(id)?;
            self.begin(
                py,
                |outbox| async move { outbox.put_delete(&entity, id).await },
                |py, id| id.into_bound_py_any(py),
            )
        })
    }

    fn deliver(&self, py: Python<'_>, limit: Option<u64>) -> PyResult<Pending> {
        catch_panics(py, || self.begin(py, |outbox| async move { outbox.deliver(limit).await }, outbox::delivery))
    }

    fn entries(&self, py: Python<'_>, query: &Bound<'_, PyAny>) -> PyResult<Pending> {
        catch_panics(py, || {
            let query = EntryQuery::from_json(&encode::json("", query)?).into_py_result(py)?;
            let decimals = self.context.decimals;
            self.begin(
                py,
                |outbox| async move { outbox.entries(query).await },
                move |py, entries| outbox::entries(py, entries, decimals),
            )
        })
    }

    fn get(&self, py: Python<'_>, id: i64) -> PyResult<Pending> {
        catch_panics(py, || {
            let decimals = self.context.decimals;
            self.begin(
                py,
                |outbox| async move { outbox.get(id).await },
                move |py, entry| outbox::entry(py, entry, decimals),
            )
        })
    }

    fn counts(&self, py: Python<'_>) -> PyResult<Pending> {
        catch_panics(py, || self.begin(py, |outbox| async move { outbox.counts().await }, outbox::counts))
    }

    fn retry(&self, py: Python<'_>, id: i64) -> PyResult<Pending> {
        catch_panics(py, || {
            self.begin(py, |outbox| async move { outbox.retry(id).await }, |py, ()| Ok(py.None().into_bound(py)))
        })
    }

    fn edit(&self, py: Python<'_>, id: i64, record: &Bound<'_, PyAny>) -> PyResult<Pending> {
        catch_panics(py, || {
            let record = encode::changes("record", record, Missing::Error)?;
            self.begin(py, |outbox| async move { outbox.edit(id, record).await }, |py, ()| Ok(py.None().into_bound(py)))
        })
    }

    fn discard(&self, py: Python<'_>, id: i64) -> PyResult<Pending> {
        catch_panics(py, || {
            self.begin(py, |outbox| async move { outbox.discard(id).await }, |py, ()| Ok(py.None().into_bound(py)))
        })
    }

    fn start(&self, py: Python<'_>, interval: f64) -> PyResult<()> {
        catch_panics(py, || {
            let interval = interval_from_seconds(interval).into_py_result(py)?;
            let (outbox, runtime) = (self.core(py)?, tokio::handle(py)?);
            let _entered = runtime.enter();
            outbox.start(interval);
            Ok(())
        })
    }

    fn stop(&self, py: Python<'_>) -> PyResult<Pending> {
        catch_panics(py, || {
            self.begin(
                py,
                |outbox| {
                    let stopped = outbox.stop();
                    async move {
                        stopped.await;
                        Ok(())
                    }
                },
                |py, ()| Ok(py.None().into_bound(py)),
            )
        })
    }

    fn last_delivery<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        catch_panics(py, || outbox::last_delivery(py, self.core(py)?.last_delivery()))
    }
}
