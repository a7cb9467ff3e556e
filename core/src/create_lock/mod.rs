//! Lets one call at a time create the record with a key: in this process, and on this machine if there is a token store.
//!
//! A lock also remembers how the last create of its key ended, for some seconds. A server may store a record late, and may need a
//! moment until a list shows it; without this memory, the next call would find nothing and create it again.

mod file;

use crate::clock::SharedClock;
use crate::error::{Error, Outcome, Result};
use crate::file_lock::LockError;
use crate::hash::sha256_of_texts;
use crate::id::RecordId;
use crate::settings::Settings;
use file::{LockFolder, LockedFile};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::OwnedMutexGuard;
use url::Url;

/// Number of locks that are kept in any case.
const MIN_CLEAN: usize = 64;

/// The lock of one key, shared by the calls that wait for it.
type Shared = Arc<tokio::sync::Mutex<Option<LastCall>>>;

/// How the last call for a key ended.
#[derive(Debug)]
struct LastCall {
    /// The ids of all records with the key; empty if a create was begun and its outcome is unknown.
    ids: Vec<RecordId>,
    ended: Instant,
    /// Until when a list may not show a new record yet; `None` if beyond the range of the clock.
    until: Option<Instant>,
}

impl LastCall {
    /// Returns whether a list may not show a new record yet.
    fn is_recent(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// The locks of one client.
#[derive(Debug)]
pub(crate) struct CreateLocks {
    address: String,
    folder: Option<LockFolder>,
    clock: SharedClock,
    locks: Mutex<Locks>,
}

#[derive(Debug, Default)]
struct Locks {
    by_key: HashMap<KeyHash, Shared>,
    /// The number of locks at which those that no call needs are removed.
    clean_at: usize,
}

/// The hash of the server, the entity and a key. Files hold it instead of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyHash([u8; 32]);

/// A lock that this call holds, until it is dropped.
#[derive(Debug)]
pub(crate) struct CreateLock {
    /// When the call began to wait for the lock.
    waiting_since: Instant,
    last: OwnedMutexGuard<Option<LastCall>>,
    file: Option<LockedFile>,
    clock: SharedClock,
}

impl CreateLocks {
    pub(crate) fn new(settings: &Settings, address: &Url, clock: SharedClock) -> Self {
        let folder = settings.token_store.as_path().map(LockFolder::beside);
        Self { address: address.to_string(), folder, clock, locks: Mutex::default() }
    }

    /// Returns the address of the server.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Waits until no other call creates a record with this key, at most `time_left`.
    ///
    /// Error `timeout` (outcome `not_sent`): another call took longer.
    pub(crate) async fn lock(&self, entity: &str, key: &str, time_left: Duration) -> Result<CreateLock> {
        let hash = KeyHash::new(&[&self.address, entity, key]);
        let started = self.clock.now();
        let shared = self.shared(hash);
        let last = tokio::select! {
            biased;
            last = shared.lock_owned() => last,
            () = self.clock.sleep(time_left) => return Err(timed_out()),
        };
        let waited = self.clock.now().saturating_duration_since(started);
        let file = match &self.folder {
            Some(folder) => self.lock_file(folder, hash, time_left.saturating_sub(waited)).await?,
            None => None,
        };
        Ok(CreateLock { waiting_since: started, last, file, clock: self.clock.clone() })
    }

    /// Returns the lock of a key, and removes those that no call needs.
    fn shared(&self, hash: KeyHash) -> Shared {
        let now = self.clock.now();
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        if locks.by_key.len() >= locks.clean_at {
            locks.by_key.retain(|_, shared| {
                Arc::strong_count(shared) > 1
                    || shared.try_lock().is_ok_and(|last| last.as_ref().is_some_and(|last| last.is_recent(now)))
            });
            locks.clean_at = 2 * locks.by_key.len() + MIN_CLEAN; // so that a bulk does not look at all of them for each of its calls
        }
        locks.by_key.entry(hash).or_default().clone()
    }

    /// Locks the file of a key. Logs a warning and returns `None` if it cannot be locked: the calls of other processes are then unknown.
    async fn lock_file(&self, folder: &LockFolder, hash: KeyHash, time_left: Duration) -> Result<Option<LockedFile>> {
        match folder.lock(hash, &self.clock, time_left).await {
            Ok(file) => Ok(Some(file)),
            Err(LockError::TimedOut) => Err(timed_out()),
            Err(LockError::Io(error)) => {
                let path = folder.path().display();
                tracing::warn!(target: "egito", %path, %error, "the lock of create_once is not shared with other processes");
                Ok(None)
            }
        }
    }
}

impl CreateLock {
    /// Returns the ids that another call of this process found or created while this one waited for it.
    pub(crate) fn shared_result(&self) -> Option<Vec<RecordId>> {
        self.last.as_ref().filter(|last| last.ended > self.waiting_since).map(|last| last.ids.clone())
    }

    /// Returns whether the record may have been created so recently that a list does not show it yet.
    pub(crate) fn may_be_created(&self) -> bool {
        let now = self.clock.now();
        self.last.as_ref().is_some_and(|last| last.is_recent(now))
            || self.file.as_ref().is_some_and(|file| file.is_recent(&*self.clock))
    }

    /// Remembers the records that a list has shown, for calls that wait.
    pub(crate) fn share(&mut self, ids: &[RecordId]) {
        self.set_last(ids, Duration::ZERO);
    }

    /// Remembers for this long that a create was begun, and the id that it returned, if it has one.
    pub(crate) fn remember(&mut self, ids: &[RecordId], time: Duration) {
        if let Some(file) = &mut self.file {
            file.remember(&*self.clock, time);
        }
        self.set_last(ids, time);
    }

    fn set_last(&mut self, ids: &[RecordId], time: Duration) {
        let now = self.clock.now();
        *self.last = Some(LastCall { ids: ids.to_vec(), ended: now, until: now.checked_add(time) });
    }

    /// Forgets a create that did nothing.
    pub(crate) fn forget(&mut self) {
        *self.last = None;
        if let Some(file) = &mut self.file {
            file.forget(&*self.clock);
        }
    }
}

impl KeyHash {
    fn new(parts: &[&str]) -> Self {
        Self(sha256_of_texts(parts))
    }

    /// Returns the hash in hexadecimal digits.
    fn to_hex(self) -> String {
        self.0.iter().fold(String::with_capacity(64), |hex, byte| hex + &format!("{byte:02x}"))
    }
}

fn timed_out() -> Error {
    let message =
        "timed out waiting for another call that creates the record with this key; the limit is the setting `timeout`";
    Error::timed_out("timeout", Outcome::NotSent, message)
}
