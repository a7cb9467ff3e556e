//! The native class behind `egito.AsyncBulkRows`. Its calls run on the tokio thread, also while the event loop is busy.

use super::context::Context;
use super::pending::Pending;
use crate::convert::bulk::{BulkMode, cancel, read_input, step_value};
use crate::convert::encode::Missing;
use crate::convert::errors::{IntoPyResult, catch_panics};
use crate::events::context::EventContext;
use crate::runtime::owner::{Owned, Owner};
use crate::runtime::tokio;
use egito::{BulkAction, BulkCalls, BulkStep, CancellationToken};
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncBulkCalls {
    context: Arc<Context>,
    /// `None` after `close`.
    calls: Mutex<Option<Owned<BulkCalls>>>,
    cancel: CancellationToken,
    action: BulkAction,
    missing: Missing,
    /// Kept for the events of the calls.
    _event_context: EventContext,
    owner: Owner,
}

impl AsyncBulkCalls {
    pub(crate) fn new(
        py: Python<'_>,
        context: Arc<Context>,
        (entity, event_context): (egito::Entity, EventContext),
        action: BulkAction,
        options: &[u8],
        mode: BulkMode,
    ) -> PyResult<Self> {
        let mut calls = entity.bulk_calls(action).with_json(options).into_py_result(py)?;
        if mode.keep_all_rows {
            calls.keep_all_rows();
        }
        if mode.report_progress {
            calls.report_progress();
        }
        let cancel = calls.cancellation_token();
        Ok(Self {
            context,
            calls: Mutex::new(Some(Owned::new(calls))),
            cancel,
            action,
            missing: mode.missing,
            _event_context: event_context,
            owner: Owner::current(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Owned<BulkCalls>>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl AsyncBulkCalls {
    /// Pushes an input. If it cannot be sent, its row still has its index, and the exception is returned.
    fn push<'py>(&self, py: Python<'py>, input: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        catch_panics(py, || {
            self.owner.check("bulk").into_py_result(py)?;
            let (input, refused) = read_input(self.action, input, self.missing)?;
            let runtime = tokio::handle(py)?;
            let _entered = runtime.enter();
            if let Some(calls) = self.lock().as_mut() {
                calls.push(input);
            }
            Ok(refused)
        })
    }

    /// Returns the next step. `more` says whether there are more inputs. A tuple is a row (index, id, record, error), a list the
    /// progress, True a request for an input, False the end, and None a request to await `ready`.
    fn step<'py>(&self, py: Python<'py>, more: bool) -> PyResult<Option<Bound<'py, PyAny>>> {
        catch_panics(py, || {
            self.owner.check("bulk").into_py_result(py)?;
            let step = self.lock().as_mut().map_or(Some(BulkStep::Done), |calls| calls.try_step(more));
            step.map(|step| step_value(py, step, self.context.decimals)).transpose()
        })
    }

    /// Completes when `step` may return another value. Cancelling the wait loses no row.
    fn ready(&self, py: Python<'_>, more: bool) -> PyResult<Pending> {
        catch_panics(py, || {
            self.owner.check("bulk").into_py_result(py)?;
            let ready = self.lock().as_ref().map(|calls| calls.ready(more));
            let wait = async move {
                if let Some(ready) = ready {
                    ready.await;
                }
                Ok(())
            };
            self.context.start(py, EventContext::default(), wait, |py, ()| Ok(py.None().into_bound(py)))
        })
    }

    /// Cancels the bulk. Its calls have time to finish (`cancel_grace`), unless `now` is set.
    fn cancel(&self, now: bool) {
        if self.owner.is_current() {
            cancel(&self.cancel, now);
        }
    }

    /// Cancels the calls in flight at once. They have no rows.
    fn close(&self) {
        let calls = self.lock().take();
        drop(calls);
    }
}
