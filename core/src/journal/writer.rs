//! Writes lines to a journal from one thread. Rows that wait at the same time share one wait for the disk.

use super::file::JournalFile;
use super::line::Entry;
use crate::error::{Error, Result};
use crate::signals::block_sigpipe;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;

/// Maximum time to wait for the disk when the journal is closed. The thread goes on if it takes longer.
const CLOSE_GRACE: Duration = Duration::from_secs(5);

/// The writer of one journal, and its thread.
#[derive(Debug)]
pub(super) struct Writer {
    shared: Arc<Shared>,
    process: u32,
}

#[derive(Debug)]
struct Shared {
    file: JournalFile,
    queue: Mutex<Queue>,
    /// Notified when there are lines, or the thread should end.
    has_work: Condvar,
    /// Notified when a batch was written.
    is_idle: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    batch: Batch,
    /// Number of lines that the file has, and those that were taken.
    lines: u64,
    /// Whether the thread was started, and has not ended.
    has_thread: bool,
    is_writing: bool,
    access: Access,
    /// The error of the first write that failed. Nothing is written after it.
    failed: Option<Error>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Access {
    #[default]
    Locked,
    /// The next line locks the file again.
    Unlocked,
    /// No further line is taken.
    Closed,
}

/// Lines that are written together.
#[derive(Debug, Default)]
struct Batch {
    lines: Vec<u8>,
    waiting: Vec<oneshot::Sender<Result<()>>>,
}

impl Writer {
    /// Creates the writer of a file that has this number of lines.
    pub(super) fn new(file: JournalFile, lines: u64) -> Self {
        let queue = Queue { lines, ..Queue::default() };
        let shared = Shared { file, queue: Mutex::new(queue), has_work: Condvar::new(), is_idle: Condvar::new() };
        Self { shared: Arc::new(shared), process: std::process::id() }
    }

    pub(super) fn file(&self) -> &JournalFile {
        &self.shared.file
    }

    /// Takes a line, and returns a future that waits until it is on the disk. It is written even if that future is dropped.
    pub(super) fn write(&self, entry: &Entry<'_>) -> impl Future<Output = Result<()>> + Send + use<> {
        let (sender, written) = oneshot::channel();
        let taken = self.enqueue(entry, Some(sender));
        async {
            taken?;
            written.await.unwrap_or_else(|_| Err(Error::from_panic(&"the thread of the journal has died")))
        }
    }

    /// Takes a line without waiting for it.
    pub(super) fn write_later(&self, entry: &Entry<'_>) {
        let _ = self.enqueue(entry, None); // an error is also that of the next line
    }

    /// Adds a line to the queue, with the number of its place there.
    fn enqueue(&self, entry: &Entry<'_>, waiting: Option<oneshot::Sender<Result<()>>>) -> Result<()> {
        if self.process != std::process::id() {
            return Err(Error::config(
                "journal",
                "the journal belongs to the parent process; create the bulk after the fork",
            ));
        }
        let mut queue = self.shared.queue();
        if let Some(error) = &queue.failed {
            return Err(error.clone());
        }
        match queue.access {
            Access::Locked => {}
            Access::Unlocked => {
                self.shared.file.lock()?;
                queue.access = Access::Locked;
            }
            Access::Closed => return Err(Error::cancelled()),
        }
        if !queue.has_thread {
            self.start_thread()?;
            queue.has_thread = true;
        }
        queue.lines += 1;
        let line = Entry { line: queue.lines, ..*entry }.to_line();
        queue.batch.lines.extend_from_slice(&line);
        queue.batch.waiting.extend(waiting);
        self.shared.has_work.notify_one();
        Ok(())
    }

    fn start_thread(&self) -> Result<()> {
        let shared = self.shared.clone();
        let run = move || {
            block_sigpipe();
            shared.run();
        };
        let started = thread::Builder::new().name("egito-journal".into()).spawn(run);
        started.map(drop).map_err(|error| super::file::cannot_write(self.shared.file.path(), &error))
    }

    /// Unlocks the file, so that another bulk can use it. The next line locks it again.
    pub(super) fn unlock(&self) {
        self.release(Access::Unlocked);
    }

    /// Writes what was taken, unlocks the file, and ends the thread.
    pub(super) fn close(&self) {
        self.release(Access::Closed);
        self.shared.has_work.notify_one();
    }

    fn release(&self, access: Access) {
        if self.process != std::process::id() {
            return; // the file belongs to the parent process
        }
        let mut queue = self.shared.wait_for_disk();
        if queue.access == Access::Locked && !queue.is_writing {
            self.shared.file.unlock();
        }
        if queue.access != Access::Closed {
            queue.access = access;
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    /// Writes batches until the journal is closed.
    fn run(&self) {
        let mut queue = self.queue();
        loop {
            queue = self
                .has_work
                .wait_while(queue, |queue| queue.batch.lines.is_empty() && queue.access != Access::Closed)
                .unwrap_or_else(PoisonError::into_inner);
            let batch = std::mem::take(&mut queue.batch);
            if batch.lines.is_empty() {
                break; // closed
            }
            queue.is_writing = true;
            let failed = queue.failed.clone();
            drop(queue);
            let written = failed.map_or_else(|| self.file.append(&batch.lines), Err);
            queue = self.queue();
            queue.is_writing = false;
            queue.failed = written.clone().err();
            if queue.access != Access::Locked && queue.batch.lines.is_empty() {
                self.file.unlock(); // the caller that released it has stopped to wait
            }
            self.is_idle.notify_all();
            for waiting in batch.waiting {
                let _ = waiting.send(written.clone()); // fails if the row was dropped
            }
        }
    }

    /// Waits for the lines that were taken, at most for [`CLOSE_GRACE`].
    fn wait_for_disk(&self) -> MutexGuard<'_, Queue> {
        let is_busy = |queue: &mut Queue| queue.is_writing || !queue.batch.lines.is_empty();
        let waited = self.is_idle.wait_timeout_while(self.queue(), CLOSE_GRACE, is_busy);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
