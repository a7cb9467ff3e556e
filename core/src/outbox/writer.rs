//! The thread that writes to the database during a delivery, so that the calls in flight do not wait for the disk.
//!
//! Each step is one transaction: it stores results and takes the next entries. So while a step waits for the disk, results collect for
//! the next one.

use super::cycle::{self, Claim, Finished, Taken, Verdict};
use super::entry::EntryState;
use super::errors::Work;
use super::file::busy_deadline;
use super::pause::{Pause, Signal};
use super::queue::Queue;
use super::rows;
use super::time;
use super::workers::{Worker, WorkerFolder};
use crate::error::{Error, Result};
use crate::signals::block_sigpipe;
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// How often a long delivery looks for the entries of dead workers.
const RECOVERY_INTERVAL: Duration = Duration::from_secs(1);

/// A handle of the thread. Dropping it ends the thread.
#[derive(Debug)]
pub(super) struct Writer {
    /// `None` once the thread ends.
    commands: Option<Sender<Command>>,
    thread: Option<JoinHandle<()>>,
}

/// The state of the outbox when a delivery ends.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub waiting: u64,
    pub unclear: u64,
    /// In milliseconds since 1970.
    pub next_attempt_at: Option<i64>,
    pub paused_by: Option<Error>,
}

#[derive(Debug)]
enum Command {
    Step { results: Vec<Finished>, limit: usize, reply: oneshot::Sender<Result<Taken>> },
    End { results: Vec<Finished>, reply: oneshot::Sender<Result<Summary>> },
    Abandon { results: Vec<Finished> },
}

/// The state of the thread.
struct Session {
    queue: Arc<Queue>,
    folder: WorkerFolder,
    worker: Option<Worker>,
    keep: Duration,
    /// Results that no transaction has stored yet.
    unwritten: Vec<Finished>,
    recovered_at: Option<Instant>,
    /// Until when the last transaction waited for other processes, if it failed.
    failed_deadline: Option<Instant>,
    has_pruned: bool,
}

impl Writer {
    pub(super) fn start(queue: &Arc<Queue>, keep: Duration) -> Result<Self> {
        let (commands, received) = channel();
        let session = Session::new(queue, keep)?;
        let thread = std::thread::Builder::new().name("egito-outbox".into()).spawn(move || session.run(&received));
        let thread = thread.map_err(|error| {
            Error::config("outbox", format!("the system has no free thread for the outbox: {error}")).caused_by(&error)
        })?;
        Ok(Self { commands: Some(commands), thread: Some(thread) })
    }

    /// Stores results and takes up to `limit` entries.
    pub(super) fn step(&self, results: Vec<Finished>, limit: usize) -> oneshot::Receiver<Result<Taken>> {
        let (reply, receiver) = oneshot::channel();
        self.send(Command::Step { results, limit, reply });
        receiver
    }

    /// Stores the last results, and ends the thread.
    pub(super) async fn end(&mut self, results: Vec<Finished>) -> Result<Summary> {
        let (reply, receiver) = oneshot::channel();
        self.send(Command::End { results, reply });
        self.commands = None;
        let summary = receiver.await.unwrap_or_else(|_| Err(died()));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // its reply was its last work
        }
        summary
    }

    /// Stores results without waiting, and ends the thread.
    pub(super) fn abandon(&mut self, results: Vec<Finished>) {
        if let Some(commands) = self.commands.take() {
            let _ = commands.send(Command::Abandon { results }); // fails if the thread has died
        }
    }

    fn send(&self, command: Command) {
        if let Some(commands) = &self.commands {
            let _ = commands.send(command); // fails if the thread has died: then its reply never comes
        }
    }
}

/// Returns the error for a reply that never comes.
pub(super) fn died() -> Error {
    Error::from_panic(&"the thread of the outbox has died")
}

impl Session {
    fn new(queue: &Arc<Queue>, keep: Duration) -> Result<Self> {
        let folder = WorkerFolder::beside(&queue.file()?.path);
        let (worker, unwritten, recovered_at, failed_deadline, has_pruned) = Default::default();
        Ok(Self { queue: queue.clone(), folder, worker, keep, unwritten, recovered_at, failed_deadline, has_pruned })
    }

