//! Shared code for bulks: the inputs for the library, and the report for the judge.

use crate::{Args, array, details, json, object, or_null, plain};
use egito::{BulkRow, Progress, RecordId};
use serde_json::value::RawValue;
use std::sync::{Arc, Mutex};

/// The methods of bulks.
pub const BULKS: [&str; 6] = ["create_many", "get_many", "update_many", "delete_many", "upsert_many", "plan_upsert"];

/// Records the progress of a bulk.
#[derive(Clone, Default)]
pub struct ProgressLog(Arc<Mutex<Vec<String>>>);

impl ProgressLog {
    /// Records one progress.
    pub fn record(&self, progress: Progress) {
        self.0.lock().expect("no panic").push(format!("[{},{}]", progress.done, progress.failed));
    }

    /// Returns the report of a bulk, without the progress if it was stopped.
    #[must_use]
    pub fn report(&self, args: &Args, rows: &[BulkRow]) -> String {
        let rows = report_rows(args, rows);
        if args.stop_after.is_some() {
            return format!("{{\"rows\":{rows}}}");
        }
        let progress = array(self.0.lock().expect("no panic").iter().cloned());
        format!("{{\"rows\":{rows},\"progress\":{progress}}}")
    }
}

impl Args {
    /// Returns the inputs as ids.
    #[must_use]
    pub fn ids(&self) -> Vec<RecordId> {
        self.inputs.iter().map(|input| RecordId::from_json(input.get()).expect("the case has an id")).collect()
    }

    /// Returns the inputs as pairs of an id and the changed fields.
    #[must_use]
    pub fn changes(&self) -> Vec<(RecordId, Box<RawValue>)> {
        let pair = |input: &RawValue| {
            let (id, fields): (Box<RawValue>, Box<RawValue>) =
                serde_json::from_str(input.get()).expect("the schema requires pairs");
            (RecordId::from_json(id.get()).expect("the case has an id"), fields)
        };
        self.inputs.iter().map(|input| pair(input)).collect()
    }
}

/// Returns the report of a bulk that was cancelled, or whose client was closed, while its rows were read.
#[must_use]
pub fn ended_report(args: &Args, rows: &[BulkRow], ended: Result<(), egito::Error>) -> String {
    let ended = ended.err().map(|error| format!("\"{}\"", error.code()));
    format!("{{\"rows\":{},\"ended\":{}}}", report_rows(args, rows), or_null(ended))
}

/// Returns the rows of a plan, which was applied, as a member of the report of the rows.
#[must_use]
pub fn with_plan(report: &str, args: &Args, plan: &[BulkRow]) -> String {
    format!("{{\"plan\":{},{}", report_rows(args, plan), &report[1..])
}

/// Returns rows as JSON, with the members that belong to the options of the bulk.
fn report_rows(args: &Args, rows: &[BulkRow]) -> String {
    array(rows.iter().map(|each| {
        let mut members = row(each);
        if args.key.is_some() {
            members.extend([
                ("change", plain(&each.change)),
                ("fields", plain(&each.fields)),
                ("duplicates", plain(&each.duplicates)),
            ]);
        }
        if args.journal.is_some() {
            members.push(("resumed", plain(&each.resumed)));
        }
        object(members)
    }))
}

/// Returns the members that every row has.
fn row(row: &BulkRow) -> Vec<(&'static str, String)> {
    let id = row.input.id.as_ref().map(RecordId::to_json);
    let record = row.input.record.as_ref().map(|record| record.get().to_owned());
    let input = match (id, record) {
        (Some(id), Some(fields)) => array([id, fields]),
        (one, other) => or_null(one.or(other)),
    };
    vec![
        ("index", plain(&row.index)),
        ("input", input),
        ("id", plain(&row.id)),
        ("record", or_null(row.record.as_ref().map(json))),
        ("error", or_null(row.error.as_ref().map(details))),
    ]
}
