//! The lock files of a machine: a folder beside the token store. A process that dies leaves what it had begun.

use super::KeyHash;
use crate::clock::{Clock, SharedClock, unix_time};
use crate::file_lock::{FileLock, LockError, create_private_folder, with_ending};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Maximum number of bytes that are read of a file. It is far more than the entries of one file need.
const MAX_FILE_SIZE: u64 = 1 << 20;

/// The folder with the lock files. A file belongs to all keys whose hashes have the same first byte, so there are at most 256.
#[derive(Debug)]
pub(super) struct LockFolder(PathBuf);

/// A locked file, and the key of its holder.
#[derive(Debug)]
pub(super) struct LockedFile {
    lock: FileLock,
    path: PathBuf,
    key: String,
}

/// One entry of a file: a create that was begun, or has ended a moment ago.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    key: String,
    /// Until when a list may not show the record yet, in seconds since 1970.
    until: f64,
}

impl LockFolder {
    /// Returns the folder for a token store.
    pub(super) fn beside(token_store: &Path) -> Self {
        Self(with_ending(token_store, "creates"))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Waits until no other process holds the lock of this key.
    pub(super) async fn lock(
        &self,
        hash: KeyHash,
        clock: &SharedClock,
        time_left: Duration,
    ) -> Result<LockedFile, LockError> {
        create_private_folder(&self.0).map_err(LockError::Io)?;
        let path = self.0.join(format!("{:02x}", hash.0[0]));
        let lock = FileLock::acquire(&path, &**clock, time_left).await?;
        Ok(LockedFile { lock, path, key: hash.to_hex() })
    }
}

impl LockedFile {
    /// Returns whether a record with this key may have been created so recently that a list does not show it yet.
    pub(super) fn is_recent(&self, clock: &dyn Clock) -> bool {
        let now = unix_time(clock);
        self.entries().iter().any(|entry| entry.key == self.key && now < entry.until)
    }

    /// Writes for this long that a create of this key was begun.
    pub(super) fn remember(&mut self, clock: &dyn Clock, time: Duration) {
        let entry = Entry { key: self.key.clone(), until: unix_time(clock) + time.as_secs_f64() };
        self.change(clock, |entries| entries.push(entry));
    }

    /// Removes the entry of this key.
    pub(super) fn forget(&mut self, clock: &dyn Clock) {
        self.change(clock, |_| ());
    }

    /// Rewrites the file without the entry of this key and without expired ones. Logs a warning if that fails.
    fn change(&mut self, clock: &dyn Clock, change: impl FnOnce(&mut Vec<Entry>)) {
        let now = unix_time(clock);
        let mut entries = self.entries();
        entries.retain(|entry| entry.key != self.key && now < entry.until);
        change(&mut entries);
        if let Err(error) = self.write(&entries) {
            let path = self.path.display();
            tracing::warn!(target: "egito", %path, %error, "the lock file of create_once could not be written");
        }
    }

    /// Returns the entries. A file that was cut by a full disk or a crash of the machine has none.
    fn entries(&self) -> Vec<Entry> {
        let mut file = self.lock.file();
        let mut bytes = Vec::new();
        let read = file.rewind().and_then(|()| file.take(MAX_FILE_SIZE).read_to_end(&mut bytes));
        read.ok().and_then(|_| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    fn write(&self, entries: &[Entry]) -> io::Result<()> {
        let mut file = self.lock.file();
        file.rewind()?;
        file.set_len(0)?;
        file.write_all(&serde_json::to_vec(entries)?)
    }
}
