//! Creates a record once: finds the record with the same key, or creates it.

use super::Entity;
use super::keyed_call::{Created, KeyedCall, ids};
use crate::error::Result;
use crate::id::RecordId;
use crate::key::RecordKey;
use crate::record::{IntoRecord, Record};
use serde::Serialize;

/// The result of [`Entity::create_once`].
///
/// ```
/// # egito_test_support::run(async |client| {
/// let lead = serde_json::json!({"formKey": "f-1", "lastName": "Ryś"});
/// let first = client.leads().create_once(&lead, "formKey").await?;
/// let second = client.leads().create_once(&lead, "formKey").await?;
/// assert!(first.created && !second.created && first.id == second.id);
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FoundOrCreated {
    /// The id of the record; the oldest one if several records have the key.
    pub id: RecordId,
    /// Whether this call created the record.
    pub created: bool,
    /// The ids of all records with the key if there are several, the oldest first. Otherwise empty.
    pub duplicates: Vec<RecordId>,
}

impl FoundOrCreated {
    /// Returns the result for the ids of the records with the key; `None` if there are none.
    fn of(ids: Vec<RecordId>, created: bool) -> Option<Self> {
        let id = ids.first()?.clone();
        let duplicates = if ids.len() > 1 { ids } else { Vec::new() };
        Some(Self { id, created, duplicates })
    }
}

impl Entity {
    /// Finds the record with the key of `record`, or creates it. Returns its id, and whether this call created it.
    ///
    /// Call it again after any error, in any process: it does not create a second record with this key.
    ///
    /// 1. It reads the list, filtered by the key. If it finds the record, nothing is written.
    /// 2. If not, it creates the record.
    /// 3. If the outcome of the create is unknown, it looks for the record for [`settle`](RecordKey::settle), since a slow server may
    ///    store it late. It never sends a second create by itself.
    ///
    /// Calls with the same key wait for each other: those of one client, and, with a `token_store`, those of all processes that share
    /// it. Calls from several machines do not, so they may create a duplicate if they run at the same moment; `duplicates` reports it.
    /// The whole call takes at most the setting `timeout`.
    ///
    /// Errors: `config` (setting `key`) if a field of the key is missing or empty; `config` (setting `lookup`) if the server ignores
    /// the filter; `outcome_unknown` if the record was not found in time; those of [`create`](Self::create).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let lead = serde_json::json!({"formKey": "2026-11-27-0017", "lastName": "Ryś"});
    /// let lead = client.leads().create_once(&lead, "formKey").await?;
    /// println!("{} {}", if lead.created { "created" } else { "found" }, lead.id);
    /// # Ok(()) });
    /// ```
    pub async fn create_once(&self, record: impl IntoRecord, key: impl Into<RecordKey>) -> Result<FoundOrCreated> {
        let (record, key) = (record.into_record()?, key.into());
        let call = KeyedCall::new(self, &record, &key)?;
        // Boxed, since a caller's thread may have a small stack.
        Box::pin(find_or_create(&call, record)).await
    }
}

async fn find_or_create(call: &KeyedCall<'_>, record: Record) -> Result<FoundOrCreated> {
    let mut lock = call.lock().await?;
    if let Some(found) = lock.shared_result().and_then(|ids| FoundOrCreated::of(ids, false)) {
        return Ok(found);
    }
    let found = ids(&call.find(&lock).await?);
    if !found.is_empty() {
        lock.share(&found);
    }
    if let Some(found) = FoundOrCreated::of(found, false) {
        return Ok(found);
    }
    let (ids, created) = match call.create(record, &mut lock).await? {
        Created::Here(ids) => (ids, true),
        Created::Elsewhere(records) => (ids(&records), false),
    };
    Ok(FoundOrCreated::of(ids, created).expect("there is a record"))
}
