//! Creates a record, updates the fields that differ, or leaves it unchanged.

use super::Entity;
use super::keyed_call::{Created, KeyedCall, ids};
use super::lookup::FoundRecord;
use crate::bulk::{CallOutput, Change};
use crate::error::Result;
use crate::id::RecordId;
use crate::key::{RecordKey, differences};
use crate::record::{IntoRecord, RecordIndex};
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The result of [`Entity::upsert`].
///
/// ```
/// # egito_test_support::run(async |client| {
/// client.accounts().upsert(&serde_json::json!({"nip": "5250001009", "name": "Żubr"}), "nip").await?;
/// let account = serde_json::json!({"nip": "5250001009", "name": "Żubr", "city": "Łódź"});
/// let upserted = client.accounts().upsert(&account, "nip").await?;
/// assert_eq!((upserted.change, upserted.fields), (egito::Change::Updated, vec!["city".to_owned()]));
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Upserted {
    /// The id of the record; the oldest one if several records have the key.
    pub id: RecordId,
    /// How the stored record changed.
    pub change: Change,
    /// The names of the updated fields.
    pub fields: Vec<String>,
    /// The ids of all records with the key if there are several, the oldest first. Otherwise empty.
    pub duplicates: Vec<RecordId>,
}

impl Upserted {
    pub(super) fn new(mut ids: Vec<RecordId>, change: Change, fields: Vec<String>) -> Self {
        let id = ids[0].clone();
        if ids.len() == 1 {
            ids.clear();
        }
        Self { id, change, fields, duplicates: ids }
    }

    /// Returns the parts of a row of a bulk.
    pub(super) fn into_output(self) -> CallOutput {
        let Self { id, change, fields, duplicates } = self;
        CallOutput { id: Some(id), change: Some(change), fields, duplicates, ..CallOutput::default() }
    }
}

impl Entity {
    /// Finds the record with the key of `record`. Creates it if there is none, or updates only the fields that differ.
    ///
    /// Values are compared as servers store them: `" Żubr "` is `"Żubr"`, `""` is `null`, `7` is `"7"`, and a time in another offset
    /// is the same time. A date without a time always counts as different, since servers return it as a time in their zone.
    ///
    /// Calls with the same key wait for each other, and a create of unknown outcome is looked for, as in
    /// [`create_once`](Self::create_once). Call it again after any error.
    ///
    /// Errors: those of [`create_once`](Self::create_once) and [`update`](Self::update).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let account = serde_json::json!({"nip": "5250001009", "name": "Żubr sp. z o.o.", "city": "Kraków"});
    /// let upserted = client.accounts().upsert(&account, "nip").await?;
    /// println!("{}: {:?} {:?}", upserted.id, upserted.change, upserted.fields);
    /// # Ok(()) });
    /// ```
    pub async fn upsert(&self, record: impl IntoRecord, key: impl Into<RecordKey>) -> Result<Upserted> {
        let (record, key) = (RecordIndex::new(record.into_record()?), key.into());
        let call = KeyedCall::new(self, record.record(), &key)?;
        // Boxed, since a caller's thread may have a small stack.
        Box::pin(create_or_update(&call, &record, false)).await
    }
}

/// Makes an upsert, while it holds the lock of the key. `is_in_doubt`: the record may have been created a moment ago, by a call that is
/// unknown here.
pub(super) async fn create_or_update(call: &KeyedCall<'_>, given: &RecordIndex, is_in_doubt: bool) -> Result<Upserted> {
    let mut lock = call.lock().await?;
    let found = if is_in_doubt { call.find_in_doubt().await? } else { call.find(&lock).await? };
    if !found.is_empty() {
        return update(call, given, &found).await;
    }
    match call.create(given.record().clone(), &mut lock).await? {
        Created::Here(ids) => Ok(Upserted::new(ids, Change::Created, Vec::new())),
        Created::Elsewhere(found) => update(call, given, &found).await,
    }
}

/// Updates the one record that was found, if it differs.
async fn update(call: &KeyedCall<'_>, given: &RecordIndex, found: &[FoundRecord]) -> Result<Upserted> {
    let ids = ids(found);
    let Comparison { change, fields } = Comparison::new(given, found);
    if change == Change::Updated {
        call.entity().update(&ids[0], &fields).await?;
    }
    Ok(Upserted::new(ids, change, fields.into_keys().collect()))
}

/// What an upsert of a record has to do if there are records with its key.
pub(super) struct Comparison<'r> {
    pub change: Change,
    /// The fields of the given record that differ.
    pub fields: BTreeMap<String, &'r RawValue>,
}

impl<'r> Comparison<'r> {
    pub(super) fn new(given: &'r RecordIndex, found: &[FoundRecord]) -> Self {
        let [stored] = found else { return Self { change: Change::Ambiguous, fields: BTreeMap::new() } };
        let fields: BTreeMap<_, _> = differences(given, &stored.record).into_iter().collect();
        let change = if fields.is_empty() { Change::Unchanged } else { Change::Updated };
        Self { change, fields }
    }
}
