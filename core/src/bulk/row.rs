//! The inputs and rows of a bulk.

use super::change::Change;
use crate::error::{self, Error, Result};
use crate::id::RecordId;
use crate::key::{KeyValues, RecordKey};
use crate::record::{Record, RecordIndex};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::str::FromStr;
use std::sync::Arc;

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
    Upsert,
    PlanUpsert,
    ApplyUpsert,
}

impl BulkAction {
    const ALL: [Self; 7] =
        [Self::Create, Self::Get, Self::Update, Self::Delete, Self::Upsert, Self::PlanUpsert, Self::ApplyUpsert];

    /// Returns the name of the action.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Upsert => "upsert",
            Self::PlanUpsert => "plan_upsert",
            Self::ApplyUpsert => "apply_upsert",
        }
    }

    /// Returns whether the action never writes.
    pub(super) fn only_reads(self) -> bool {
        matches!(self, Self::Get | Self::PlanUpsert)
    }

    /// Checks that the bulk has a key if it needs one, and none if it cannot use it.
    ///
    /// Error `config` (setting `key`): it is missing, or not allowed.
    pub(super) fn check_key(self, key: Option<&RecordKey>) -> Result<()> {
        let invalid = |why: String| Err(Error::config("key", format!("invalid `key`: {why}")));
        match self {
            Self::Upsert | Self::PlanUpsert | Self::ApplyUpsert if key.is_none() => {
                invalid(format!("it is missing; a bulk with the action {} needs the name of a field", self.name()))
            }
            Self::Get | Self::Update | Self::Delete if key.is_some() => {
                invalid(format!("a bulk with the action {} finds its records by their ids, not by a key", self.name()))
            }
            _ => key.map_or(Ok(()), RecordKey::check),
        }
    }
}

impl FromStr for BulkAction {
    type Err = Error;

    /// Error `config`: no action has this name.
    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|action| action.name() == name);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            Error::config("action", format!("invalid `action`: expected one of {names}, got {name:?}"))
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
    /// The record or the changed fields, for a create, an update and an upsert.
    pub record: Option<Box<RawValue>>,
    /// The change of the plan, for [`BulkAction::ApplyUpsert`].
    pub change: Option<Change>,
    /// The entity and the key of the plan, for [`BulkAction::ApplyUpsert`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_for: Option<String>,
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
    /// Id of the record that was created, read, updated, deleted or found; the oldest one if several records have the key.
    pub id: Option<RecordId>,
    /// The record, for a get. For a plan, what would be written: the whole record, or the fields that differ.
    pub record: Option<Record>,
    /// What an upsert did, or would do according to a plan.
    pub change: Option<Change>,
    /// The names of the fields that an upsert updated, or would update.
    pub fields: Vec<String>,
    /// The ids of all records with the key if there are several, the oldest first. Otherwise empty.
    pub duplicates: Vec<RecordId>,
    /// For a plan, its entity and key, such as `Account(nip)`: it is only applied to these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub planned_for: Option<String>,
    /// Whether the call was made by an earlier run, whose journal has this result.
    pub resumed: bool,
    /// The error, if the call failed.
    #[serde(serialize_with = "error::serialize_details")]
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

/// One call of a bulk.
pub(crate) struct CallInput {
    /// Without its record if the call needs a key.
    pub input: BulkInput,
    pub keyed: Option<Box<KeyedInput>>,
    pub key: Option<Arc<RecordKey>>,
    /// Whether an earlier run of the bulk may have made this call.
    pub in_doubt: bool,
}

/// The record of a call that needs a key, read once.
pub(crate) struct KeyedInput {
    pub record: RecordIndex,
    pub values: KeyValues,
}

/// The result of a call that succeeded: the parts of its row.
#[derive(Debug, Default)]
pub(crate) struct CallOutput {
    pub id: Option<RecordId>,
    pub record: Option<Record>,
    pub change: Option<Change>,
    pub fields: Vec<String>,
    pub duplicates: Vec<RecordId>,
    pub planned_for: Option<String>,
    pub resumed: bool,
}

impl CallOutput {
    pub(crate) fn of_id(id: RecordId) -> Self {
        Self { id: Some(id), ..Self::default() }
    }

    pub(crate) fn of_record(record: Record) -> Self {
        Self { id: record.id(), record: Some(record), ..Self::default() }
    }
}

impl BulkRow {
    /// Creates the row of an input.
    pub(super) fn new(index: u64, input: BulkInput, result: Result<CallOutput>) -> Self {
        let (output, error) = result.map_or_else(|error| (CallOutput::default(), Some(error)), |output| (output, None));
        let CallOutput { id, record, change, fields, duplicates, planned_for, resumed } = output;
        Self { index, input, id, record, change, fields, duplicates, planned_for, resumed, error }
    }
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
        Self { record: Some(record), ..Self::default() }
    }

    /// Creates the input of a get or a delete.
    ///
    /// ```
    /// assert_eq!(egito::BulkInput::from_id(17.into()).id, Some(17.into()));
    /// ```
    #[must_use]
    pub fn from_id(id: RecordId) -> Self {
        Self { id: Some(id), ..Self::default() }
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
        Self { id: Some(id), record: Some(fields), ..Self::default() }
    }

    /// Creates the input of [`BulkAction::ApplyUpsert`] from a row of [`BulkAction::PlanUpsert`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let account = serde_json::json!({"nip": "5250001009", "name": "Żubr sp. z o.o."});
    /// let plan = client.accounts().plan_upsert([account], "nip").await;
    /// let input = egito::BulkInput::from_plan(&plan[0]);
    /// assert_eq!(input.change, Some(egito::Change::Created));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn from_plan(row: &BulkRow) -> Self {
        Self {
            id: row.id.clone(),
            record: row.record.clone().map(Into::into),
            change: row.change,
            planned_for: row.planned_for.clone(),
        }
    }
}

/// Creates the input of [`BulkAction::ApplyUpsert`], see [`BulkInput::from_plan`].
impl From<BulkRow> for BulkInput {
    fn from(row: BulkRow) -> Self {
        Self::from_plan(&row)
    }
}
