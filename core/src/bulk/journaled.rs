//! A bulk with a journal: a row is recorded before its call is sent, and again before it is returned.

use super::change::Change;
use super::circuit_breaker::CircuitBreaker;
use super::graceful_cancel::GracefulCancel;
use super::row::{BulkAction, BulkInput, CallOutput};
use super::slots::{Place, Slots};
use crate::call::Engine;
use crate::error::{Code, Error, Outcome, Result};
use crate::id::RecordId;
use crate::journal::{Fingerprint, Header, Journal, Past};
use crate::json::canonical::canonical;
use crate::key::RecordKey;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::SemaphorePermit;

/// Maximum number of rows that are in flight or wait for the disk, for each of the `concurrency` calls. After a crash, all of them are
/// in doubt.
const BEGUN_PER_CALL: usize = 4;

/// The same for creates without a key: a person has to look for each of those that are in doubt.
const CREATES_BEGUN_PER_CALL: usize = 2;

/// The journal of one bulk. Dropping it unlocks the file; calls that end later are not recorded.
#[derive(Debug)]
pub(super) struct BulkJournal(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    journal: Journal,
    entity: Arc<str>,
    action: BulkAction,
    /// The fields of the key when the file was opened.
    key: Option<Arc<[String]>>,
    opened: Instant,
    /// One for each call in flight.
    slots: Slots,
}

/// What the journal says about an input.
pub(super) enum Taken {
    /// It is to be sent.
    Unsent(Arc<JournalRow>),
    /// An earlier run has done it.
    Done(CallOutput),
    /// An earlier run may have created it, and there is no key to look for it.
    InDoubt(Error),
}

/// A row that is to be sent.
#[derive(Debug)]
pub(super) struct JournalRow {
    shared: Arc<Shared>,
    index: u64,
    input: Fingerprint,
    /// Whether an earlier run may have done it.
    pub in_doubt: bool,
    /// Taken by its call.
    place: Mutex<Option<Place>>,
    /// Set by its call before it is sent, or by the bulk when it is dropped. The first one wins.
    is_claimed: AtomicBool,
}

/// The parts of a bulk that a call needs.
#[derive(Clone)]
pub(super) struct CallParts {
    pub engine: Arc<Engine>,
    pub breaker: Arc<CircuitBreaker>,
    pub cancel: GracefulCancel,
    pub key: Option<Arc<RecordKey>>,
    pub concurrency: usize,
}

/// The result of a row, as the file has it.
#[derive(Serialize, Deserialize)]
struct Stored {
    id: Option<RecordId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    change: Option<Change>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fields: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    duplicates: Vec<RecordId>,
}

impl BulkJournal {
    /// Opens the file of a bulk, or creates it.
    ///
    /// Error `config` (setting `journal`): the action only reads, or the file cannot be used.
    pub(super) fn open(
        path: &Path,
        engine: &Engine,
        entity: Arc<str>,
        action: BulkAction,
        key: Option<&RecordKey>,
    ) -> Result<Self> {
        if action.only_reads() {
            let message = format!(
                "invalid `journal`: a bulk with the action {} writes nothing, so it can run again",
                action.name()
            );
            return Err(Error::config("journal", message));
        }
        action.check_key(key)?;
        let key = key.map(|key| key.fields.clone());
        let header = Header::new(engine.address().to_owned(), &entity, action.name(), key.as_deref());
        let journal = Journal::open(path, &header)?;
        let opened = engine.clock().now();
        Ok(Self(Arc::new(Shared { journal, entity, action, key, opened, slots: Slots::default() })))
    }

    /// Returns what earlier runs did with an input. Each index can be asked for once.
    ///
    /// Error `config` (setting `journal`): they sent another input with this index, so nothing further must be sent.
    pub(super) fn take(&self, index: u64, input: &BulkInput, key: Option<&RecordKey>) -> Result<Taken> {
        if self.0.key.as_ref() != key.map(|key| &key.fields) {
            return Err(Error::config(
                "journal",
                "invalid `journal`: the key of the bulk was set after it; set the key first",
            ));
        }
        let fingerprint = fingerprint(input);
        let in_doubt = match self.0.journal.past(index, fingerprint)? {
            Past::Done(result) => return read(&result).map(Taken::Done),
            Past::InDoubt if self.0.action == BulkAction::Create && key.is_none() => {
                return Ok(Taken::InDoubt(self.0.in_doubt(index, input)));
            }
            Past::InDoubt => true,
            Past::Nothing => false,
        };
        Ok(Taken::Unsent(Arc::new(JournalRow {
            shared: self.0.clone(),
            index,
            input: fingerprint,
            in_doubt,
            place: Mutex::new(Some(self.0.slots.enqueue())),
            is_claimed: AtomicBool::new(false),
        })))
    }

    /// Returns how many rows may be in flight or wait for the disk.
    pub(super) fn max_begun(&self, concurrency: usize) -> usize {
        let is_create = self.0.action == BulkAction::Create && self.0.key.is_none();
        concurrency.saturating_mul(if is_create { CREATES_BEGUN_PER_CALL } else { BEGUN_PER_CALL })
    }

    /// Unlocks the file until a further row is begun.
    pub(super) fn unlock(&self) {
        self.0.journal.unlock();
    }
}

impl Drop for BulkJournal {
    fn drop(&mut self) {
        self.0.journal.close();
    }
}

impl Shared {
    fn in_doubt(&self, index: u64, input: &BulkInput) -> Error {
        let message = format!(
            "create {}: an earlier run of this bulk was stopped while it created the record at index {index}, so it may have been created; \
             it was not sent again. Run the bulk with `key` to look for it, or look in Egito",
            self.entity
        );
        Error::new(Code::OutcomeUnknown, message).with(|d| {
            d.outcome = Some(Outcome::Unknown);
            d.entity = Some(self.entity.to_string());
            d.action = Some(self.action.name().to_owned());
            d.record.clone_from(&input.record);
        })
    }
}

