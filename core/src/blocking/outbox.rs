//! The blocking outbox.

use super::Client;
use super::pending_call::PendingCall;
use super::runtime_pool::RuntimePool;
use super::worker::Worker;
use crate::error::Result;
use crate::id::RecordId;
use crate::key::{Lookup, RecordKey};
use crate::outbox::{self, Counts, Delivery, Entry, EntryAction, EntryQuery, NewEntry};
use crate::record::IntoRecord;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Writes that are stored in a file first, and sent to the server later, see [`crate::Outbox`].
///
/// ```
/// # egito_test_support::run_blocking_with_outbox(|client, outbox| {
/// // let outbox = client.outbox("egito-outbox.db")?;
/// let lead = serde_json::json!({"formKey": "2026-11-27-0017", "lastName": "Ryś"});
/// let id = outbox.put("Lead", &lead, "formKey")?; // on the disk; the server may be down
/// let delivery = outbox.deliver(None)?; // in this process or another one, now or later
/// assert_eq!(delivery.delivered, 1);
/// println!("{:?}", outbox.get(id)?.record_id);
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
pub struct Outbox {
    runtimes: Arc<RuntimePool>,
    inner: outbox::Outbox,
    /// The thread of `start`.
    started: Arc<Mutex<Option<Started>>>,
}

/// An outbox that delivers in a thread.
#[derive(Debug)]
struct Started {
    /// Declared before the worker, so that its task is stopped first.
    outbox: outbox::Outbox,
    worker: Worker,
}

impl Outbox {
    pub(super) fn new(runtimes: &Arc<RuntimePool>, path: &Path) -> Result<Self> {
        let outbox = outbox::Outbox::new(runtimes.client().engine().clone(), path)?;
        Ok(Self { runtimes: runtimes.clone(), inner: outbox, started: Arc::default() })
    }

