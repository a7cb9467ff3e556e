//! An outbox.

use crate::background;
use crate::context::{Context, NativeContext};
use crate::error::NativeResult;
use crate::json::{plain_json, record_id};
use egito::binding::{interval_from_seconds, outbox_on, with_unitless_settings};
use egito::{Client, Delivery, Entry, EntryQuery, Outbox, Record, RecordKey, Result};

/// The handle of an `Outbox`. Dropping it stops what `start` has started.
#[derive(uniffi::Object)]
pub struct NativeOutbox {
    outbox: Outbox,
    client: Client,
}

/// A call of an outbox. Records, keys with their options, and ids of records are JSON.
#[derive(uniffi::Enum)]
pub enum OutboxCall {
    /// Stores a record to be created. The result is the id of the entry.
    Put {
        /// Its entity.
        entity: String,
        /// The record.
        record: Vec<u8>,
        /// Its key.
        key: Vec<u8>,
    },
    /// Stores a record to be created or updated. The result is the id of the entry.
    PutUpsert {
        /// Its entity.
        entity: String,
        /// The record.
        record: Vec<u8>,
        /// Its key.
        key: Vec<u8>,
    },
    /// Stores fields to be updated. The result is the id of the entry.
    PutUpdate {
        /// The entity.
        entity: String,
        /// The id of the record.
        id: String,
        /// The fields.
        fields: Vec<u8>,
    },
    /// Stores the id of a record to be deleted. The result is the id of the entry.
    PutDelete {
        /// The entity.
        entity: String,
        /// The id of the record.
        id: String,
    },
    /// Sends the entries that are due. The result is a delivery.
    Deliver {
        /// Maximum number of entries.
        limit: Option<i64>,
    },
    /// Returns entries.
    Entries {
        /// Which ones, as JSON.
        query: Vec<u8>,
    },
    /// Returns an entry.
    Get {
        /// The id of the entry.
        id: i64,
    },
    /// Returns the number of entries in each state.
    Counts,
    /// Makes an entry due now. The result is `null`.
    Retry {
        /// The id of the entry.
        id: i64,
    },
    /// Replaces the record of an entry. The result is `null`.
    Edit {
        /// The id of the entry.
        id: i64,
        /// The new record.
        record: Vec<u8>,
    },
    /// Removes an entry. The result is `null`.
    Discard {
        /// The id of the entry.
        id: i64,
    },
    /// Stops what `start` has started, and waits for its calls in flight. The result is `null`.
    Stop,
}

impl OutboxCall {
    async fn run(self, outbox: Outbox) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Put { entity, record, key } => {
                plain_json(&outbox.put(&entity, Record::from_bytes(record)?, RecordKey::from_json(&key)?).await?)
            }
            Self::PutUpsert { entity, record, key } => {
                plain_json(&outbox.put_upsert(&entity, Record::from_bytes(record)?, RecordKey::from_json(&key)?).await?)
            }
            Self::PutUpdate { entity, id, fields } => {
                plain_json(&outbox.put_update(&entity, record_id(&id)?, Record::from_bytes(fields)?).await?)
            }
            Self::PutDelete { entity, id } => plain_json(&outbox.put_delete(&entity, record_id(&id)?).await?),
            Self::Deliver { limit } => delivery_json(outbox.deliver(limit.map(i64::unsigned_abs)).await?),
            Self::Entries { query } => {
                let entries = outbox.entries(EntryQuery::from_json(&query)?).await?;
                plain_json(&entries.into_iter().map(with_camel_case_error).collect::<Vec<_>>())
            }
            Self::Get { id } => plain_json(&with_camel_case_error(outbox.get(id).await?)),
            Self::Counts => plain_json(&outbox.counts().await?),
            Self::Retry { id } => plain_json(&outbox.retry(id).await?),
            Self::Edit { id, record } => plain_json(&outbox.edit(id, Record::from_bytes(record)?).await?),
            Self::Discard { id } => plain_json(&outbox.discard(id).await?),
            Self::Stop => {
                outbox.stop().await;
                plain_json(&())
            }
        })
    }
}

impl NativeOutbox {
    pub fn new(outbox: Outbox, client: Client) -> Self {
        Self { outbox, client }
    }

    /// Returns the outbox for one call.
    fn for_call(&self, context: &Context) -> Outbox {
        outbox_on(&self.outbox, &NativeContext::client(context, &self.client))
    }
}

#[uniffi::export]
impl NativeOutbox {
    /// Runs a call, and waits for it on this thread.
    pub fn run(&self, call: OutboxCall, context: Context) -> NativeResult<Vec<u8>> {
        background::wait(call.run(self.for_call(&context)))
    }

    /// Runs a call in the background.
    pub async fn run_async(&self, call: OutboxCall, context: Context) -> NativeResult<Vec<u8>> {
        background::spawn(call.run(self.for_call(&context))).await
    }

    /// Starts to deliver in the background, after each interval, in seconds.
    pub fn start(&self, interval: f64, context: Context) -> NativeResult<()> {
        let interval = interval_from_seconds(interval)?;
        let outbox = self.for_call(&context);
        let _inside = background::runtime()?.enter();
        outbox.start(interval);
        Ok(())
    }

    /// Returns the last delivery in the background as JSON; nothing if none has ended. Fails with its error.
    pub fn last_delivery(&self) -> NativeResult<Option<Vec<u8>>> {
        Ok(self.outbox.last_delivery().transpose()?.map(delivery_json))
    }
}

fn delivery_json(mut delivery: Delivery) -> Vec<u8> {
    delivery.paused_by = delivery.paused_by.as_ref().map(with_unitless_settings);
    plain_json(&delivery)
}

fn with_camel_case_error(mut entry: Entry) -> Entry {
    entry.error = entry.error.as_ref().map(with_unitless_settings);
    entry
}
