//! Bulks of the blocking client: inputs are pushed one by one, rows come out. Python pulls its own iterator, on its own thread.

use crate::errors::{OrRaise, contained};
use crate::event_context::EventContext;
use crate::fork::Process;
use crate::logging::look_at_level;
use crate::values::Missing;
use crate::wait::{detached, outcome};
use crate::{json, records, values};
use egito::binding::tagged_blocking_entity;
use egito::{BulkAction, BulkInput, BulkRow, BulkStep, CancellationToken, Decimals, Error, Progress, Record, blocking};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyList, PyTuple};
use serde_json::value::RawValue;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[pyclass(frozen, module = "egito._egito")]
pub(crate) struct BulkCalls {
    /// Taken out while it is waited for, as the pages of a list are. None for good once it was closed.
    state: Mutex<Option<State>>,
    cancel: CancellationToken,
    action: BulkAction,
    missing: Missing,
    decimals: Decimals,
    /// Kept for the events of its calls.
    _event_context: EventContext,
    process: Process,
}

struct State {
    calls: blocking::BulkCalls,
    /// The last row, until Python says that it has it: a signal handler may raise before.
    last: Option<BulkRow>,
}

/// What the caller of a bulk wants besides its rows.
#[derive(Clone, Copy)]
pub(crate) struct Mode {
    pub keeps_all_rows: bool,
    pub reports_progress: bool,
    /// What is sent for NaN and its like.
    pub missing: Missing,
}

impl BulkCalls {
    pub(crate) fn new(
        py: Python<'_>,
        entity: &blocking::Entity,
        action: BulkAction,
        options: &[u8],
        mode: Mode,
        decimals: Decimals,
    ) -> PyResult<Self> {
        let event_context = EventContext::current(py)?;
        let entity = tagged_blocking_entity(entity, event_context.tag());
        let calls = detached(py, || entity.bulk_calls(action)?.with_json(options))?;
        let mut calls = calls.or_raise(py)?;
        if mode.keeps_all_rows {
            calls.keep_all_rows();
        }
        if mode.reports_progress {
            calls.report_progress();
        }
        let cancel = calls.cancellation_token();
        let state = Mutex::new(Some(State { calls, last: None }));
        Ok(Self {
            state,
            cancel,
            action,
            missing: mode.missing,
            decimals,
            _event_context: event_context,
            process: Process::current(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> egito::Result<State> {
        self.process.check("bulk")?;
        self.lock().take().ok_or_else(|| Error::config("bulk", "this bulk was closed, or another thread is reading it"))
    }
}

#[pymethods]
impl BulkCalls {
    /// Hands an input over. One that cannot be sent keeps its place, and its exception is given back.
    fn push<'py>(&self, py: Python<'py>, input: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        contained(py, || {
            let (input, refused) = read_input(self.action, input, self.missing)?;
            let mut state = self.take().or_raise(py)?;
            state.calls.push(input);
            *self.lock() = Some(state);
            Ok(refused)
        })
    }

    /// Waits for what to do next: a row (index, id, record and error); True: push an input, if there are `more`; a list: the
    /// progress; False: done. `read` is how many rows Python has: the last one is given again if it is not among them.
    fn step<'py>(&self, py: Python<'py>, more: bool, read: u64) -> PyResult<Bound<'py, PyAny>> {
        contained(py, || {
            look_at_level(py)?;
            let mut state = self.take().or_raise(py)?;
            let step = state.step(py, more, read);
            let value = match step {
                Ok(Some(BulkStep::Row(row))) => {
                    row_tuple(py, state.last.insert(row), self.decimals).map(Bound::into_any)
                }
                Ok(Some(step)) => step_value(py, step, self.decimals),
                Ok(None) => outcome(py, Err(Error::cancelled())), // what the signal handler raised
                Err(raised) => Err(raised),
            };
            *self.lock() = Some(state);
            value
        })
    }

    /// Ends the bulk: its calls have a moment to finish, unless they are to end `now`.
    fn cancel(&self, now: bool) {
        cancel(&self.cancel, now);
    }

    /// Ends the calls in flight, without rows.
    fn close(&self, py: Python<'_>) {
        let state = self.lock().take();
        py.detach(|| drop(state));
    }
}

impl State {
    /// The next step; `None` once the caller is interrupted.
    fn step(&mut self, py: Python<'_>, more: bool, read: u64) -> PyResult<Option<BulkStep>> {
        if let Some(row) = self.last.take_if(|row| row.index >= read) {
            return Ok(Some(BulkStep::Row(row)));
        }
        // Other threads run only while there is something to wait for.
        match self.calls.try_step(more) {
            Some(step) => Ok(Some(step)),
            None => detached(py, || egito::binding::step_unless_interrupted(&mut self.calls, more)),
        }
    }
}

/// Cancels a bulk once, or twice so that its calls end now.
pub(crate) fn cancel(cancel: &CancellationToken, now: bool) {
    if now || !cancel.is_cancelled() {
        cancel.cancel();
    }
    if now {
        cancel.cancel();
    }
}

/// What a bulk does, by the name of the method that an entity has for one record.
pub(crate) fn read_action(py: Python<'_>, action: &str) -> PyResult<BulkAction> {
    action.parse::<BulkAction>().or_raise(py)
}

type Input<'py> = (egito::Result<BulkInput>, Option<Bound<'py, PyAny>>);

