//! An outbox: writes that are stored in a file first, and sent once, in order, as soon as the server can be reached.
//!
//! [`file`] has the connection to the database, [`rows`] and [`cycle`] its statements. [`delivery`] sends the entries; its database work
//! runs on the thread of [`writer`].

mod cycle;
mod delivery;
mod entry;
mod errors;
mod file;
mod group;
mod migrate;
mod options;
mod pause;
mod queue;
mod rows;
mod runner;
mod send;
mod time;
mod workers;
mod writer;

pub use entry::{Counts, Delivery, Entry, EntryAction, EntryQuery, EntryState};
pub(crate) use queue::Queue;
pub(crate) use rows::NewEntry;

use crate::call::Engine;
use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::key::{Lookup, RecordKey};
use crate::record::IntoRecord;
use file::busy_deadline;
use options::OutboxOptions;
use queue::Operation;
use runner::Runner;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Writes that are stored in a file first, and sent to the server later: once, and in order.
///
/// [`Client::outbox`](crate::Client::outbox) returns one. Cheap to clone. Any number of processes and threads of one machine can use the
/// same file at the same time.
///
/// Entries whose key or id is the same form a group: they are sent one after the other, in the order in which they were put. An entry
/// that the server refused holds back the later ones of its group.
///
/// ```
/// # egito_test_support::run_with_outbox(async |client, outbox| {
/// // let outbox = client.outbox("egito-outbox.db")?;
/// let lead = serde_json::json!({"formKey": "2026-11-27-0017", "lastName": "Ryś"});
/// let id = outbox.put("Lead", &lead, "formKey").await?; // on the disk; the server may be down
/// let delivery = outbox.deliver(None).await?; // in this process or another one, now or later
/// assert_eq!(delivery.delivered, 1);
/// println!("{:?}", outbox.get(id).await?.record_id);
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
pub struct Outbox {
    engine: Engine,
    queue: Arc<Queue>,
    options: OutboxOptions,
    runner: Arc<Runner>,
}

impl Outbox {
    /// Error `config` (setting `outbox`): the path is not that of a file in an existing folder.
    pub(crate) fn new(engine: Engine, path: &Path) -> Result<Self> {
        let queue = Arc::new(Queue::new(&engine, path)?);
        Ok(Self { engine, queue, options: OutboxOptions::default(), runner: Arc::default() })
    }

    /// Returns the same outbox on another engine. Each blocking call borrows other connections.
    pub(crate) fn with_engine(&self, engine: &Engine) -> Self {
        Self { engine: engine.clone(), ..self.clone() }
    }

    /// Returns the same outbox on the engine of a thread, whose task is its own.
    pub(crate) fn with_own_runner(&self, engine: &Engine) -> Self {
        Self { runner: Arc::new(self.runner.for_other_runtime()), ..self.with_engine(engine) }
    }

    pub(crate) fn queue(&self) -> &Queue {
        &self.queue
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Sets the maximum number of calls in flight of a delivery. The default is 8.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// outbox.concurrency(2).deliver(None).await?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.options.concurrency = Some(calls.max(1) as u64);
        self
    }

    /// Sets for how many days delivered entries are kept. The default is 30. During this time, putting a record with the same key does
    /// nothing.
    ///
    /// Error `config`: a negative number.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// let outbox = outbox.keep_days(7.0)?;
    /// # Ok(()) });
    /// ```
    pub fn keep_days(mut self, days: f64) -> Result<Self> {
        self.options.keep_days = Some(days);
        self.options = self.options.checked()?;
        Ok(self)
    }

