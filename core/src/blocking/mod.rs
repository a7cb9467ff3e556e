//! The blocking client: the same names as the async one, each method one line.
//!
//! Calls run on the caller's own thread; those of a bulk that is read, and pages that are read ahead, in one thread of their own.
//! Any number of threads may use one client at a time; each call borrows connections of its own, up to `max_concurrency` of
//! them: further callers wait for one.
//!
//! ```no_run
//! let client = egito::blocking::Client::from_env()?;
//! let id = client.accounts().create(&serde_json::json!({"name": "Żubr sp. z o.o."}))?;
//! println!("{}", client.accounts().get(&id)?.json());
//! # Ok::<(), egito::Error>(())
//! ```

mod bulk;
mod call_slots;
mod list;
mod read_ahead;
mod runtime_pool;
mod worker;

pub use bulk::{Bulk, BulkCalls, BulkRows};
pub use list::{Pages, RecordList, Records};

use crate::bulk::{BulkAction, BulkInput};
use crate::cancel::Cancel;
use crate::error::Result;
use crate::events::EventHook;
use crate::id::RecordId;
use crate::record::{IntoRecord, Record};
use crate::settings::{ClientBuilder, Method, Settings};
use crate::stats::Stats;
use runtime_pool::RuntimePool;
use serde::Serialize;
use std::sync::Arc;

/// The connection to one customer's Egito, see [`crate::Client`].
#[derive(Clone, Debug)]
pub struct Client {
    runtimes: Arc<RuntimePool>,
}

/// A kind of thing in the CRM, see [`crate::Entity`].
#[derive(Clone, Debug)]
pub struct Entity {
    runtimes: Arc<RuntimePool>,
    entity: crate::Entity,
}

impl Client {
    /// See [`crate::Client::new`].
    pub fn new(settings: Settings) -> Result<Self> {
        Ok(Self::over(crate::Client::new(settings)?))
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

    /// See [`crate::Client::from_env`].
    pub fn from_env() -> Result<Self> {
        Ok(Self::over(crate::Client::from_env()?))
    }

    /// A client whose waiting calls end with the error `cancelled` soon after `interrupted` says true.
    ///
    /// For the bindings: `interrupted` is asked about 20 times a second on the waiting thread, for instance for Ctrl-C.
    pub fn interruptible(settings: Settings, interrupted: impl Fn() -> bool + Send + Sync + 'static) -> Result<Self> {
        let client = crate::Client::new(settings)?;
        Ok(Self { runtimes: Arc::new(RuntimePool::new(client, Some(Arc::new(interrupted)))) })
    }

    fn over(client: crate::Client) -> Self {
        Self { runtimes: Arc::new(RuntimePool::new(client, None)) }
    }

    /// See [`crate::Client::settings`].
    #[must_use]
    pub fn settings(&self) -> &Settings {
        self.runtimes.client().settings()
    }

    /// See [`crate::Client::accounts`].
    #[must_use]
    pub fn accounts(&self) -> Entity {
        self.wrap(self.runtimes.client().accounts())
    }

    /// See [`crate::Client::contacts`].
    #[must_use]
    pub fn contacts(&self) -> Entity {
        self.wrap(self.runtimes.client().contacts())
    }

    /// See [`crate::Client::opportunities`].
    #[must_use]
    pub fn opportunities(&self) -> Entity {
        self.wrap(self.runtimes.client().opportunities())
    }

    /// See [`crate::Client::leads`].
    #[must_use]
    pub fn leads(&self) -> Entity {
        self.wrap(self.runtimes.client().leads())
    }

    /// See [`crate::Client::entity`].
    pub fn entity(&self, name: &str) -> Result<Entity> {
        Ok(self.wrap(self.runtimes.client().entity(name)?))
    }

    /// See [`crate::Client::dictionary`].
    pub fn dictionary(&self, kind: &str) -> RecordList {
        RecordList::new(self.runtimes.clone(), self.runtimes.client().dictionary(kind))
    }

    /// See [`crate::Client::call`].
    pub fn call(&self, entity: &str, action: &str, params: impl IntoRecord) -> Result<Record> {
        self.entity(entity)?.call(action, params)
    }

    /// See [`crate::Client::cancelled_by`]. Closing either closes both.
    #[must_use]
    pub fn cancelled_by(&self, cancel: &Cancel) -> Self {
        self.with_client(self.runtimes.client().cancelled_by(cancel))
    }

    /// See [`crate::Client::with_options`]. Closing either closes both.
    pub fn with_options(&self, json: &[u8]) -> Result<Self> {
        Ok(self.with_client(self.runtimes.client().with_options(json)?))
    }

    /// See [`crate::Client::stats`].
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.runtimes.client().stats()
    }

