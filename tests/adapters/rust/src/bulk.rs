//! Shared code for bulks: the inputs for the library, and the report for the judge.

use crate::{Args, array, details, or_null};
use egito::{BulkRow, Progress, RecordId};
use serde_json::value::RawValue;
use std::sync::{Arc, Mutex};

/// The methods of bulks.
pub const BULKS: [&str; 4] = ["create_many", "get_many", "update_many", "delete_many"];

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
        let rows = array(rows.iter().map(row));
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
pub fn ended_report(rows: &[BulkRow], ended: Result<(), egito::Error>) -> String {
    let ended = ended.err().map(|error| format!("\"{}\"", error.code()));
    format!("{{\"rows\":{},\"ended\":{}}}", array(rows.iter().map(row)), or_null(ended))
}

fn row(row: &BulkRow) -> String {
    let id = row.input.id.as_ref().map(RecordId::to_json);
    let record = row.input.record.as_ref().map(|record| record.get().to_owned());
    let input = match (id, record) {
        (Some(id), Some(fields)) => format!("[{id},{fields}]"),
        (one, other) => one.or(other).unwrap_or_else(|| "null".to_owned()),
    };
    let or_null = |text: Option<String>| text.unwrap_or_else(|| "null".to_owned());
    format!(
        r#"{{"index":{},"input":{input},"id":{},"record":{},"error":{}}}"#,
        row.index,
        or_null(row.id.as_ref().map(RecordId::to_json)),
        or_null(row.record.as_ref().map(|record| record.json().to_owned())),
        or_null(row.error.as_ref().map(details)),
    )
}
