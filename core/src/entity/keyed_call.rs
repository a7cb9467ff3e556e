//! A call that finds a record by its key, and may create it. Calls with the same key run one after the other.

use super::Entity;
use super::lookup::FoundRecord;
use super::shared_lookup::Source;
use crate::create_lock::CreateLock;
use crate::error::{Code, Error, Outcome, Result};
use crate::id::RecordId;
use crate::key::{KeyValues, Lookup, RecordKey};
use crate::record::Record;
use std::time::{Duration, Instant};

/// The first pause between two lookups. Each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause between two lookups.
const MAX_PAUSE: Duration = Duration::from_secs(2);

/// A create is not sent with less than this part of the setting `timeout`: it would only end with an unknown outcome.
const MIN_CREATE_SHARE: u32 = 10;

/// One call for one key.
pub(super) struct KeyedCall<'a> {
    entity: &'a Entity,
    key: KeyValues,
    source: Source,
    /// How long to look for a record after a create of unknown outcome.
    settle: Duration,
    started: Instant,
}

/// The result of a create.
pub(super) enum Created {
    /// This call created the record. There are several ids if another program created one at the same time.
    Here(Vec<RecordId>),
    /// Another program created these records first, so the server refused this one.
    Elsewhere(Vec<FoundRecord>),
}

impl<'a> KeyedCall<'a> {
    /// Reads the key of the record. Nothing is sent.
    ///
    /// Error `config`: a field of the key has no value, or the client is closed.
    pub(super) fn new(entity: &'a Entity, record: &Record, key: &RecordKey) -> Result<Self> {
        Self::with_source(entity, KeyValues::of(record, key)?, key, Source::new(key.lookup.unwrap_or_default()))
    }

    /// Like [`new`](Self::new), for a record with these values that is looked for in this source.
    pub(super) fn with_source(entity: &'a Entity, values: KeyValues, key: &RecordKey, source: Source) -> Result<Self> {
        entity.engine.check_running()?;
        let settle = key.settle.min(entity.engine.context().timeout() / 3);
        let started = entity.engine.clock().now();
        Ok(Self { entity, key: values, source, settle, started })
    }

    /// Waits until no other call has the lock of this key.
    pub(super) async fn lock(&self) -> Result<CreateLock> {
        let (engine, key) = (&self.entity.engine, self.key.to_json());
        let lock = engine.create_locks().lock(self.entity.name(), &key, self.time_left());
        engine.until_cancelled(lock).await.map_err(not_sent)
    }

    /// Returns the records with the key. If one may just have been created, looks again until `settle` is over.
    pub(super) async fn find(&self, lock: &CreateLock) -> Result<Vec<FoundRecord>> {
        let found = match self.find_in_index() {
            Some(found) if found.as_ref().is_ok_and(Vec::is_empty) && lock.may_be_created() => {
                self.find_within_settle(self.source.first).await
            }
            Some(found) => found,
            None if lock.may_be_created() => self.find_within_settle(self.source.first).await,
            None => self.find_now(self.source.first).await,
        };
        found.map_err(not_sent)
    }

    /// Returns the records with the key, as far as they are known without a lock.
    pub(super) async fn find_unlocked(&self) -> Result<Vec<FoundRecord>> {
        match self.find_in_index() {
            Some(found) => found,
            None => self.find_now(self.source.first).await,
        }
    }

    /// Returns whether the bulk has read the list.
    pub(super) fn has_index(&self) -> bool {
        self.source.index.is_some()
    }

    /// Returns the records with the key that the bulk has already read; `None` if it did not read the list.
    fn find_in_index(&self) -> Option<Result<Vec<FoundRecord>>> {
        let index = self.source.index.as_ref()?;
        Some(self.entity.oldest_first(&self.key, index.get(&self.key)))
    }

    /// Returns the records with the key. Looks again until `settle` is over, since one may just have been created.
    pub(super) async fn find_in_doubt(&self) -> Result<Vec<FoundRecord>> {
        self.find_within_settle(self.source.later).await.map_err(not_sent)
    }

    /// Creates the record. If the outcome is unknown, looks for it. If the server refuses it, looks for records that another program
    /// created meanwhile.
    pub(super) async fn create(&self, record: Record, lock: &mut CreateLock) -> Result<Created> {
        match self.create_here(record, lock).await {
            Ok(ids) => Ok(Created::Here(ids)),
            Err(error) => self.find_rivals(error).await.map(Created::Elsewhere),
        }
    }

