//! The blocking client. Its types and methods have the same names as the async ones.
//!
//! Calls run on the caller's thread. A bulk and a list that reads ahead use one background thread each.
//! Any number of threads may share a client. Up to `max_concurrency` calls run at a time, each over its own connections; other
//! callers wait.
//!
//! A blocking call on a thread of an async runtime fails with the error `config`. Use [`crate::Client`] there.
//!
//! ```
//! # egito_test_support::run_blocking(|client| {
//! // let client = egito::blocking::Client::from_env()?;
//! let id = client.accounts().create(&serde_json::json!({"name": "Żubr sp. z o.o."}))?;
//! for account in client.accounts().list().filter("city", "Kraków").records()? {
//!     println!("{}", account?.json());
//! }
//! # Ok(()) });
//! ```

mod bulk;
mod call_slots;
pub(crate) mod fork;
mod list;
#[cfg(feature = "outbox")]
mod outbox;
pub(crate) mod pending_call;
mod read_ahead;
mod runtime_pool;
mod with_response;
mod worker;

pub use bulk::{Bulk, BulkCalls, BulkRows};
pub use list::{Pages, RecordList, Records};
#[cfg(feature = "outbox")]
pub use outbox::Outbox;
pub use with_response::EntityWithResponse;

use crate::bulk::{BulkAction, BulkInput};
use crate::cancellation::CancellationToken;
use crate::entity::{FoundOrCreated, Upserted};
use crate::error::Result;
use crate::events::EventHook;
use crate::id::RecordId;
use crate::key::RecordKey;
use crate::probe::{ProbeOptions, Report};
use crate::record::{IntoRecord, Record};
use crate::response::ResponseSink;
use crate::settings::{ClientBuilder, Method, Settings};
use crate::stats::Stats;
use pending_call::PendingCall;
use runtime_pool::RuntimePool;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

/// A client of one customer's Egito server, see [`crate::Client`]. Cheap to clone; any number of threads may use it.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// std::thread::scope(|threads| {
///     for id in 1..=4 {
///         let client = &client;
///         threads.spawn(move || client.accounts().get(id).map(|account| println!("{}", account.json())));
///     }
/// });
/// # assert_eq!((client.stats().calls, client.stats().logins), (4, 1));
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    runtimes: Arc<RuntimePool>,
}

/// An entity of the CRM, such as `Account`, see [`crate::Entity`].
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let leads = client.leads();
/// let id = leads.create(&serde_json::json!({"lastName": "Ryś"}))?;
/// leads.update(&id, &serde_json::json!({"phone": "+48 12 446 66 66"}))?;
/// assert_eq!(leads.get(&id)?.raw("phone"), Some(r#""+48 12 446 66 66""#));
/// leads.delete(&id)?;
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
pub struct Entity {
    runtimes: Arc<RuntimePool>,
    entity: crate::Entity,
}

impl Client {
    /// Creates a client from settings, see [`crate::Client::new`].
    ///
    /// ```
    /// let settings = egito::Settings::from_json(br#"{"name": "firma"}"#)?;
    /// let error = egito::blocking::Client::new(settings).unwrap_err();
    /// assert_eq!(error.details().setting.as_deref(), Some("client_id"));
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn new(settings: Settings) -> Result<Self> {
        Ok(Self::from_async(crate::Client::new(settings)?))
    }

