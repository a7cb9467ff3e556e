//! What goes into a bulk, and what comes out: one row for each input.

use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::record::Record;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::str::FromStr;

/// What is done to each input of a bulk.
///
/// ```
/// assert_eq!("create".parse::<egito::BulkAction>()?, egito::BulkAction::Create);
/// # Ok::<(), egito::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // as the methods of an entity
pub enum BulkAction {
    Create,
    Get,
    Update,
    Delete,
}

impl BulkAction {
    /// Its name in the API.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

impl FromStr for BulkAction {
    type Err = Error;

    /// Error `config`: it is none of `create`, `get`, `update` and `delete`.
    fn from_str(name: &str) -> Result<Self> {
        Ok(match name {
            "create" => Self::Create,
            "get" => Self::Get,
            "update" => Self::Update,
            "delete" => Self::Delete,
            _ => {
                let message = format!("`{name}` is no action of a bulk; there are create, get, update and delete");
                return Err(Error::config("action", message));
            }
        })
    }
}

/// What one call of a bulk is made of.
///
/// ```
/// let input = egito::BulkInput::from_id(17.into());
/// assert!(input.record.is_none());
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BulkInput {
    /// Id of the record, but for a create.
    pub id: Option<RecordId>,
    /// The record or the changed fields, for a create and an update.
    pub record: Option<Box<RawValue>>,
}

/// One input's line in the report of a bulk.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let rows = client.accounts().get_many([1, 7_000_000]).await;
/// assert!(rows[0].record.is_some() && rows[1].error.as_ref().unwrap().is_not_found());
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct BulkRow {
    /// Which input it is, from 0.
    pub index: u64,
    /// The input itself; empty where it could not be read.
    pub input: BulkInput,
    /// Id of the record that was created, read, changed or deleted.
    pub id: Option<RecordId>,
    /// The record that was read.
    pub record: Option<Record>,
    /// Why it failed, with all that errors carry.
    #[serde(serialize_with = "details")]
    pub error: Option<Error>,
}

/// How far a bulk has come.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let bulk = client.accounts().get_many([1, 2, 3]).on_progress(|progress| println!("{} rows", progress.done));
/// bulk.await;
/// # Ok(()) });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Progress {
    /// Calls that have finished, in whatever order.
    pub done: u64,
    /// Those of them that failed.
    pub failed: u64,
}

/// The result of a call that succeeded.
pub(crate) enum CallOutput {
    Id(RecordId),
    Record(Record),
}

impl BulkInput {
    /// Returns the input of a create.
    ///
    /// ```
    /// let lead = serde_json::value::to_raw_value(&serde_json::json!({"lastName": "Ryś"}))?;
    /// assert!(egito::BulkInput::from_record(lead).id.is_none());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn from_record(record: Box<RawValue>) -> Self {
        Self { id: None, record: Some(record) }
    }

    /// Returns the input of a get or a delete.
    ///
    /// ```
    /// assert_eq!(egito::BulkInput::from_id(17.into()).id, Some(17.into()));
    /// ```
    #[must_use]
    pub fn from_id(id: RecordId) -> Self {
        Self { id: Some(id), record: None }
    }

    /// Returns the input of an update.
    ///
    /// ```
    /// let fields = serde_json::value::to_raw_value(&serde_json::json!({"city": "Łódź"}))?;
    /// assert!(egito::BulkInput::from_change(17.into(), fields).record.is_some());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn from_change(id: RecordId, fields: Box<RawValue>) -> Self {
        Self { id: Some(id), record: Some(fields) }
    }
}

#[allow(clippy::ref_option)] // as serde hands it over
fn details<S: serde::Serializer>(error: &Option<Error>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    error.as_ref().map(Error::details).serialize(serializer)
}
