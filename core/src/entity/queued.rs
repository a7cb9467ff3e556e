//! The calls of an outbox: its entries may have been sent before, by a worker that has died.

use super::Entity;
use super::keyed_call::{Created, KeyedCall, ids};
use super::upsert::{self, Upserted};
use crate::error::Result;
use crate::id::RecordId;
use crate::key::RecordKey;
use crate::record::{Record, RecordIndex};

impl Entity {
    /// Creates a record with a key, and returns the ids of the records with it, the oldest first.
    ///
    /// If the record may have been sent before, it is looked for first, until `settle` is over.
    pub(crate) async fn create_queued(
        &self,
        record: Record,
        key: &RecordKey,
        is_in_doubt: bool,
    ) -> Result<Vec<RecordId>> {
        let call = KeyedCall::new(self, &record, key)?;
        let mut lock = call.lock().await?;
        if let Some(found) = lock.shared_result().filter(|ids| !ids.is_empty()) {
            return Ok(found);
        }
        let found = if is_in_doubt || lock.may_be_created() { call.find_in_doubt().await? } else { Vec::new() };
        if !found.is_empty() {
            let found = ids(&found);
            lock.share(&found);
            return Ok(found);
        }
        Ok(match call.create(record, &mut lock).await? {
            Created::Here(ids) => ids,
            Created::Elsewhere(records) => ids(&records),
        })
    }

    /// Like [`upsert`](Self::upsert). If the record may have been sent before, it is looked for until `settle` is over.
    pub(crate) async fn upsert_queued(&self, record: Record, key: &RecordKey, is_in_doubt: bool) -> Result<Upserted> {
        let call = KeyedCall::new(self, &record, key)?;
        upsert::create_or_update(&call, &RecordIndex::new(record), is_in_doubt).await
    }
}
