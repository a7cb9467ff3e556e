//! Creates a record once: finds the record with the same key, or creates it.

use super::Entity;
use crate::create_lock::{CreateLock, LastCreate};
use crate::error::{Code, Error, Result};
use crate::id::RecordId;
use crate::key::{KeyValues, Lookup, RecordKey};
use crate::record::{IntoRecord, Record};
use serde::Serialize;
use std::time::{Duration, Instant};

/// The first pause between two lookups. Each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause between two lookups.
const MAX_PAUSE: Duration = Duration::from_secs(2);

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

/// One call of [`Entity::create_once`].
struct CreateOnce<'a> {
    entity: &'a Entity,
    key: KeyValues,
    lookup: Lookup,
    /// How long to look for a record after a create of unknown outcome.
    settle: Duration,
    started: Instant,
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
        let values = KeyValues::of(&record, &key)?;
        self.engine.check_running()?;
        let started = self.engine.clock().now();
        let settle = key.settle.min(self.engine.context().timeout() / 3);
        let call = CreateOnce { entity: self, key: values, lookup: key.lookup, settle, started };
        // Boxed, since a caller's thread may have a small stack.
        Box::pin(call.run(record)).await
    }
}

impl CreateOnce<'_> {
    async fn run(&self, record: Record) -> Result<FoundOrCreated> {
        let engine = &self.entity.engine;
        let key = self.key.to_json();
        let lock = engine.create_locks().lock(self.entity.name(), &key, self.time_left());
        let mut lock = engine.until_cancelled(lock).await?;
        if let Some(found) = lock.shared_result().and_then(|ids| FoundOrCreated::of(ids, false)) {
            return Ok(found);
        }
        let found = if lock.may_be_created() { self.find_within_settle().await? } else { self.find().await? };
        if !found.is_empty() {
            lock.share(&found);
        }
        match FoundOrCreated::of(found, false) {
            Some(found) => Ok(found),
            None => self.create(record, &mut lock).await,
        }
    }

    /// Creates the record. If the outcome is unknown, looks for it.
    async fn create(&self, record: Record, lock: &mut CreateLock) -> Result<FoundOrCreated> {
        let (elapsed, engine) = (self.elapsed(), &self.entity.engine);
        let create_timeout = self.time_left().saturating_sub(self.settle);
        lock.remember(LastCreate::Unknown, create_timeout + self.settle);
        let entity = self.entity.with_engine(&engine.after(elapsed + self.settle));
        let ids = match entity.create(record).await {
            Ok(id) => vec![id],
            Err(error) if error.code() == Code::OutcomeUnknown => self.find_created(error).await?,
            Err(error) => {
                lock.forget();
                return self.find_rival(error).await;
            }
        };
        lock.remember(LastCreate::Exists(ids.clone()), self.settle);
        Ok(FoundOrCreated::of(ids, true).expect("one record was created"))
    }

    /// Looks for the record after a create of unknown outcome. Returns that error if the record is not found.
    async fn find_created(&self, error: Error) -> Result<Vec<RecordId>> {
        match self.find_within_settle().await {
            Ok(ids) if !ids.is_empty() => Ok(ids),
            looked => Err(error.with(|d| {
                let names = self.key.names();
                let result = match looked {
                    Ok(_) => {
                        format!("no record with this key ({names}) appeared within {} s", self.settle.as_secs_f64())
                    }
                    Err(why) => format!("looking for it by its key ({names}) failed: {why}"),
                };
                d.message = format!("{}; {result}", d.message);
            })),
        }
    }

    /// Returns the record that another program created meanwhile, if that is why the server refused this one. Otherwise the refusal.
    async fn find_rival(&self, error: Error) -> Result<FoundOrCreated> {
        if error.code() != Code::Validation {
            return Err(error);
        }
        match self.find().await.ok().and_then(|ids| FoundOrCreated::of(ids, false)) {
            Some(found) => Ok(found),
            None => Err(error),
        }
    }

    /// Looks for the record, with pauses, until it is found or `settle` is over.
    async fn find_within_settle(&self) -> Result<Vec<RecordId>> {
        let engine = &self.entity.engine;
        let until = engine.clock().now() + self.settle;
        let mut pause = FIRST_PAUSE;
        loop {
            let found = self.find().await;
            let left = until.saturating_duration_since(engine.clock().now());
            match found {
                Ok(ids) if !ids.is_empty() => return Ok(ids),
                Err(error) if !may_pass(&error) => return Err(error),
                found if left.is_zero() => return found,
                _ => {}
            }
            let sleep = async {
                engine.clock().sleep(pause.min(left)).await;
                Ok(())
            };
            engine.until_cancelled(sleep).await?;
            pause = (pause * 2).min(MAX_PAUSE);
        }
    }

    async fn find(&self) -> Result<Vec<RecordId>> {
        let entity = self.entity.with_engine(&self.entity.engine.after(self.elapsed()));
        entity.find(&self.key, self.lookup).await
    }

    fn elapsed(&self) -> Duration {
        self.entity.engine.clock().now().saturating_duration_since(self.started)
    }

    fn time_left(&self) -> Duration {
        self.entity.engine.context().timeout().saturating_sub(self.elapsed())
    }
}

/// Returns whether a later lookup may succeed after this error.
fn may_pass(error: &Error) -> bool {
    matches!(error.code(), Code::Connection | Code::Timeout | Code::Server | Code::RateLimited)
}