    /// Returns a builder, see [`crate::Client::builder`].
    ///
    /// ```no_run
    /// let client = egito::blocking::Client::builder().from_env().max_retries(0).build()?;
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new(Self::new)
    }

    /// Creates a client from the environment, see [`crate::Client::from_env`].
    ///
    /// ```no_run
    /// let client = egito::blocking::Client::from_env()?;
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn from_env() -> Result<Self> {
        Ok(Self::from_async(crate::Client::from_env()?))
    }

    /// Creates a client from a TOML file with settings, see [`crate::Client::from_file`].
    ///
    /// ```no_run
    /// let client = egito::blocking::Client::from_file("egito.toml")?;
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        Ok(Self::from_async(crate::Client::from_file(path)?))
    }

    /// See [`crate::binding::interruptible`].
    pub(crate) fn interruptible(
        settings: Settings,
        interrupted: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Result<Self> {
        let client = crate::Client::new(settings)?;
        Ok(Self { runtimes: Arc::new(RuntimePool::new(client, Some(Arc::new(interrupted)))) })
    }

    /// See [`crate::binding::blocking_client`].
    pub(crate) fn from_async(client: crate::Client) -> Self {
        Self { runtimes: Arc::new(RuntimePool::new(client, None)) }
    }

    /// Returns the settings of this client, see [`crate::Client::settings`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// assert_eq!(client.settings().page_size, 500);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn settings(&self) -> &Settings {
        self.runtimes.client().settings()
    }

    /// Returns the entity `Account`, see [`crate::Client::accounts`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let account = client.accounts().get(1)?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn accounts(&self) -> Entity {
        self.wrap(self.runtimes.client().accounts())
    }

    /// Returns the entity `Contact`, see [`crate::Client::contacts`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let contact = client.contacts().get(1)?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn contacts(&self) -> Entity {
        self.wrap(self.runtimes.client().contacts())
    }

    /// Returns the entity `Opportunity`, see [`crate::Client::opportunities`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let opportunity = client.opportunities().get(1)?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn opportunities(&self) -> Entity {
        self.wrap(self.runtimes.client().opportunities())
    }

    /// Returns the entity `Lead`, see [`crate::Client::leads`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let lead = client.leads().get(1)?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn leads(&self) -> Entity {
        self.wrap(self.runtimes.client().leads())
    }

    /// Returns any entity by its name, see [`crate::Client::entity`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let id = client.entity("Offer")?.create(&serde_json::json!({"number": "2026/7"}))?;
    /// # Ok(()) });
    /// ```
    pub fn entity(&self, name: &str) -> Result<Entity> {
        Ok(self.wrap(self.runtimes.client().entity(name)?))
    }

    /// Lists the entries of a dictionary, see [`crate::Client::dictionary`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// for industry in client.dictionary("industry").records()? {
    ///     println!("{}", industry?.json());
    /// }
    /// # Ok(()) });
    /// ```
    pub fn dictionary(&self, kind: &str) -> RecordList {
        RecordList::new(self.runtimes.clone(), self.runtimes.client().dictionary(kind))
    }

    /// Calls a custom action of the API, see [`crate::Client::call`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let response = client.call("Offer", "print", &serde_json::json!({"id": 7}))?;
    /// # Ok(()) });
    /// ```
    pub fn call(&self, entity: &str, action: &str, params: impl IntoRecord) -> Result<Record> {
        self.entity(entity)?.call(action, params)
    }

    /// Checks the settings on the server, see [`crate::Client::probe`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let report = client.probe(&egito::ProbeOptions::default())?;
    /// println!("{}", report.to_toml()); // the settings for this server
    /// # Ok(()) });
    /// ```
    pub fn probe(&self, options: &ProbeOptions) -> Result<Report> {
        self.run(|client| async move { client.probe(options).await })
    }

    /// Returns a client whose calls the token cancels, see [`crate::Client::with_cancellation`]. Closing either client closes both.
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let cancellation = egito::CancellationToken::default();
    /// let import = client.with_cancellation(&cancellation);
    /// cancellation.cancel(); // from any thread
    /// assert!(import.accounts().get(1).unwrap_err().is_cancelled());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn with_cancellation(&self, cancellation: &CancellationToken) -> Self {
        self.with_client(self.runtimes.client().with_cancellation(cancellation))
    }

    /// Returns a client whose calls use other settings, see [`crate::Client::with_options`]. Closing either client closes both.
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let account = client.with_options(br#"{"timeout": 5}"#)?.accounts().get(1)?;
    /// # Ok(()) });
    /// ```
    pub fn with_options(&self, json: &[u8]) -> Result<Self> {
        Ok(self.with_client(self.runtimes.client().with_options(json)?))
    }

    /// Returns the counters of the client, see [`crate::Client::stats`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// client.accounts().get(1)?;
    /// assert_eq!(client.stats().calls, 1);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.runtimes.client().stats()
    }

    /// Calls a hook at the end of every attempt, see [`crate::Client::on_event`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// client.on_event(Some(std::sync::Arc::new(|event| println!("{} took {:.3} s", event.action, event.elapsed))));
    /// client.accounts().get(1)?;
    /// # Ok(()) });
    /// ```
    pub fn on_event(&self, hook: Option<EventHook>) {
        self.runtimes.client().on_event(hook);
    }

    /// Closes the client and its clones, and waits for calls in flight on other threads, see [`crate::Client::close`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// client.close();
    /// assert_eq!(client.accounts().get(1).unwrap_err().code(), egito::Code::Config);
    /// # Ok(()) });
    /// ```
    pub fn close(&self) {
        self.runtimes.close();
    }

    /// See [`crate::binding::run_blocking`].
    pub(crate) fn run<T, F: Future<Output = Result<T>>>(&self, call: impl FnOnce(crate::Client) -> F) -> Result<T> {
        self.runtimes.run(call)
    }

    /// See [`crate::binding::begin_call`].
    pub(crate) fn begin<T, F>(&self, call: impl FnOnce(crate::Client) -> F) -> Result<PendingCall<T>>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        PendingCall::begin(&self.runtimes, call)
    }

    #[cfg(feature = "test-panic")]
    pub(crate) fn panic_for_tests(&self) -> Result<()> {
        self.run(|client| async move { client.panic_for_tests().await })
    }

    /// Returns a client whose calls store their response in `sink`.
    pub(crate) fn with_response_sink(&self, sink: &ResponseSink) -> Self {
        self.with_client(crate::Client::from_engine(self.runtimes.client().engine().with_response_sink(sink)))
    }

    fn with_client(&self, client: crate::Client) -> Self {
        Self { runtimes: Arc::new(self.runtimes.with_client(client)) }
    }

    fn wrap(&self, entity: crate::Entity) -> Entity {
        Entity { runtimes: self.runtimes.clone(), entity }
    }
}