    /// Creates the record. If the outcome is unknown, looks for it. Returns the ids of the records with the key.
    ///
    /// Error `timeout` (outcome `not_sent`): the lookup has left too little time.
    pub(super) async fn create_here(&self, record: Record, lock: &mut CreateLock) -> Result<Vec<RecordId>> {
        let create_timeout = self.time_left().saturating_sub(self.settle);
        if create_timeout < self.timeout() / MIN_CREATE_SHARE {
            return Err(self.no_time_to_create());
        }
        lock.remember(&[], create_timeout + self.settle);
        let entity = self.entity.with_engine(&self.entity.engine.after(self.elapsed() + self.settle));
        let ids = match entity.create(self.key.write_into(record)).await {
            Ok(id) => vec![id],
            Err(error) if error.code() == Code::OutcomeUnknown => self.find_created(error).await?,
            Err(error) => {
                lock.forget();
                return Err(error);
            }
        };
        lock.remember(&ids, self.settle);
        Ok(ids)
    }

    /// Returns an engine's entity for the time that is left.
    pub(super) fn entity(&self) -> Entity {
        self.entity.with_engine(&self.entity.engine.after(self.elapsed()))
    }

    /// Looks for the record after a create of unknown outcome. Returns that error if the record is not found.
    async fn find_created(&self, error: Error) -> Result<Vec<RecordId>> {
        match self.find_within_settle(self.source.later).await {
            Ok(records) if !records.is_empty() => Ok(ids(&records)),
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

    /// Returns the records that another program created meanwhile, if that is why the server refused this one. Otherwise the refusal.
    async fn find_rivals(&self, error: Error) -> Result<Vec<FoundRecord>> {
        if error.code() != Code::Validation {
            return Err(error);
        }
        match self.find_now(self.source.later).await {
            Ok(records) if !records.is_empty() => Ok(records),
            _ => Err(error),
        }
    }

    /// Looks for the record, with pauses, until it is found or `settle` is over.
    async fn find_within_settle(&self, lookup: Lookup) -> Result<Vec<FoundRecord>> {
        let engine = &self.entity.engine;
        let until = engine.clock().now() + self.settle.min(self.time_left());
        let mut pause = FIRST_PAUSE;
        loop {
            let found = self.find_now(lookup).await;
            let left = until.saturating_duration_since(engine.clock().now());
            match found {
                Ok(records) if !records.is_empty() => return Ok(records),
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

    /// Returns the records with the key. All requests of the lookup together take at most the time that is left.
    async fn find_now(&self, lookup: Lookup) -> Result<Vec<FoundRecord>> {
        let (entity, time_left) = (self.entity(), self.time_left());
        let found = tokio::time::timeout(time_left, entity.find(&self.key, lookup)).await;
        found.unwrap_or_else(|_| Err(self.lookup_timed_out()))
    }

    fn lookup_timed_out(&self) -> Error {
        let names = self.key.names();
        let message = format!(
            "timed out looking for the record with this key ({names}) after {} s; the limit is the setting `timeout`",
            self.timeout().as_secs_f64()
        );
        Error::timed_out("timeout", Outcome::NotSent, message)
    }

    fn no_time_to_create(&self) -> Error {
        let message = format!(
            "the create was not sent: looking for the record took {:.1} s, and `settle` needs {:.1} s, of the setting `timeout` of {} s; \
             set a larger `timeout`",
            self.elapsed().as_secs_f64(),
            self.settle.as_secs_f64(),
            self.timeout().as_secs_f64()
        );
        Error::timed_out("timeout", Outcome::NotSent, message)
    }

    fn elapsed(&self) -> Duration {
        self.entity.engine.clock().now().saturating_duration_since(self.started)
    }

    fn timeout(&self) -> Duration {
        self.entity.engine.context().timeout()
    }

    fn time_left(&self) -> Duration {
        self.timeout().saturating_sub(self.elapsed())
    }
}

/// Returns the error of a step before the write.
pub(super) fn not_sent(error: Error) -> Error {
    error.with(|d| d.outcome = Some(Outcome::NotSent))
}

/// Returns the ids of records.
pub(super) fn ids(records: &[FoundRecord]) -> Vec<RecordId> {
    records.iter().map(|found| found.id.clone()).collect()
}

/// Returns whether a later lookup may succeed after this error.
fn may_pass(error: &Error) -> bool {
    matches!(error.code(), Code::Connection | Code::Timeout | Code::Server | Code::RateLimited)
}
