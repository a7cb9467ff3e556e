//! What bulks of both clients share: inputs from Python, and rows to Python.

use super::encode::{self, Missing};
use super::errors::{IntoPyResult, exception};
use super::{decode, records};
use egito::{BulkAction, BulkInput, BulkRow, BulkStep, CancellationToken, Change, Decimals, Error, Progress, Record};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyList, PyMapping, PyTuple};
use serde_json::value::RawValue;

/// Options of a bulk that the core does not read from JSON.
#[derive(Clone, Copy)]
pub(crate) struct BulkMode {
    pub keep_all_rows: bool,
    pub report_progress: bool,
    /// What to send for NaN and the like.
    pub missing: Missing,
}

/// Cancels a bulk. With `now` it is cancelled twice, so that its calls have no time to finish.
pub(crate) fn cancel(token: &CancellationToken, now: bool) {
    if now || !token.is_cancelled() {
        token.cancel();
    }
    if now {
        token.cancel();
    }
}

/// Returns the action with this name, such as `create`.
pub(crate) fn read_action(py: Python<'_>, action: &str) -> PyResult<BulkAction> {
    action.parse::<BulkAction>().into_py_result(py)
}

type Input<'py> = (egito::Result<BulkInput>, Option<Bound<'py, PyAny>>);

/// Reads an input. If it cannot be sent, returns a placeholder and the exception. Raises exceptions that the input did not cause, such
/// as `KeyboardInterrupt`.
pub(crate) fn read_input<'py>(action: BulkAction, input: &Bound<'py, PyAny>, missing: Missing) -> PyResult<Input<'py>> {
    let py = input.py();
    match read(action, input, missing) {
        Ok(input) => Ok((Ok(input), None)),
        Err(refused) if refused.is_instance_of::<PyException>(py) => {
            let placeholder = Error::config("input", "this input cannot be sent");
            Ok((Err(placeholder), Some(refused.into_value(py).into_bound(py).into_any())))
        }
        Err(other) => Err(other),
    }
}

fn read(action: BulkAction, input: &Bound<'_, PyAny>, missing: Missing) -> PyResult<BulkInput> {
    let py = input.py();
    match action {
        BulkAction::Create => Ok(BulkInput::from_record(raw(py, &encode::record("record", input, missing)?)?)),
        BulkAction::Upsert | BulkAction::PlanUpsert => {
            Ok(BulkInput::from_record(raw(py, &encode::changes("record", input, missing)?)?))
        }
        BulkAction::ApplyUpsert => read_planned(input),
        BulkAction::Get | BulkAction::Delete => Ok(BulkInput::from_id(encode::id(input)?)),
        BulkAction::Update => {
            let expected_pair = |_| {
                Error::config("input", "invalid `input`: expected a pair of the record's id and its changed fields")
            };
            let [id, fields] = input.extract::<[Bound<'_, PyAny>; 2]>().map_err(expected_pair).into_py_result(py)?;
            Ok(BulkInput::from_change(encode::id(&id)?, raw(py, &encode::changes("record", &fields, missing)?)?))
        }
    }
}

/// Reads a row of a plan, or a mapping with the same names: what to write, and to which record.
fn read_planned(row: &Bound<'_, PyAny>) -> PyResult<BulkInput> {
    let py = row.py();
    let expected =
        |_| Error::config("input", "invalid `input`: expected a row that `plan_upsert` returned, or a dict of it");
    let members = row.cast::<PyMapping>();
    let part = |name: &str| {
        let value = match members {
            Ok(members) if members.contains(name)? => members.get_item(name)?,
            Ok(_) => return Ok(None),
            Err(_) => row.getattr(name).map_err(expected).into_py_result(py)?,
        };
        Ok::<_, PyErr>((!value.is_none()).then_some(value))
    };
    let change = part("change")?.map(|change| {
        let name = change.extract::<String>().map_err(expected);
        name.and_then(|name| name.parse::<Change>()).into_py_result(py)
    });
    let record = part("record")?.map(|record| raw(py, &encode::record("record", &record, Missing::Error)?));
    let id = part("id")?.map(|id| encode::id(&id));
    let planned_for = part("planned_for")?.map(|text| text.extract::<String>().map_err(expected).into_py_result(py));
    Ok(BulkInput {
        id: id.transpose()?,
        record: record.transpose()?,
        change: change.transpose()?,
        planned_for: planned_for.transpose()?,
    })
}

/// Returns a record as the core takes it in a bulk.
fn raw(py: Python<'_>, record: &Record) -> PyResult<Box<RawValue>> {
    let raw = RawValue::from_string(record.json().to_owned());
    raw.map_err(|e| Error::config("record", e.to_string())).into_py_result(py)
}

/// Returns a step as Python reads it: a row as a tuple, the progress as a list, True for a request of input, False for the end.
pub(crate) fn step_value(py: Python<'_>, step: BulkStep, decimals: Decimals) -> PyResult<Bound<'_, PyAny>> {
    let flag = |value| Ok(PyBool::new(py, value).to_owned().into_any());
    match step {
        BulkStep::NeedsInput => flag(true),
        BulkStep::Row(row) => row_tuple(py, &row, decimals).map(Bound::into_any),
        BulkStep::Progress(Progress { done, failed, .. }) => Ok(PyList::new(py, [done, failed])?.into_any()),
        BulkStep::Done => flag(false),
    }
}

/// Returns a row as Python reads it: index, id, record, error, change, fields, duplicates, whether it was resumed, and its
/// entity and key if it is planned.
pub(crate) fn row_tuple<'py>(py: Python<'py>, row: &BulkRow, decimals: Decimals) -> PyResult<Bound<'py, PyTuple>> {
    // The record of a plan will be written: no digit of it may be lost.
    let parse = if row.change.is_some() { decode::parse_exactly } else { decode::parse };
    let record = row.record.as_ref().map(|record| parse(py, record.json().as_bytes(), decimals)).transpose();
    // A record that Python cannot represent is the error of its row.
    let (record, unreadable) = record.map_or_else(|error| (None, Some(error)), |record| (record, None));
    let failed = unreadable.or_else(|| row.error.as_ref().map(|error| exception(py, error)));
    let id = row.id.as_ref().map(|id| records::id(py, id)).transpose()?;
    let failed = failed.map(|error| error.into_value(py));
    let (change, fields) = (row.change.map(Change::as_str), PyTuple::new(py, &row.fields)?);
    let (duplicates, planned_for) = (records::ids(py, &row.duplicates)?, row.planned_for.as_deref());
    (row.index, id, record, failed, change, fields, duplicates, row.resumed, planned_for).into_pyobject(py)
}