    /// See [`crate::Client::on_event`].
    pub fn on_event(&self, hook: Option<EventHook>) {
        self.runtimes.client().on_event(hook);
    }

    /// See [`crate::Client::close`].
    pub fn close(&self) {
        self.runtimes.close();
    }

    /// See `crate::Client::panic_for_tests`.
    #[doc(hidden)]
    pub fn panic_for_tests(&self) -> Result<()> {
        self.runtimes.run(|client| async move { client.panic_for_tests().await })
    }

    fn with_client(&self, client: crate::Client) -> Self {
        Self { runtimes: Arc::new(self.runtimes.with_client(client)) }
    }

    fn wrap(&self, entity: crate::Entity) -> Entity {
        Entity { runtimes: self.runtimes.clone(), entity }
    }
}

impl Entity {
    /// See [`crate::Entity::cancelled_by`].
    #[must_use]
    pub fn cancelled_by(&self, cancel: &Cancel) -> Self {
        self.with_client(self.runtimes.client().cancelled_by(cancel))
    }

    /// See [`crate::Entity::with_options`].
    pub fn with_options(&self, json: &[u8]) -> Result<Self> {
        Ok(self.with_client(self.runtimes.client().with_options(json)?))
    }

    /// See [`crate::Entity::name`].
    #[must_use]
    pub fn name(&self) -> &str {
        self.entity.name()
    }

    /// See [`crate::Entity::create`].
    pub fn create(&self, record: impl IntoRecord) -> Result<RecordId> {
        self.run(|entity| async move { entity.create(record).await })
    }

    /// See [`crate::Entity::get`].
    pub fn get(&self, id: impl Into<RecordId>) -> Result<Record> {
        self.run(|entity| async move { entity.get(id).await })
    }

    /// See [`crate::Entity::update`].
    pub fn update(&self, id: impl Into<RecordId>, fields: impl IntoRecord) -> Result<RecordId> {
        self.run(|entity| async move { entity.update(id, fields).await })
    }

    /// See [`crate::Entity::delete`].
    pub fn delete(&self, id: impl Into<RecordId>) -> Result<RecordId> {
        self.run(|entity| async move { entity.delete(id).await })
    }

    /// See [`crate::Entity::create_many`].
    pub fn create_many<T: Serialize>(
        &self,
        records: impl IntoIterator<Item = T, IntoIter: Send + 'static>,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.create_many(records))
    }

    /// See [`crate::Entity::get_many`].
    pub fn get_many<I: Into<RecordId>>(
        &self,
        ids: impl IntoIterator<Item = I, IntoIter: Send + 'static>,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.get_many(ids))
    }

    /// See [`crate::Entity::update_many`].
    pub fn update_many<I: Into<RecordId>, T: Serialize>(
        &self,
        changes: impl IntoIterator<Item = (I, T), IntoIter: Send + 'static>,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.update_many(changes))
    }

    /// See [`crate::Entity::delete_many`].
    pub fn delete_many<I: Into<RecordId>>(
        &self,
        ids: impl IntoIterator<Item = I, IntoIter: Send + 'static>,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.delete_many(ids))
    }

    /// See [`crate::Entity::bulk`].
    pub fn bulk(
        &self,
        action: BulkAction,
        inputs: impl Iterator<Item = Result<BulkInput>> + Send + 'static,
    ) -> Result<Bulk> {
        Bulk::new(&self.runtimes, &self.entity, |entity| entity.bulk(action, inputs))
    }

    /// See [`crate::Entity::bulk_calls`].
    pub fn bulk_calls(&self, action: BulkAction) -> Result<BulkCalls> {
        BulkCalls::new(&self.runtimes, &self.entity, action)
    }

    /// See [`crate::Entity::list`].
    pub fn list(&self) -> RecordList {
        RecordList::new(self.runtimes.clone(), self.entity.list())
    }

    /// See [`crate::Entity::call`].
    pub fn call(&self, action: &str, params: impl IntoRecord) -> Result<Record> {
        self.call_with_method(action, params, Method::Post)
    }

    /// See [`crate::Entity::call_with_method`].
    pub fn call_with_method(&self, action: &str, params: impl IntoRecord, method: Method) -> Result<Record> {
        self.run(|entity| async move { entity.call_with_method(action, params, method).await })
    }

    fn with_client(&self, client: crate::Client) -> Self {
        let entity = self.entity.over(client.engine());
        Self { runtimes: Arc::new(self.runtimes.with_client(client)), entity }
    }

    fn run<T, F: Future<Output = Result<T>>>(&self, call: impl FnOnce(crate::Entity) -> F) -> Result<T> {
        self.runtimes.run(|client| call(self.entity.over(client.engine())))
    }
}
