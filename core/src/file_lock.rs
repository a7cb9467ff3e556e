//! A lock on a file, which one process at a time holds.

use crate::clock::Clock;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a process checks whether another process has released the lock.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// A locked file. Dropping it releases the lock; so does the end of the process.
#[derive(Debug)]
pub(crate) struct FileLock(File);

/// Why a file was not locked.
#[derive(Debug)]
pub(crate) enum LockError {
    /// Another process held the lock until the time was over.
    TimedOut,
    /// The file cannot be opened or locked.
    Io(io::Error),
}

impl FileLock {
    /// Waits until no other process holds the lock, at most `time_left`. Creates the file if it does not exist.
    pub(crate) async fn acquire(path: &Path, clock: &dyn Clock, time_left: Duration) -> Result<Self, LockError> {
        let file = Self::open(path).map_err(LockError::Io)?;
        let deadline = clock.now().checked_add(time_left); // `None` if beyond the range of the clock
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if deadline.is_none_or(|deadline| clock.now() < deadline) => {
                    clock.sleep(POLL_INTERVAL.mul_f64(0.5 + clock.random())).await;
                }
                Err(TryLockError::WouldBlock) => return Err(LockError::TimedOut),
                Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
            }
        }
    }

    /// Opens the file without locking it. Creates it if it does not exist.
    pub(crate) fn open(path: &Path) -> io::Result<File> {
        private_options().create(true).truncate(false).open(path)
    }

    /// Returns the file, to read or write its content.
    pub(crate) fn file(&self) -> &File {
        &self.0
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Unlock explicitly: a forked child shares this file description, so closing ours would not release the lock.
        let _ = self.0.unlock();
    }
}

/// Returns options to open a file that only its owner can read and write.
#[cfg(unix)]
pub(crate) fn private_options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = File::options();
    options.read(true).write(true).mode(0o600);
    options
}

/// Returns options to open a file for reading and writing.
#[cfg(not(unix))]
pub(crate) fn private_options() -> OpenOptions {
    let mut options = File::options();
    options.read(true).write(true);
    options
}

/// Creates a folder that only its owner can use. It may exist already.
pub(crate) fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created,
    }
}

/// Returns the path with a dot and another ending appended.
pub(crate) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}