impl Entity {
    /// Returns the entity for calls whose events have this tag.
    pub(crate) fn tagged(&self, tag: u64) -> Self {
        self.with_client(self.runtimes.client().tagged(tag))
    }

    /// Returns the entity for calls that return their HTTP status and headers, see [`crate::Entity::with_response`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let response = client.leads().with_response().get(1)?;
    /// println!("{}: {}", response.status, response.value.json());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn with_response(&self) -> EntityWithResponse {
        EntityWithResponse::new(self.clone())
    }

    /// Returns the entity for calls that the token cancels, see [`crate::Entity::with_cancellation`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let cancellation = egito::CancellationToken::default();
    /// let import = client.leads().with_cancellation(&cancellation);
    /// cancellation.cancel(); // from any thread
    /// assert!(import.get(1).unwrap_err().is_cancelled());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn with_cancellation(&self, cancellation: &CancellationToken) -> Self {
        self.with_client(self.runtimes.client().with_cancellation(cancellation))
    }

    /// Returns the entity for calls with other settings, see [`crate::Entity::with_options`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let lead = client.leads().with_options(br#"{"timeout": 5}"#)?.get(1)?;
    /// # Ok(()) });
    /// ```
    pub fn with_options(&self, json: &[u8]) -> Result<Self> {
        Ok(self.with_client(self.runtimes.client().with_options(json)?))
    }

    /// Returns the name of the entity, see [`crate::Entity::name`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// assert_eq!(client.accounts().name(), "Account");
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        self.entity.name()
    }

    /// Creates a record and returns its id, see [`crate::Entity::create`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let id = client.accounts().create(&serde_json::json!({"name": "Żubr sp. z o.o.", "city": "Kraków"}))?;
    /// # Ok(()) });
    /// ```
    pub fn create(&self, record: impl IntoRecord) -> Result<RecordId> {
        self.run(|entity| async move { entity.create(record).await })
    }

    /// Finds the record with the key of `record`, or creates it, see [`crate::Entity::create_once`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let lead = serde_json::json!({"formKey": "2026-11-27-0017", "lastName": "Ryś"});
    /// let lead = client.leads().create_once(&lead, "formKey")?;
    /// println!("{} {}", if lead.created { "created" } else { "found" }, lead.id);
    /// # Ok(()) });
    /// ```
    pub fn create_once(&self, record: impl IntoRecord, key: impl Into<RecordKey>) -> Result<FoundOrCreated> {
        self.run(|entity| async move { entity.create_once(record, key).await })
    }

    /// Creates the record, or updates the fields that differ, see [`crate::Entity::upsert`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let account = serde_json::json!({"nip": "5250001009", "name": "Żubr sp. z o.o."});
    /// println!("{:?}", client.accounts().upsert(&account, "nip")?.change);
    /// # Ok(()) });
    /// ```
    pub fn upsert(&self, record: impl IntoRecord, key: impl Into<RecordKey>) -> Result<Upserted> {
        self.run(|entity| async move { entity.upsert(record, key).await })
    }

    /// Reads one record, see [`crate::Entity::get`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// println!("{}", client.accounts().get(1)?.json());
    /// # Ok(()) });
    /// ```
    pub fn get(&self, id: impl Into<RecordId>) -> Result<Record> {
        self.run(|entity| async move { entity.get(id).await })
    }

    /// Updates the given fields of a record and returns its id, see [`crate::Entity::update`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// client.accounts().update(1, &serde_json::json!({"phone": "+48 12 446 66 66"}))?;
    /// # Ok(()) });
    /// ```
    pub fn update(&self, id: impl Into<RecordId>, fields: impl IntoRecord) -> Result<RecordId> {
        self.run(|entity| async move { entity.update(id, fields).await })
    }

    /// Deletes a record and returns its id, see [`crate::Entity::delete`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// client.leads().delete(1)?;
    /// # Ok(()) });
    /// ```
    pub fn delete(&self, id: impl Into<RecordId>) -> Result<RecordId> {
        self.run(|entity| async move { entity.delete(id).await })
    }

    /// Creates many records, see [`crate::Entity::create_many`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let leads = ["Ryś", "Żbik"].map(|name| serde_json::json!({"lastName": name}));
    /// for row in client.leads().create_many(leads)?.rows() {
    ///     println!("{}: {:?} {:?}", row.index, row.id, row.error);
    /// }
    /// # Ok(()) });
    /// ```
    pub fn create_many<T: Serialize>(
        &self,
        records: impl IntoIterator<Item = T, IntoIter: Send + 'static>,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.create_many(records))
    }

    /// Reads many records by their ids, see [`crate::Entity::get_many`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let rows = client.accounts().get_many([1, 2])?.to_vec();
    /// assert!(rows.iter().all(|row| row.record.is_some()));
    /// # Ok(()) });
    /// ```
    pub fn get_many<I: Into<RecordId>>(
        &self,
        ids: impl IntoIterator<Item = I, IntoIter: Send + 'static>,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.get_many(ids))
    }

    /// Updates many records, see [`crate::Entity::update_many`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let rows = client.accounts().update_many([(1, serde_json::json!({"city": "Łódź"}))])?.to_vec();
    /// # assert!(rows[0].error.is_none());
    /// # Ok(()) });
    /// ```
    pub fn update_many<I: Into<RecordId>, T: Serialize>(
        &self,
        changes: impl IntoIterator<Item = (I, T), IntoIter: Send + 'static>,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.update_many(changes))
    }

    /// Deletes many records by their ids, see [`crate::Entity::delete_many`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let rows = client.leads().delete_many([1, 2])?.to_vec();
    /// # assert!(rows[1].error.is_none());
    /// # Ok(()) });
    /// ```
    pub fn delete_many<I: Into<RecordId>>(
        &self,
        ids: impl IntoIterator<Item = I, IntoIter: Send + 'static>,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.delete_many(ids))
    }

    /// Creates many records, or updates their fields that differ, see [`crate::Entity::upsert_many`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let account = serde_json::json!({"nip": "5250001009", "name": "Żubr sp. z o.o."});
    /// for row in client.accounts().upsert_many([account], "nip")? {
    ///     println!("{}: {:?} {:?}", row.index, row.change, row.fields);
    /// }
    /// # Ok(()) });
    /// ```
    pub fn upsert_many<T: Serialize>(
        &self,
        records: impl IntoIterator<Item = T, IntoIter: Send + 'static>,
        key: impl Into<RecordKey>,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.upsert_many(records, key))
    }

    /// Returns the rows of an upsert without writing anything, see [`crate::Entity::plan_upsert`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let account = serde_json::json!({"nip": "5250001009", "name": "Żubr sp. z o.o."});
    /// let plan = client.accounts().plan_upsert([account], "nip")?.to_vec();
    /// assert_eq!(plan[0].change, Some(egito::Change::Created));
    /// # Ok(()) });
    /// ```
    pub fn plan_upsert<T: Serialize>(
        &self,
        records: impl IntoIterator<Item = T, IntoIter: Send + 'static>,
        key: impl Into<RecordKey>,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.plan_upsert(records, key))
    }

    /// Does what the rows of a plan say, see [`crate::Entity::apply_upsert`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let account = serde_json::json!({"nip": "5250001009", "name": "Żubr sp. z o.o."});
    /// let plan = client.accounts().plan_upsert([account], "nip")?.to_vec();
    /// let rows = client.accounts().apply_upsert(plan, "nip")?.to_vec();
    /// assert!(rows[0].id.is_some());
    /// # Ok(()) });
    /// ```
    pub fn apply_upsert<R: Into<BulkInput>>(
        &self,
        plan: impl IntoIterator<Item = R, IntoIter: Send + 'static>,
        key: impl Into<RecordKey>,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.apply_upsert(plan, key))
    }

    /// Creates a bulk of any action, from inputs that may be invalid, see [`crate::Entity::bulk`].
    ///
    /// ```
    /// use egito::{BulkAction, BulkInput};
    ///
    /// # egito_test_support::run_blocking(|client| {
    /// let inputs = [1, 2].map(|id| Ok(BulkInput::from_id(id.into())));
    /// assert_eq!(client.leads().bulk(BulkAction::Get, inputs.into_iter())?.to_vec().len(), 2);
    /// # Ok(()) });
    /// ```
    pub fn bulk(
        &self,
        action: BulkAction,
        inputs: impl Iterator<Item = Result<BulkInput>> + Send + 'static,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.bulk(action, inputs))
    }

    /// Creates a bulk whose inputs are pushed one by one, see [`crate::Entity::bulk_calls`].
    ///
    /// ```
    /// use egito::{BulkAction, BulkInput};
    ///
    /// # egito_test_support::run_blocking(|client| {
    /// let mut calls = client.leads().bulk_calls(BulkAction::Get)?;
    /// calls.push(Ok(BulkInput::from_id(1.into())));
    /// assert!(calls.next().unwrap().record.is_some());
    /// # Ok(()) });
    /// ```
    pub fn bulk_calls(&self, action: BulkAction) -> Result<BulkCalls> {
        BulkCalls::new(&self.runtimes, &self.entity, action)
    }

    /// Lists the records of the entity, see [`crate::Entity::list`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// for account in client.accounts().list().filter("city", "Kraków").records()? {
    ///     println!("{}", account?.json());
    /// }
    /// # Ok(()) });
    /// ```
    pub fn list(&self) -> RecordList {
        RecordList::new(self.runtimes.clone(), self.entity.list())
    }

    /// Lists the records that were created or changed since an earlier list, see [`crate::Entity::changes`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// # let stored: Option<String> = None;
    /// let mut changes = client.accounts().changes().since(stored).records()?;
    /// for account in &mut changes {
    ///     println!("{}", account?.json());
    /// }
    /// let to_store = changes.mark(); // only now, when all changes are processed
    /// # assert!(to_store.is_some());
    /// # Ok(()) });
    /// ```
    pub fn changes(&self) -> RecordList {
        RecordList::new(self.runtimes.clone(), self.entity.changes())
    }

    /// Returns the ids of all records, see [`crate::Entity::ids`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// println!("{} accounts", client.accounts().ids()?.len());
    /// # Ok(()) });
    /// ```
    pub fn ids(&self) -> Result<Vec<RecordId>> {
        self.run(|entity| async move { entity.ids().await })
    }

    /// Returns those of the given ids whose records do not exist any more, see [`crate::Entity::deleted`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// client.leads().delete(1)?;
    /// assert_eq!(client.leads().deleted([1, 2])?, [1.into()]);
    /// # Ok(()) });
    /// ```
    pub fn deleted<I: Into<RecordId>>(&self, known: impl IntoIterator<Item = I>) -> Result<Vec<RecordId>> {
        self.run(|entity| async move { entity.deleted(known).await })
    }

    /// Calls a custom action of the API, see [`crate::Entity::call`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let response = client.entity("Offer")?.call("print", &serde_json::json!({"id": 7}))?;
    /// # Ok(()) });
    /// ```
    pub fn call(&self, action: &str, params: impl IntoRecord) -> Result<Record> {
        self.call_with_method(action, params, Method::Post)
    }

    /// Calls a custom action of the API with the given HTTP method, see [`crate::Entity::call_with_method`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let params = serde_json::json!({"id": 7});
    /// let response = client.entity("Offer")?.call_with_method("status", &params, egito::Method::Get)?;
    /// # Ok(()) });
    /// ```
    pub fn call_with_method(&self, action: &str, params: impl IntoRecord, method: Method) -> Result<Record> {
        self.run(|entity| async move { entity.call_with_method(action, params, method).await })
    }

    fn with_client(&self, client: crate::Client) -> Self {
        let entity = self.entity.with_engine(client.engine());
        Self { runtimes: Arc::new(self.runtimes.with_client(client)), entity }
    }

    fn run<T, F: Future<Output = Result<T>>>(&self, call: impl FnOnce(crate::Entity) -> F) -> Result<T> {
        self.runtimes.run(|client| call(self.entity.with_engine(client.engine())))
    }
}
