//! The native class behind `egito.BulkRows`. Python takes the inputs from their iterator, on its own thread, and pushes them.

use super::wait::detached;
use crate::convert::bulk::{BulkMode, cancel, read_input, row_tuple, step_value};
use crate::convert::encode::Missing;
use crate::convert::errors::{IntoPyResult, catch_panics, exception};
use crate::events::context::EventContext;
use crate::events::logging::refresh_level;
use crate::runtime::owner::Owner;
use crate::runtime::signals::take_interruption;
use egito::binding::tagged_blocking_entity;
use egito::{BulkAction, BulkRow, BulkStep, CancellationToken, Decimals, Error, blocking};
use pyo3::prelude::*;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct BulkCalls {
    /// Taken out during a wait, as the reader of `Pages`. `None` after `close`.
    state: Mutex<Option<State>>,
    cancel: CancellationToken,
    action: BulkAction,
    missing: Missing,
    decimals: Decimals,
    /// Kept for the events of the calls.
    _event_context: EventContext,
    owner: Owner,
}

struct State {
    calls: blocking::BulkCalls,
    /// The last row, until Python confirms it: a signal handler may raise before that.
    unconfirmed: Option<BulkRow>,
}

impl BulkCalls {
    pub(crate) fn new(
        py: Python<'_>,
        entity: &blocking::Entity,
        action: BulkAction,
        options: &[u8],
        mode: BulkMode,
        decimals: Decimals,
    ) -> PyResult<Self> {
        let event_context = EventContext::current(py)?;
        let entity = tagged_blocking_entity(entity, event_context.tag());
        let calls = detached(py, || entity.bulk_calls(action)?.with_json(options))?;
        let mut calls = calls.into_py_result(py)?;
        if mode.keep_all_rows {
            calls.keep_all_rows();
        }
        if mode.report_progress {
            calls.report_progress();
        }
        let cancel = calls.cancellation_token();
        let state = Mutex::new(Some(State { calls, unconfirmed: None }));
        Ok(Self {
            state,
            cancel,
            action,
            missing: mode.missing,
            decimals,
            _event_context: event_context,
            owner: Owner::current(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> egito::Result<State> {
        self.owner.check("bulk")?;
        self.lock().take().ok_or_else(|| Error::config("bulk", "this bulk was closed, or another thread is reading it"))
    }
}

#[pymethods]
impl BulkCalls {
    /// Pushes an input. If it cannot be sent, its row still has its index, and the exception is returned.
    fn push<'py>(&self, py: Python<'py>, input: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        catch_panics(py, || {
            let (input, refused) = read_input(self.action, input, self.missing)?;
            let mut state = self.take().into_py_result(py)?;
            state.calls.push(input);
            *self.lock() = Some(state);
            Ok(refused)
        })
    }

    /// Waits for the next step. `more` says whether there are more inputs. A tuple is a row (index, id, record, error), a list the
    /// progress, True a request for an input, and False the end.
    ///
    /// `read` is the number of rows that Python has received. If it lacks the last row, that row is returned again.
    fn step<'py>(&self, py: Python<'py>, more: bool, read: u64) -> PyResult<Bound<'py, PyAny>> {
        catch_panics(py, || {
            refresh_level(py)?;
            let mut state = self.take().into_py_result(py)?;
            let step = state.step(py, more, read);
            let value = match step {
                Ok(Some(BulkStep::Row(row))) => {
                    row_tuple(py, state.unconfirmed.insert(row), self.decimals).map(Bound::into_any)
                }
                Ok(Some(step)) => step_value(py, step, self.decimals),
                Ok(None) => Err(take_interruption().unwrap_or_else(|| exception(py, &Error::cancelled()))),
                Err(raised) => Err(raised),
            };
            *self.lock() = Some(state);
            value
        })
    }

    /// Cancels the bulk. Its calls have time to finish (`cancel_grace`), unless `now` is set.
    fn cancel(&self, now: bool) {
        cancel(&self.cancel, now);
    }

    /// Cancels the calls in flight at once. They have no rows.
    fn close(&self, py: Python<'_>) {
        let state = self.lock().take();
        py.detach(|| drop(state));
    }
}

impl State {
    /// Returns the next step, or `None` after an interruption.
    fn step(&mut self, py: Python<'_>, more: bool, read: u64) -> PyResult<Option<BulkStep>> {
        if let Some(row) = self.unconfirmed.take_if(|row| row.index >= read) {
            return Ok(Some(BulkStep::Row(row)));
        }
        // Releases the interpreter only if it must wait.
        match self.calls.try_step(more) {
            Some(step) => Ok(Some(step)),
            None => detached(py, || egito::binding::step_unless_interrupted(&mut self.calls, more)),
        }
    }
}