/// The input of one call, or why it cannot be one. What is no fault of the input, such as Ctrl-C, is raised.
pub(crate) fn read_input<'py>(action: BulkAction, input: &Bound<'py, PyAny>, missing: Missing) -> PyResult<Input<'py>> {
    let py = input.py();
    match parts(action, input, missing) {
        Ok(input) => Ok((Ok(input), None)),
        Err(refused) if refused.is_instance_of::<PyException>(py) => {
            let place = Error::config("input", "this input cannot be sent");
            Ok((Err(place), Some(refused.into_value(py).into_bound(py).into_any())))
        }
        Err(other) => Err(other),
    }
}

fn parts(action: BulkAction, input: &Bound<'_, PyAny>, missing: Missing) -> PyResult<BulkInput> {
    let py = input.py();
    let raw = |record: Record| {
        let raw = RawValue::from_string(record.json().to_owned());
        raw.map_err(|e| Error::config("record", e.to_string())).or_raise(py)
    };
    match action {
        BulkAction::Create => Ok(BulkInput::from_record(raw(values::record("record", input, missing)?)?)),
        BulkAction::Get | BulkAction::Delete => Ok(BulkInput::from_id(values::id(input)?)),
        BulkAction::Update => {
            let no_pair = |_| {
                Error::config("input", "invalid `input`: expected a pair of the record's id and its changed fields")
            };
            let [id, fields] = input.extract::<[Bound<'_, PyAny>; 2]>().map_err(no_pair).or_raise(py)?;
            Ok(BulkInput::from_change(values::id(&id)?, raw(values::changes("record", &fields, missing)?)?))
        }
    }
}

/// A step as Python takes it: a row as a tuple, the progress as a list, True for room, False at the end.
pub(crate) fn step_value(py: Python<'_>, step: BulkStep, decimals: Decimals) -> PyResult<Bound<'_, PyAny>> {
    let flag = |value| Ok(PyBool::new(py, value).to_owned().into_any());
    match step {
        BulkStep::NeedsInput => flag(true),
        BulkStep::Row(row) => row_tuple(py, &row, decimals).map(Bound::into_any),
        BulkStep::Progress(Progress { done, failed, .. }) => Ok(PyList::new(py, [done, failed])?.into_any()),
        BulkStep::Done => flag(false),
    }
}

/// A row as Python takes it: index, id, record and error.
fn row_tuple<'py>(py: Python<'py>, row: &BulkRow, decimals: Decimals) -> PyResult<Bound<'py, PyTuple>> {
    let record = row.record.as_ref().map(|record| json::parse(py, record.json().as_bytes(), decimals)).transpose();
    // An answer that Python cannot hold is this row's own failure.
    let (record, unreadable) = record.map_or_else(|error| (None, Some(error)), |record| (record, None));
    let failed = unreadable.or_else(|| row.error.as_ref().map(|error| crate::errors::exception(py, error)));
    let id = row.id.as_ref().map(|id| records::id(py, id)).transpose()?;
    (row.index, id, record, failed.map(|error| error.into_value(py))).into_pyobject(py)
}