    fn run(mut self, commands: &Receiver<Command>) {
        block_sigpipe();
        while let Ok(command) = commands.recv() {
            match command {
                Command::Step { results, limit, reply } => {
                    self.unwritten.extend(results);
                    let taken = self.step(limit);
                    if let Err(Ok(taken)) = reply.send(taken) {
                        self.unwritten.extend(taken.claims.into_iter().map(not_sent)); // the delivery was dropped meanwhile
                    }
                }
                Command::End { results, reply } => {
                    self.unwritten.extend(results);
                    let summary = self.end();
                    drop(self.worker.take());
                    let _ = reply.send(summary); // fails if the delivery was dropped meanwhile
                    return;
                }
                Command::Abandon { results } => self.unwritten.extend(results),
            }
        }
        if let Err(error) = self.end() {
            tracing::warn!(target: "egito", %error, "the results of a delivery were not stored; the entries are in doubt");
        }
    }

    fn step(&mut self, limit: usize) -> Result<Taken> {
        let queue = self.queue.clone();
        let now = queue.now();
        let Self { folder, worker, unwritten, recovered_at, failed_deadline, has_pruned, keep, .. } = self;
        let is_recovery_due = recovered_at.is_none_or(|at| at.elapsed() >= RECOVERY_INTERVAL);
        let taken = write(&queue, failed_deadline, |db| {
            let worker = if let Some(worker) = worker {
                worker
            } else {
                folder.remove_dead();
                worker.insert(folder.register()?)
            };
            if is_recovery_due {
                cycle::repair_times(db, now)?;
                cycle::recover(db, folder, &worker.name, now)?;
            }
            if !*has_pruned {
                *has_pruned = !cycle::prune(db, now.saturating_sub(time::millis(*keep)))?;
            }
            let mut pause = Pause::read(db)?;
            for finished in unwritten.iter() {
                cycle::finish(db, &worker.name, finished, queue.random(), now)?;
                pause.record(db, &finished.signal, finished.claim.is_probe, queue.random(), now)?;
            }
            if limit == 0 || pause.current(now).is_some() {
                return Ok(Taken::default());
            }
            let is_probe = pause.needs_probe();
            let taken = cycle::claim(db, &worker.name, if is_probe { 1 } else { limit }, is_probe, now)?;
            if is_probe && !taken.claims.is_empty() {
                pause.hold(db, queue.random(), now)?;
            }
            Ok(taken)
        })?;
        if is_recovery_due {
            *recovered_at = Some(Instant::now());
        }
        unwritten.clear();
        for (entry, error) in &taken.damaged {
            tracing::warn!(target: "egito", entry, %error, "an entry of the outbox is damaged, so it is refused");
        }
        Ok(taken)
    }

    /// Stores the last results. Entries that are still taken become unclear: they may have been sent.
    fn end(&mut self) -> Result<Summary> {
        let stepped = if self.unwritten.is_empty() { Ok(Taken::default()) } else { self.step(0) };
        let now = self.queue.now();
        let Self { queue, worker, failed_deadline, .. } = self;
        let summary = write(queue, failed_deadline, |db| {
            if let Some(worker) = worker {
                cycle::abandon(db, &worker.name, now)?;
            }
            let pause = Pause::read(db)?;
            let (until, paused_by) = pause.current(now).unzip();
            let next = cycle::next_due(db)?;
            Ok(Summary {
                waiting: rows::count_state(db, EntryState::Waiting)?,
                unclear: rows::count_state(db, EntryState::Unclear)?,
                next_attempt_at: next.map(|next| next.max(until.unwrap_or(i64::MIN))),
                paused_by: paused_by.flatten().cloned(),
            })
        });
        stepped.and(summary)
    }
}

/// Changes the database in one transaction. One that follows a failed one waits no longer than that one: a delivery waits once for a
/// program that locks the file.
fn write<T>(
    queue: &Queue,
    failed_deadline: &mut Option<Instant>,
    work: impl FnOnce(&Connection) -> Work<T>,
) -> Result<T> {
    let deadline = failed_deadline.unwrap_or_else(busy_deadline);
    let result = queue.until(deadline).write(|transaction| work(transaction));
    *failed_deadline = result.is_err().then_some(deadline);
    result
}

/// Returns the result of an entry that was taken, but not sent.
pub(super) fn not_sent(claim: Claim) -> Finished {
    Finished { claim, verdict: Verdict::NotSent, signal: Signal::Unknown }
}