    /// Sets the maximum number of calls in flight of a delivery, see [`crate::Outbox::concurrency`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// outbox.concurrency(2).deliver(None)?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn concurrency(self, calls: usize) -> Self {
        Self { inner: self.inner.concurrency(calls), ..self }
    }

    /// Sets for how many days delivered entries are kept, see [`crate::Outbox::keep_days`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// let outbox = outbox.keep_days(7.0)?;
    /// # Ok(()) });
    /// ```
    pub fn keep_days(self, days: f64) -> Result<Self> {
        Ok(Self { inner: self.inner.keep_days(days)?, ..self })
    }

    /// Sets how a delivery looks for records, see [`crate::Outbox::lookup`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// outbox.lookup(egito::Lookup::Scan).deliver(None)?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn lookup(self, lookup: Lookup) -> Self {
        Self { inner: self.inner.lookup(lookup), ..self }
    }

    /// Sets the options from one JSON object, see [`crate::Outbox::with_json`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// let outbox = outbox.with_json(br#"{"concurrency": 4, "keepDays": 7}"#)?;
    /// # Ok(()) });
    /// ```
    pub fn with_json(self, json: &[u8]) -> Result<Self> {
        Ok(Self { inner: self.inner.with_json(json)?, ..self })
    }

    /// Stores a record to be created, and returns the id of its entry, see [`crate::Outbox::put`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// let lead = serde_json::json!({"formKey": "2026-11-27-0017", "lastName": "Ryś"});
    /// let first = outbox.put("Lead", &lead, "formKey")?;
    /// assert_eq!(outbox.put("Lead", &lead, "formKey")?, first); // the form was sent twice
    /// # Ok(()) });
    /// ```
    pub fn put(&self, entity: &str, record: impl IntoRecord, key: impl Into<RecordKey>) -> Result<i64> {
        self.put_with_key(EntryAction::Create, entity, record, key)
    }

    /// Stores a record to be created or updated, see [`crate::Outbox::put_upsert`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// outbox.put_upsert("Account", &serde_json::json!({"nip": "5250001009", "name": "Żubr sp. z o.o."}), "nip")?;
    /// assert_eq!(outbox.deliver(None)?.delivered, 1);
    /// # Ok(()) });
    /// ```
    pub fn put_upsert(&self, entity: &str, record: impl IntoRecord, key: impl Into<RecordKey>) -> Result<i64> {
        self.put_with_key(EntryAction::Upsert, entity, record, key)
    }

    /// Stores fields of a record to be updated, see [`crate::Outbox::put_update`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// outbox.put_update("Account", 1, &serde_json::json!({"city": "Łódź"}))?;
    /// assert_eq!(outbox.deliver(None)?.delivered, 1);
    /// # Ok(()) });
    /// ```
    pub fn put_update(&self, entity: &str, id: impl Into<RecordId>, fields: impl IntoRecord) -> Result<i64> {
        let fields = Some(fields.into_record()?);
        self.inner.queue().begin().put(&NewEntry::with_id(self.inner.engine(), entity, id.into(), fields)?)
    }

    /// Stores the id of a record to be deleted, see [`crate::Outbox::put_delete`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// outbox.put_delete("Account", 1)?;
    /// assert_eq!(outbox.deliver(None)?.delivered, 1);
    /// # Ok(()) });
    /// ```
    pub fn put_delete(&self, entity: &str, id: impl Into<RecordId>) -> Result<i64> {
        self.inner.queue().begin().put(&NewEntry::with_id(self.inner.engine(), entity, id.into(), None)?)
    }

    /// Sends the entries that are due, see [`crate::Outbox::deliver`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// let delivery = outbox.deliver(None)?;
    /// println!("{} delivered, {} refused, {} are waiting", delivery.delivered, delivery.refused, delivery.waiting);
    /// # Ok(()) });
    /// ```
    pub fn deliver(&self, limit: Option<u64>) -> Result<Delivery> {
        self.runtimes.run(|client| {
            let outbox = self.inner.with_engine(client.engine());
            async move { outbox.deliver(limit).await }
        })
    }

    /// Begins a delivery, for a caller that waits in short intervals.
    pub(crate) fn begin_delivery(&self, limit: Option<u64>) -> Result<PendingCall<Delivery>> {
        PendingCall::begin(&self.runtimes, |client| {
            let outbox = self.inner.with_engine(client.engine());
            async move { outbox.deliver(limit).await }
        })
    }

    /// Returns entries in the order of their ids, see [`crate::Outbox::entries`].
    ///
    /// ```
    /// use egito::{EntryQuery, EntryState};
    ///
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// for entry in outbox.entries(EntryQuery::default().state(EntryState::Refused))? {
    ///     println!("{} {}: {:?}", entry.id, entry.entity, entry.error);
    /// }
    /// # Ok(()) });
    /// ```
    pub fn entries(&self, query: EntryQuery) -> Result<Vec<Entry>> {
        self.inner.queue().begin().entries(&query)
    }

    /// Returns one entry, see [`crate::Outbox::get`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// let id = outbox.put_delete("Account", 1)?;
    /// assert_eq!(outbox.get(id)?.state, egito::EntryState::Waiting);
    /// # Ok(()) });
    /// ```
    pub fn get(&self, id: i64) -> Result<Entry> {
        self.inner.queue().begin().get(id)
    }

    /// Returns the number of entries in each state, see [`crate::Outbox::counts`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// println!("{} waiting", outbox.counts()?.waiting);
    /// # Ok(()) });
    /// ```
    pub fn counts(&self) -> Result<Counts> {
        self.inner.queue().begin().counts()
    }

    /// Makes an entry due now, see [`crate::Outbox::retry`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// let id = outbox.put_delete("Account", 7_000_000)?;
    /// assert_eq!(outbox.deliver(None)?.refused, 1); // not found
    /// outbox.retry(id)?;
    /// # Ok(()) });
    /// ```
    pub fn retry(&self, id: i64) -> Result<()> {
        self.inner.queue().begin().retry(id)
    }

    /// Replaces the record of an entry, see [`crate::Outbox::edit`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// let id = outbox.put("Account", &serde_json::json!({"nip": "5250001009"}), "nip")?;
    /// assert_eq!(outbox.deliver(None)?.refused, 1); // an account needs a name
    /// outbox.edit(id, &serde_json::json!({"nip": "5250001009", "name": "Żubr"}))?;
    /// assert_eq!(outbox.deliver(None)?.delivered, 1);
    /// # Ok(()) });
    /// ```
    pub fn edit(&self, id: i64, record: impl IntoRecord) -> Result<()> {
        self.inner.queue().begin().edit(id, &record.into_record()?)
    }

    /// Removes an entry that is not delivered, see [`crate::Outbox::discard`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// let id = outbox.put_delete("Account", 1)?;
    /// outbox.discard(id)?;
    /// assert_eq!(outbox.deliver(None)?.delivered, 0);
    /// # Ok(()) });
    /// ```
    pub fn discard(&self, id: i64) -> Result<()> {
        self.inner.queue().begin().discard(id)
    }

    /// Starts a thread that delivers whenever this process puts an entry, and otherwise after each `interval`, see
    /// [`crate::Outbox::start`]. A forked child does not have the thread.
    ///
    /// Error `connection`: the system has no free thread or file descriptor.
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// outbox.start(std::time::Duration::from_secs(5))?;
    /// let id = outbox.put_delete("Account", 1)?; // is sent at once
    /// # while outbox.get(id)?.state != egito::EntryState::Delivered {}
    /// outbox.stop()?;
    /// # Ok(()) });
    /// ```
    pub fn start(&self, interval: Duration) -> Result<()> {
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        if started.as_ref().is_some_and(|started| started.worker.check().is_ok()) {
            return Ok(());
        }
        let worker = Worker::start(&self.runtimes, "egito-outbox")?;
        let outbox = self.inner.with_own_runner(worker.client().engine());
        {
            let _inside = worker.enter();
            outbox.start(interval);
        }
        if let Some(lost) = started.replace(Started { outbox, worker }) {
            std::mem::forget(lost); // it belongs to the parent process, or the program closed its descriptors
        }
        Ok(())
    }

    /// Stops the thread of [`start`](Self::start), and waits for its calls in flight, some seconds at most. Does nothing if it does not
    /// run.
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// outbox.start(std::time::Duration::from_secs(5))?;
    /// outbox.stop()?;
    /// # Ok(()) });
    /// ```
    pub fn stop(&self) -> Result<()> {
        let started = self.started.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Started { outbox, worker }) = started else { return Ok(()) };
        if worker.check().is_err() {
            std::mem::forget((outbox, worker));
            return Ok(());
        }
        super::runtime_pool::check_thread()?;
        worker.wait(outbox.stop())
    }

    /// Returns the result of the last delivery of the thread of [`start`](Self::start), see [`crate::Outbox::last_delivery`].
    ///
    /// ```
    /// # egito_test_support::run_blocking_with_outbox(|_, outbox| {
    /// if let Some(Err(error)) = outbox.last_delivery() {
    ///     eprintln!("the outbox does not work: {error}");
    /// }
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn last_delivery(&self) -> Option<Result<Delivery>> {
        self.inner.last_delivery()
    }

    fn put_with_key(
        &self,
        action: EntryAction,
        entity: &str,
        record: impl IntoRecord,
        key: impl Into<RecordKey>,
    ) -> Result<i64> {
        let record = record.into_record()?;
        self.inner.queue().begin().put(&NewEntry::with_key(self.inner.engine(), action, entity, record, key.into())?)
    }
}

impl Client {
    /// Returns the outbox in this file, see [`crate::Client::outbox`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// # let folder = egito_test_support::Folder::new();
    /// let outbox = client.outbox(folder.path().join("egito-outbox.db"))?;
    /// outbox.put("Lead", &serde_json::json!({"formKey": "f-1", "lastName": "Ryś"}), "formKey")?;
    /// # Ok(()) });
    /// ```
    pub fn outbox(&self, path: impl AsRef<Path>) -> Result<Outbox> {
        Outbox::new(&self.runtimes, path.as_ref())
    }
}