impl JournalRow {
    /// Records the row, makes its call when a slot is free, and records the result. Calls `leave` after the call.
    pub(super) async fn run<F>(
        &self,
        parts: &CallParts,
        leave: impl FnOnce(),
        call: impl FnOnce() -> F,
    ) -> Result<CallOutput>
    where
        F: Future<Output = Result<CallOutput>>,
    {
        let CallParts { engine, breaker, cancel, .. } = parts;
        let place = self.place.lock().unwrap_or_else(PoisonError::into_inner).take();
        let place = place.ok_or_else(Error::cancelled)?;
        self.begin(parts).await.map_err(|error| breaker.not_sent(error))?;
        let result = match self.wait_for_slot(parts, place).await {
            Ok(_slot) => breaker.call(engine, cancel, || self.send(call)).await,
            Err(error) => Err(breaker.not_sent(error)),
        };
        leave(); // the next input can be taken while this row waits for the disk
        let recorded = tokio::select! {
            biased;
            recorded = self.record(&result) => recorded,
            () = cancel.calls.cancelled() => Ok(()), // a second cancel; the line is written all the same
        };
        if let Err(error) = recorded {
            breaker.stop(error);
        }
        result
    }

    /// Records that the call may be sent from now on.
    async fn begin(&self, parts: &CallParts) -> Result<()> {
        let begun = parts.unless_stopped(self.shared.journal.begin(self.index, self.input)).await;
        let begun = begun.inspect_err(|_| self.record_unsent())?;
        begun.map_err(|error| parts.breaker.stop(error))
    }

    /// Waits until the call can be sent. Fails if none is sent any more.
    async fn wait_for_slot<'p>(&'p self, parts: &'p CallParts, place: Place) -> Result<SemaphorePermit<'p>> {
        parts.unless_stopped(self.wait_until_settled(parts)).await?;
        let slot = self.shared.slots.acquire(place, parts.concurrency);
        let slot = parts.unless_stopped(slot).await?.map_err(|_| Error::cancelled())?;
        parts.breaker.rejection().map_or(Ok(slot), Err)
    }

    /// Waits until a server that is slow, or whose lists are, shows what earlier runs created, so that one lookup finds it.
    async fn wait_until_settled(&self, parts: &CallParts) {
        let Some(key) = parts.key.as_ref().filter(|_| self.shared.journal.has_doubts()) else { return };
        let clock = parts.engine.clock();
        let waited = clock.now().saturating_duration_since(self.shared.opened);
        let left = key.settle.saturating_sub(waited);
        if left > Duration::ZERO {
            clock.sleep(left).await;
        }
    }

    /// Makes the call, unless the bulk was dropped.
    async fn send<F>(&self, call: impl FnOnce() -> F) -> Result<CallOutput>
    where
        F: Future<Output = Result<CallOutput>>,
    {
        if self.claim() { call().await } else { Err(Error::cancelled().with(|d| d.outcome = Some(Outcome::NotSent))) }
    }

    /// Records that the call was not sent, if that is so. The bulk was dropped, so no other call gets the slot of this one.
    pub(super) fn abandon(&self) {
        self.shared.slots.close();
        self.record_unsent();
    }

    fn record_unsent(&self) {
        if self.claim() {
            self.shared.journal.not_sent(self.index, self.input, self.in_doubt);
        }
    }

    fn claim(&self) -> bool {
        !self.is_claimed.swap(true, Ordering::Relaxed)
    }

    fn record(&self, result: &Result<CallOutput>) -> impl Future<Output = Result<()>> + Send + use<> {
        let journal = &self.shared.journal;
        match result {
            Ok(output) => futures_util::future::Either::Left(journal.done(self.index, self.input, &stored(output))),
            Err(error) => {
                futures_util::future::Either::Right(journal.failed(self.index, self.input, error, self.in_doubt))
            }
        }
    }
}

impl CallParts {
    /// Waits for something before a call is sent. Fails if the bulk is cancelled or the client closed meanwhile.
    async fn unless_stopped<T>(&self, wait: impl Future<Output = T>) -> Result<T> {
        tokio::select! {
            biased;
            () = self.cancel.requested.cancelled() => Err(Error::cancelled()),
            () = self.engine.closed() => Err(self.engine.check_running().err().unwrap_or_else(Error::cancelled)),
            result = wait => Ok(result),
        }
    }
}

fn fingerprint(input: &BulkInput) -> Fingerprint {
    let BulkInput { id, record, change, .. } = input;
    let id = id.as_ref().map(RecordId::to_json);
    let record = record.as_ref().map(|record| canonical(record.get()));
    Fingerprint::of([id.as_deref(), record.as_deref(), change.map(Change::as_str)])
}

fn stored(output: &CallOutput) -> Box<RawValue> {
    let CallOutput { id, change, fields, duplicates, .. } = output;
    let (id, fields, duplicates) = (id.clone(), fields.clone(), duplicates.clone());
    to_raw_value(&Stored { id, change: *change, fields, duplicates }).expect("the result of a write is plain data")
}

fn read(result: &RawValue) -> Result<CallOutput> {
    let Stored { id, change, fields, duplicates } = serde_json::from_str(result.get()).map_err(|error| {
        Error::config("journal", "invalid `journal`: a newer version of this library wrote it; use that")
            .caused_by(&error)
    })?;
    Ok(CallOutput { id, change, fields, duplicates, resumed: true, ..CallOutput::default() })
}
