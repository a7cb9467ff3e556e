//! The rows of the file as inputs of a bulk.

use super::cell::Row;
use super::decisions::{Decisions, Mode};
use super::error::ImportError;
use super::input::Rows;
use super::problem::RowProblem;
use super::record::{self, Fields};
use egito::{BulkAction, BulkInput, Change, Error, RecordId};
use jiff::tz::TimeZone;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A row that was read, and why nothing is sent for it.
pub(crate) struct PendingRow {
    pub row: Row,
    pub problem: Option<RowProblem>,
    /// The fields that are sent.
    pub fields: Vec<String>,
}

/// The rows that the bulk has taken, and whose results it has not returned: in the same order.
#[derive(Clone, Default)]
pub(crate) struct PendingRows(Arc<Mutex<Pending>>);

#[derive(Default)]
struct Pending {
    rows: VecDeque<PendingRow>,
    /// Ends the inputs.
    failure: Option<ImportError>,
}

impl PendingRows {
    /// Returns the row of the next result.
    pub(crate) fn pop(&self) -> Option<PendingRow> {
        self.lock().rows.pop_front()
    }

    /// Returns why the file could not be read to its end.
    pub(crate) fn take_failure(&self) -> Option<ImportError> {
        self.lock().failure.take()
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads rows, and makes inputs of them.
pub(crate) struct Inputs {
    rows: Rows,
    decisions: Arc<Decisions>,
    zone: Option<TimeZone>,
    action: BulkAction,
    pending: PendingRows,
    keys: Keys,
}

impl Inputs {
    pub(crate) fn new(
        rows: Rows,
        decisions: Arc<Decisions>,
        zone: Option<TimeZone>,
        action: BulkAction,
        pending: PendingRows,
    ) -> Self {
        Self { rows, decisions, zone, action, pending, keys: Keys::default() }
    }

    fn input(&mut self, row: &Row, sent: &mut Vec<String>) -> Result<BulkInput, RowProblem> {
        let decisions = self.decisions.clone();
        let mut fields = record::fields(&decisions.rules, row, self.zone.as_ref())?;
        for (field, value) in &decisions.constants {
            fields.push((field, value.get().to_owned()));
        }
        self.keys.check(&decisions.key, &fields, row.line)?;
        if decisions.mode == Mode::Update {
            let input = update(fields, sent)?;
            // A plan of updates only reads the records.
            let record = input.record.filter(|_| self.action != BulkAction::Get);
            return Ok(BulkInput { record, ..input });
        }
        let input = BulkInput::from_record(record::to_json(&fields));
        if decisions.mode != Mode::CreateOnce {
            return Ok(input);
        }
        // A plan that says "create" is applied only if no record has the key by now.
        let planned_for = format!("{}({})", decisions.entity, planned_key(&decisions.key));
        Ok(BulkInput { change: Some(Change::Created), planned_for: Some(planned_for), ..input })
    }
}

impl Iterator for Inputs {
    type Item = egito::Result<BulkInput>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match self.rows.next()? {
            Ok(row) => row,
            Err(failure) => {
                self.pending.lock().failure = Some(failure);
                return None;
            }
        };
        let mut fields = Vec::new();
        let input = self.input(&row, &mut fields);
        let problem = input.as_ref().err().cloned();
        self.pending.lock().rows.push_back(PendingRow { row, problem, fields });
        Some(input.map_err(|_| Error::config("row", "the row cannot be sent")))
    }
}

/// Returns the fields of a key as a plan names them.
fn planned_key(key: &[String]) -> String {
    let mut key = key.to_vec();
    key.sort_unstable();
    key.join(", ")
}

fn update(mut fields: Fields, sent: &mut Vec<String>) -> Result<BulkInput, RowProblem> {
    let place = fields.iter().position(|(field, _)| *field == "id").ok_or(RowProblem::NoId)?;
    let (_, id) = fields.remove(place);
    let id = serde_json::from_str::<String>(&id).unwrap_or(id);
    if id.trim().is_empty() || id == "null" {
        return Err(RowProblem::NoId);
    }
    sent.extend(fields.iter().map(|(field, _)| (*field).to_owned()));
    Ok(BulkInput::from_change(RecordId::from_text(id.trim()), record::to_json(&fields)))
}

/// The keys so far, as hashes, with the lines that have them.
#[derive(Default)]
struct Keys {
    lines: HashMap<u128, u64>,
    hashers: [RandomState; 2],
}

impl Keys {
    /// Checks that the key has values, and that no earlier row has it.
    fn check(&mut self, key: &[String], fields: &Fields, line: u64) -> Result<(), RowProblem> {
        if key.is_empty() {
            return Ok(());
        }
        let mut values = Vec::with_capacity(key.len());
        for name in key {
            let value = fields.iter().find(|(field, json)| field == name && json != "null");
            values.push(value.ok_or_else(|| RowProblem::NoKey { field: name.clone() })?.1.trim().to_owned());
        }
        let [first, second] = &self.hashers;
        let hash = (u128::from(first.hash_one(&values)) << 64) | u128::from(second.hash_one(&values));
        match self.lines.entry(hash) {
            Entry::Vacant(entry) => entry.insert(line),
            Entry::Occupied(entry) => return Err(RowProblem::SameKey { line: *entry.get() }),
        };
        Ok(())
    }
}
