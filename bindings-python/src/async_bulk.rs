//! Bulks of the async client: the calls run in the runtime, whatever the event loop does meanwhile.

use crate::async_context::Context;
use crate::bulk::{Mode, cancel, read_input, step_value};
use crate::errors::{OrRaise, contained};
use crate::event_context::EventContext;
use crate::fork::Process;
use crate::pending::Pending;
use crate::runtime;
use crate::values::Missing;
use egito::{BulkAction, BulkCalls, BulkStep, CancellationToken};
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct AsyncBulkCalls {
    context: Arc<Context>,
    /// None once it was closed.
    calls: Mutex<Option<BulkCalls>>,
    cancel: CancellationToken,
    action: BulkAction,
    missing: Missing,
    /// Kept for the events of its calls.
    _event_context: EventContext,
    process: Process,
}

impl AsyncBulkCalls {
    pub(crate) fn new(
        py: Python<'_>,
        context: Arc<Context>,
        (entity, event_context): (egito::Entity, EventContext),
        action: BulkAction,
        options: &[u8],
        mode: Mode,
    ) -> PyResult<Self> {
        let mut calls = entity.bulk_calls(action).with_json(options).or_raise(py)?;
        if mode.keeps_all_rows {
            calls.keep_all_rows();
        }
        if mode.reports_progress {
            calls.report_progress();
        }
        let cancel = calls.cancellation_token();
        Ok(Self {
            context,
            calls: Mutex::new(Some(calls)),
            cancel,
            action,
            missing: mode.missing,
            _event_context: event_context,
            process: Process::current(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<BulkCalls>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl AsyncBulkCalls {
    /// Hands an input over. One that cannot be sent keeps its place, and its exception is given back.
    fn push<'py>(&self, py: Python<'py>, input: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        contained(py, || {
            self.process.check("bulk").or_raise(py)?;
            let (input, refused) = read_input(self.action, input, self.missing)?;
            let runtime = runtime::handle(py)?;
            let _inside = runtime.enter();
            if let Some(calls) = self.lock().as_mut() {
                calls.push(input);
            }
            Ok(refused)
        })
    }

    /// What to do next: a row (index, id, record and error); True: push an input, if there are `more`; a list: the progress;
    /// False: done; None: wait by `ready`.
    fn step<'py>(&self, py: Python<'py>, more: bool) -> PyResult<Option<Bound<'py, PyAny>>> {
        contained(py, || {
            self.process.check("bulk").or_raise(py)?;
            let step = self.lock().as_mut().map_or(Some(BulkStep::Done), |calls| calls.try_step(more));
            step.map(|step| step_value(py, step, self.context.decimals)).transpose()
        })
    }

    /// Awaits that `step` may say something else. Cancelling that loses no row.
    fn ready(&self, py: Python<'_>, more: bool) -> PyResult<Pending> {
        contained(py, || {
            self.process.check("bulk").or_raise(py)?;
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

    /// Ends the bulk: its calls have a moment to finish, unless they are to end `now`.
    fn cancel(&self, now: bool) {
        cancel(&self.cancel, now);
    }

    /// Ends the calls in flight, without rows.
    fn close(&self) {
        let calls = self.lock().take();
        drop(calls);
    }
}
