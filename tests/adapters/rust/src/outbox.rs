//! Shared code for the outbox: the steps of a case, and the report for the judge.

use crate::{details, plain};
use egito::{EntryQuery, Error, RecordId, RecordKey};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// One step of an outbox.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // the protocol describes them
pub struct OutboxStep {
    pub r#do: String,
    pub entity: String,
    pub record: Option<Box<RawValue>>,
    id: Option<Box<RawValue>>,
    key: Option<Box<RawValue>>,
    state: Option<String>,
    pub limit: Option<u64>,
}

impl OutboxStep {
    /// Returns the id of the record.
    #[must_use]
    pub fn record_id(&self) -> RecordId {
        RecordId::from_json(self.id_json()).expect("the case has an id")
    }

    /// Returns the id of the entry.
    #[must_use]
    pub fn entry_id(&self) -> i64 {
        self.id_json().parse().expect("the case has the id of an entry")
    }

    /// Returns the key.
    pub fn record_key(&self) -> egito::Result<RecordKey> {
        #[derive(Serialize)]
        struct Options<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            key: &'a Option<Box<RawValue>>,
        }
        RecordKey::from_json(plain(&Options { key: &self.key }).as_bytes())
    }

    /// Returns which entries to read.
    pub fn query(&self) -> egito::Result<EntryQuery> {
        #[derive(Serialize)]
        struct Options<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            state: &'a Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            limit: &'a Option<u64>,
        }
        EntryQuery::from_json(plain(&Options { state: &self.state, limit: &self.limit }).as_bytes())
    }

    fn id_json(&self) -> &str {
        self.id.as_ref().expect("the case has an id").get()
    }
}

/// Returns the result of a step as JSON, or its error.
#[must_use]
pub fn step_report(result: Result<String, Error>) -> String {
    result.unwrap_or_else(|error| format!("{{\"error\":{}}}", details(&error)))
}
