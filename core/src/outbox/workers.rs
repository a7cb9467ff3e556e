//! Workers: who sends the entries in the state `sending`, and whether it is alive.
//!
//! A worker holds a lock on a file of its own in the folder `<outbox>.workers`. The system releases the lock when the process ends, in
//! whatever way. Files are created, checked and removed only inside a transaction that writes to the outbox, so that no two processes do
//! this at the same time.

use super::errors::{Failure, Work, cannot_open};
use crate::file_lock::{create_private_folder, private_options, with_ending};
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// A worker of this process.
#[derive(Debug)]
pub(super) struct Worker {
    pub name: String,
    path: PathBuf,
    /// Locked. `None` once it is dropped.
    file: Option<File>,
    process: u32,
}

/// The folder with the files of the workers.
#[derive(Debug)]
pub(super) struct WorkerFolder(PathBuf);

impl WorkerFolder {
    pub(super) fn beside(outbox: &Path) -> Self {
        Self(with_ending(outbox, "workers"))
    }

    /// Creates a worker. Call this inside a transaction that writes.
    pub(super) fn register(&self) -> Work<Worker> {
        let refused = |error: io::Error| Failure::Refused(cannot_open(&self.0, &error));
        create_private_folder(&self.0).map_err(refused)?;
        let name = format!("{:x}-{:016x}", std::process::id(), fastrand::Rng::new().u64(..));
        let path = self.0.join(&name);
        let file = private_options().create_new(true).open(&path).map_err(refused)?;
        file.try_lock().map_err(|error| {
            refused(match error {
                TryLockError::Error(error) => error,
                TryLockError::WouldBlock => io::ErrorKind::WouldBlock.into(),
            })
        })?;
        Ok(Worker { name, path, file: Some(file), process: std::process::id() })
    }

    /// Returns whether the worker with this name is alive, and removes the file of a dead one. Call this inside a transaction that
    /// writes.
    pub(super) fn is_alive(&self, name: &str) -> Work<bool> {
        let path = self.0.join(name);
        let file = match private_options().open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(Failure::Refused(cannot_open(&path, &error))),
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(Failure::Refused(cannot_open(&path, &error))),
            Ok(()) => {
                let _ = std::fs::remove_file(&path); // one that cannot be removed is found again
                Ok(false)
            }
        }
    }

    /// Removes the files of dead workers that had no entries. Call this inside a transaction that writes.
    pub(super) fn remove_dead(&self) {
        let Ok(files) = std::fs::read_dir(&self.0) else { return };
        for file in files.flatten() {
            if let Some(name) = file.file_name().to_str() {
                let _ = self.is_alive(name); // one that cannot be checked is found again
            }
        }
    }
}

impl Worker {
    /// Unlocks and removes the file.
    fn end(&mut self) {
        if let Some(file) = self.file.take() {
            if self.process != std::process::id() {
                return; // closing it does not release the lock of the parent
            }
            let _ = std::fs::remove_file(&self.path); // one that cannot be removed is unlocked, so it is removed later
            let _ = file.unlock(); // explicitly: a forked child shares this file description, so closing ours would not release the lock
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}