    /// Sets how a delivery looks for records, whatever the [`RecordKey::lookup`] of their entries is.
    ///
    /// Use [`Lookup::Scan`] to deliver entries that stay unclear with the error `config` (setting `lookup`), since the server ignores
    /// their filter.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// outbox.lookup(egito::Lookup::Scan).deliver(None).await?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn lookup(mut self, lookup: Lookup) -> Self {
        self.options.lookup = Some(lookup);
        self
    }

    /// Sets the options from one JSON object: `concurrency`, `keep_days` and `lookup`.
    ///
    /// Error `config`: an unknown option or an invalid value.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// let outbox = outbox.with_json(br#"{"concurrency": 4, "keepDays": 7}"#)?;
    /// # Ok(()) });
    /// ```
    pub fn with_json(mut self, json: &[u8]) -> Result<Self> {
        let given = OutboxOptions::from_json(json)?;
        self.options.concurrency = given.concurrency.or(self.options.concurrency);
        self.options.keep_days = given.keep_days.or(self.options.keep_days);
        self.options.lookup = given.lookup.or(self.options.lookup);
        Ok(self)
    }

    /// Stores a record to be created, and returns the id of its entry. When this returns, the entry is on the disk: it is delivered even
    /// if the program or the machine fails now.
    ///
    /// Putting the same key again returns the id of the entry that is there, whatever its state and its record:
    /// [`Entry::has_record`] compares that. [`RecordKey`] describes keys.
    ///
    /// Errors: `config` with the setting `record`, `key` or `entity` if the argument is invalid, and with the setting `outbox` if the file
    /// cannot be written: it is read-only, damaged, locked for long, or the disk is full.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// let lead = serde_json::json!({"formKey": "2026-11-27-0017", "lastName": "Ryś"});
    /// let first = outbox.put("Lead", &lead, "formKey").await?;
    /// assert_eq!(outbox.put("Lead", &lead, "formKey").await?, first); // the form was sent twice
    /// # Ok(()) });
    /// ```
    pub async fn put(&self, entity: &str, record: impl IntoRecord, key: impl Into<RecordKey>) -> Result<i64> {
        let record = record.into_record()?;
        self.store(NewEntry::with_key(&self.engine, EntryAction::Create, entity, record, key.into())?).await
    }

    /// Stores a record to be created or, if one with this key exists by then, to be updated; see [`Entity::upsert`](crate::Entity::upsert).
    /// Every call stores an entry of its own.
    ///
    /// Errors: those of [`put`](Self::put).
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// let account = serde_json::json!({"nip": "5250001009", "name": "Żubr sp. z o.o."});
    /// outbox.put_upsert("Account", &account, "nip").await?;
    /// assert_eq!(outbox.deliver(None).await?.delivered, 1);
    /// # Ok(()) });
    /// ```
    pub async fn put_upsert(&self, entity: &str, record: impl IntoRecord, key: impl Into<RecordKey>) -> Result<i64> {
        let record = record.into_record()?;
        self.store(NewEntry::with_key(&self.engine, EntryAction::Upsert, entity, record, key.into())?).await
    }

    /// Stores fields of a record to be updated.
    ///
    /// Errors: those of [`put`](Self::put), and `config` (setting `id`).
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// outbox.put_update("Account", 1, &serde_json::json!({"city": "Łódź"})).await?;
    /// assert_eq!(outbox.deliver(None).await?.delivered, 1);
    /// # Ok(()) });
    /// ```
    pub async fn put_update(&self, entity: &str, id: impl Into<RecordId>, fields: impl IntoRecord) -> Result<i64> {
        let fields = Some(fields.into_record()?);
        self.store(NewEntry::with_id(&self.engine, entity, id.into(), fields)?).await
    }

    /// Stores the id of a record to be deleted.
    ///
    /// Errors: those of [`put`](Self::put), and `config` (setting `id`).
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// outbox.put_delete("Account", 1).await?;
    /// assert_eq!(outbox.deliver(None).await?.delivered, 1);
    /// # Ok(()) });
    /// ```
    pub async fn put_delete(&self, entity: &str, id: impl Into<RecordId>) -> Result<i64> {
        self.store(NewEntry::with_id(&self.engine, entity, id.into(), None)?).await
    }

    /// Sends the entries that are due, at most `limit` of them. Returns when none is due any more.
    ///
    /// An entry that may have been sent before, by a call whose response was lost or a program that was killed, is looked for by its key
    /// before it is sent again. While the server is down or refuses the login, the outbox is paused: this returns at once, and the entries
    /// keep waiting. See the page "Outbox" of the documentation.
    ///
    /// Several deliveries can run at the same time, also in several processes. A cancelled delivery takes no further entries, and waits some
    /// seconds for its calls in flight.
    ///
    /// Errors: `config` (setting `limit`) if the limit is 0; `config` (setting `outbox`) if the file cannot be read or written;
    /// `cancelled`. Errors of entries are in the entries.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// let delivery = outbox.deliver(None).await?;
    /// println!("{} delivered, {} refused, {} are waiting", delivery.delivered, delivery.refused, delivery.waiting);
    /// # Ok(()) });
    /// ```
    pub async fn deliver(&self, limit: Option<u64>) -> Result<Delivery> {
        if limit == Some(0) {
            return Err(Error::config("limit", "invalid `limit`: expected at least 1, got 0"));
        }
        // Boxed, since a caller's thread may have a small stack.
        Box::pin(delivery::deliver(&self.engine, &self.queue, &self.options, limit)).await
    }

    /// Returns entries in the order of their ids.
    ///
    /// ```
    /// use egito::{EntryQuery, EntryState};
    ///
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// for entry in outbox.entries(EntryQuery::default().state(EntryState::Refused)).await? {
    ///     println!("{} {}: {:?}", entry.id, entry.entity, entry.error);
    /// }
    /// # Ok(()) });
    /// ```
    pub async fn entries(&self, query: EntryQuery) -> Result<Vec<Entry>> {
        self.on_thread(move |operation| operation.entries(&query)).await
    }

    /// Returns one entry.
    ///
    /// Error `not_found`: the outbox has no entry with this id.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// let id = outbox.put_delete("Account", 1).await?;
    /// assert_eq!(outbox.get(id).await?.state, egito::EntryState::Waiting);
    /// # Ok(()) });
    /// ```
    pub async fn get(&self, id: i64) -> Result<Entry> {
        self.on_thread(move |operation| operation.get(id)).await
    }

    /// Returns the number of entries in each state.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// let counts = outbox.counts().await?;
    /// println!("{} waiting, {} refused", counts.waiting, counts.refused);
    /// # Ok(()) });
    /// ```
    #[allow(clippy::redundant_closure_for_method_calls)] // the path of the method has one lifetime only
    pub async fn counts(&self) -> Result<Counts> {
        self.on_thread(|operation| operation.counts()).await
    }

    /// Makes an entry due now, also one that the server refused. Also ends a pause of the outbox.
    ///
    /// Errors: `not_found`; `config` (setting `id`) if the entry is delivered or is sent just now.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// let id = outbox.put_update("Account", 7_000_000, &serde_json::json!({"city": "Łódź"})).await?;
    /// assert_eq!(outbox.deliver(None).await?.refused, 1); // not found
    /// outbox.retry(id).await?;
    /// # Ok(()) });
    /// ```
    pub async fn retry(&self, id: i64) -> Result<()> {
        self.on_thread(move |operation| operation.retry(id)).await
    }

    /// Replaces the record of an entry that is waiting or refused, and makes it due now. Its key must stay the same.
    ///
    /// Errors: `not_found`; `config` (setting `id`) if the entry may be done or is a delete; `config` (setting `record`) if the key
    /// differs.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// let id = outbox.put("Account", &serde_json::json!({"nip": "5250001009"}), "nip").await?;
    /// assert_eq!(outbox.deliver(None).await?.refused, 1); // an account needs a name
    /// outbox.edit(id, &serde_json::json!({"nip": "5250001009", "name": "Żubr"})).await?;
    /// assert_eq!(outbox.deliver(None).await?.delivered, 1);
    /// # Ok(()) });
    /// ```
    pub async fn edit(&self, id: i64, record: impl IntoRecord) -> Result<()> {
        let record = record.into_record()?;
        self.on_thread(move |operation| operation.edit(id, &record)).await
    }

    /// Removes an entry that is not delivered. Nothing is sent; an entry that is unclear may have been done.
    ///
    /// Errors: `not_found`; `config` (setting `id`) if the entry is delivered or is sent just now.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// let id = outbox.put_delete("Account", 1).await?;
    /// outbox.discard(id).await?;
    /// assert_eq!(outbox.deliver(None).await?.delivered, 0);
    /// # Ok(()) });
    /// ```
    pub async fn discard(&self, id: i64) -> Result<()> {
        self.on_thread(move |operation| operation.discard(id)).await
    }

    /// Starts a task that delivers whenever this process puts an entry, and otherwise after each `interval`, for entries of other
    /// processes. Does nothing if it runs already. It ends with [`stop`](Self::stop), and when the client is closed or the last clone of
    /// this outbox is dropped.
    ///
    /// Its errors are reported by [`last_delivery`](Self::last_delivery), and to `tracing`.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// outbox.start(std::time::Duration::from_secs(5));
    /// let id = outbox.put_delete("Account", 1).await?; // is sent at once
    /// # while outbox.get(id).await?.state != egito::EntryState::Delivered {}
    /// outbox.stop().await;
    /// # Ok(()) });
    /// ```
    pub fn start(&self, interval: Duration) {
        self.runner.start(&self.engine, &self.queue, self.options, interval);
    }

    /// Stops the task of [`start`](Self::start). Awaiting it waits for the calls in flight, some seconds at most. Does nothing if the
    /// task does not run.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// outbox.start(std::time::Duration::from_secs(5));
    /// outbox.stop().await;
    /// # Ok(()) });
    /// ```
    pub fn stop(&self) -> impl Future<Output = ()> + Send + use<> {
        self.runner.stop()
    }

    /// Returns the result of the last delivery of the task of [`start`](Self::start); `None` if none has ended.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// if let Some(Err(error)) = outbox.last_delivery() {
    ///     eprintln!("the outbox does not work: {error}");
    /// }
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn last_delivery(&self) -> Option<Result<Delivery>> {
        self.runner.last_delivery()
    }

    async fn store(&self, entry: NewEntry) -> Result<i64> {
        self.on_thread(move |operation| operation.put(&entry)).await
    }

    /// Runs work that waits for the disk on a thread that may wait.
    async fn on_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Operation<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (queue, deadline) = (self.queue.clone(), busy_deadline());
        let file = queue.file()?.clone();
        let _first = file.queue.acquire().await;
        let done = tokio::task::spawn_blocking(move || work(&queue.until(deadline))).await;
        done.unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => Err(Error::from_panic(&*panic)),
            Err(_) => Err(Error::cancelled()),
        })
    }
}
