//! The rows of a page of changes.

use super::mark::hash;
use super::moment::Moment;
use crate::decimals;
use crate::envelope::PageBody;
use crate::id::RecordId;
use crate::record::Record;

/// The identity of a record, and its value of the field that the list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) id: RecordId,
    pub(super) moment: Moment,
}

impl Row {
    #[cfg(test)]
    pub(super) fn new(id: i64, number: i64) -> Self {
        Self { id: id.into(), moment: Moment::from_json(&number.to_string()).unwrap() }
    }

    pub(super) fn ticks(&self) -> i128 {
        self.moment.ticks()
    }
}

/// Reads the rows of a page. The error is the reason why they cannot be compared.
pub(super) fn read_rows(body: &PageBody, field: &str) -> Result<Vec<Row>, String> {
    let row = |index: usize| {
        let (_, id) = &body.records[index];
        let id = id.clone().ok_or("its records have no `id`")?;
        let record = record(body, index);
        let json = record.raw(field);
        match json.map(Moment::from_json) {
            Some(Some(moment)) => Ok(Row { id, moment }),
            Some(None) => Err(format!(
                "the `{field}` of record {id} is {}, which is neither a time nor an integer; choose another field with `by`",
                shortened(json.unwrap_or_default())
            )),
            None => Err(format!("record {id} has no `{field}`; choose another field with `by`")),
        }
    };
    (0..body.records.len()).map(row).collect()
}

/// Returns the hash of a record's content. It does not depend on the setting `decimals`, with which the mark may be used next.
pub(super) fn content_hash(body: &PageBody, index: usize) -> u64 {
    hash(&decimals::as_strings(body.body.slice(body.records[index].0.clone())))
}

/// Returns the time of the server in the response.
pub(super) fn server_time(body: &PageBody) -> Option<Moment> {
    let date = body.response.as_ref()?.headers.get(http::header::DATE)?;
    Moment::from_http_date(date.to_str().ok()?)
}

fn record(body: &PageBody, index: usize) -> Record {
    Record::from_validated(body.body.slice(body.records[index].0.clone()))
}

fn shortened(json: &str) -> String {
    if json.chars().count() > 40 { json.chars().take(40).chain(['…']).collect() } else { json.to_owned() }
}
