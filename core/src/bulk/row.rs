//! The inputs and rows of a bulk.

use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::record::Record;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::str::FromStr;

/// The action of a bulk: the call that is made for each input.
///
/// ```
/// assert_eq!("create".parse::<egito::BulkAction>()?, egito::BulkAction::Create);
/// # Ok::<(), egito::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // they have the names of the methods of an entity
pub enum BulkAction {
    Create,
    Get,
    Update,
    Delete,
}

impl BulkAction {
    /// Returns the name of the action.
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

    /// Error `config`: the name is not `create`, `get`, `update` or `delete`.
    fn from_str(name: &str) -> Result<Self> {
        Ok(match name {
            "create" => Self::Create,
            "get" => Self::Get,
            "update" => Self::Update,
            "delete" => Self::Delete,
            _ => {
                let message = format!("invalid `action`: expected create, get, update or delete, got {name:?}");
                return Err(Error::config("action", message));
            }
        })
    }
}

/// One input of a bulk.
///
/// ```
/// let input = egito::BulkInput::from_id(17.into());
/// assert!(input.record.is_none());
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BulkInput {
    /// Id of the record; `None` for a create.
    pub id: Option<RecordId>,
    /// The record or the changed fields, for a create and an update.
    pub record: Option<Box<RawValue>>,
}

/// The result of one input of a bulk.
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
    /// Index of the input, from 0.
    pub index: u64,
    /// The input; empty if it could not be read.
    pub input: BulkInput,
    /// Id of the record that was created, read, updated or deleted.
    pub id: Option<RecordId>,
    /// The record, for a get.
    pub record: Option<Record>,
    /// The error, if the call failed.
    #[serde(serialize_with = "details")]
    pub error: Option<Error>,
}

/// The number of calls of a bulk that have finished.
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
    /// Number of calls that have finished, in any order.
    pub done: u64,
    /// Number of these calls that failed.
    pub failed: u64,
}

/// The result of a call that succeeded.
pub(crate) enum CallOutput {
    Id(RecordId),
    Record(Record),
}

impl BulkInput {
    /// Creates the input of a create.
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

    /// Creates the input of a get or a delete.
    ///
    /// ```
    /// assert_eq!(egito::BulkInput::from_id(17.into()).id, Some(17.into()));
    /// ```
    #[must_use]
    pub fn from_id(id: RecordId) -> Self {
        Self { id: Some(id), record: None }
    }

    /// Creates the input of an update.
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

#[allow(clippy::ref_option)] // serde passes it like this
fn details<S: serde::Serializer>(error: &Option<Error>, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    error.as_ref().map(Error::details).serialize(serializer)
}
