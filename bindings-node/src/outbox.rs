//! The outbox. Its calls take JSON, and their results are delivered with the id of the call.

use crate::completions::CallRunner;
use crate::context::NativeContext;
use crate::json::{plain_json, record_id, utf8};
use crate::native_result::NativeResult;
use egito::binding::{outbox_on, with_camel_case_settings};
use egito::{Client, Delivery, Entry, EntryQuery, Outbox, Record, RecordKey, Result};
use napi::bindgen_prelude::{Utf16String, within_runtime_if_available};
use napi_derive::napi;
use serde::Serialize;
use std::time::Duration;

/// The handle of a JavaScript `Outbox`. Dropping it stops what `start` has started.
#[napi]
pub struct NativeOutbox {
    outbox: Outbox,
    client: Client,
    runner: CallRunner,
}

impl NativeOutbox {
    pub fn new(outbox: Outbox, client: Client, runner: CallRunner) -> Self {
        Self { outbox, client, runner }
    }

    /// Returns the outbox for one delivery.
    fn for_call(&self, context: Option<&NativeContext>) -> Result<Outbox> {
        let client = context.map_or_else(|| Ok(self.client.clone()), |context| context.client(&self.client))?;
        Ok(outbox_on(&self.outbox, &client))
    }

    /// Starts a call, whose result is its value as JSON.
    fn run<T: Serialize, W: Future<Output = Result<T>> + Send + 'static>(
        &self,
        call_id: u32,
        call: impl FnOnce(Outbox) -> W + Send + 'static,
    ) {
        let outbox = self.outbox.clone();
        self.runner.run(call_id, move || async move { Ok(Some(plain_json(&call(outbox).await?))) });
    }
}

#[napi]
impl NativeOutbox {
    /// Stores a record to be created. The result is the id of the entry.
    #[napi(catch_unwind)]
    pub fn put(&self, call_id: u32, entity: String, record: Utf16String, key: String) {
        self.run(call_id, move |outbox| async move {
            let (record, key) = (Record::from_bytes(utf8(&record))?, RecordKey::from_json(key.as_bytes())?);
            outbox.put(&entity, record, key).await
        });
    }

    /// Stores a record to be created or updated. The result is the id of the entry.
    #[napi(catch_unwind)]
    pub fn put_upsert(&self, call_id: u32, entity: String, record: Utf16String, key: String) {
        self.run(call_id, move |outbox| async move {
            let (record, key) = (Record::from_bytes(utf8(&record))?, RecordKey::from_json(key.as_bytes())?);
            outbox.put_upsert(&entity, record, key).await
        });
    }

    /// Stores fields to be updated. The result is the id of the entry.
    #[napi(catch_unwind)]
    pub fn put_update(&self, call_id: u32, entity: String, id: String, fields: Utf16String) {
        self.run(call_id, move |outbox| async move {
            outbox.put_update(&entity, record_id(&id)?, Record::from_bytes(utf8(&fields))?).await
        });
    }

    /// Stores the id of a record to be deleted. The result is the id of the entry.
    #[napi(catch_unwind)]
    pub fn put_delete(&self, call_id: u32, entity: String, id: String) {
        self.run(call_id, move |outbox| async move { outbox.put_delete(&entity, record_id(&id)?).await });
    }

    /// Sends the entries that are due, at most `limit`. The result is a delivery.
    #[napi(catch_unwind)]
    pub fn deliver(&self, call_id: u32, limit: Option<i64>, context: Option<&NativeContext>) {
        let outbox = self.for_call(context);
        let limit = limit.map(i64::unsigned_abs);
        self.runner.run(call_id, move || async move { Ok(Some(delivery_json(outbox?.deliver(limit).await?))) });
    }

    /// Returns entries.
    #[napi(catch_unwind)]
    pub fn entries(&self, call_id: u32, query: String) {
        self.run(call_id, move |outbox| async move {
            let entries = outbox.entries(EntryQuery::from_json(query.as_bytes())?).await?;
            Ok(entries.into_iter().map(with_camel_case_error).collect::<Vec<_>>())
        });
    }

    /// Returns an entry.
    #[napi(catch_unwind)]
    pub fn get(&self, call_id: u32, id: i64) {
        self.run(call_id, move |outbox| async move { outbox.get(id).await.map(with_camel_case_error) });
    }

    /// Returns the number of entries in each state.
    #[napi(catch_unwind)]
    pub fn counts(&self, call_id: u32) {
        self.run(call_id, |outbox| async move { outbox.counts().await });
    }

    /// Makes an entry due now.
    #[napi(catch_unwind)]
    pub fn retry(&self, call_id: u32, id: i64) {
        self.run(call_id, move |outbox| async move { outbox.retry(id).await });
    }

    /// Replaces the record of an entry.
    #[napi(catch_unwind)]
    pub fn edit(&self, call_id: u32, id: i64, record: Utf16String) {
        self.run(call_id, move |outbox| async move { outbox.edit(id, Record::from_bytes(utf8(&record))?).await });
    }

    /// Removes an entry.
    #[napi(catch_unwind)]
    pub fn discard(&self, call_id: u32, id: i64) {
        self.run(call_id, move |outbox| async move { outbox.discard(id).await });
    }

    /// Starts to deliver in the background. Returns an error or nothing.
    #[napi(catch_unwind)]
    pub fn start(&self, interval_ms: f64, context: Option<&NativeContext>) -> NativeResult {
        let interval = Duration::from_secs_f64(interval_ms / 1000.0);
        let started = self.for_call(context).map(|outbox| {
            within_runtime_if_available(|| outbox.start(interval));
            None
        });
        NativeResult::new(started, self.runner.numbers)
    }

    /// Stops what `start` has started. The result, without a value, comes when no call is in flight.
    #[napi(catch_unwind)]
    pub fn stop(&self, call_id: u32) {
        let stopping = self.outbox.stop();
        self.runner.run(call_id, move || async move {
            stopping.await;
            Ok(None)
        });
    }

    /// Returns the last delivery in the background, or its error; nothing if none has ended.
    #[napi(catch_unwind)]
    pub fn last_delivery(&self) -> NativeResult {
        let last = self.outbox.last_delivery().transpose();
        NativeResult::new(last.map(|last| last.map(delivery_json)), self.runner.numbers)
    }
}

fn delivery_json(mut delivery: Delivery) -> String {
    delivery.paused_by = delivery.paused_by.as_ref().map(with_camel_case_settings);
    plain_json(&delivery)
}

fn with_camel_case_error(mut entry: Entry) -> Entry {
    entry.error = entry.error.as_ref().map(with_camel_case_settings);
    entry
}
