//! The operations on the entries of an outbox.

use super::entry::{Counts, Delivery, Entry, EntryAction, EntryQuery};
use super::errors::Work;
use super::file::{OutboxFile, busy_deadline};
use super::group::{group_of_id, group_of_key};
use super::rows::{self, NewEntry};
use super::time;
use crate::blank::is_blank;
use crate::call::Engine;
use crate::clock::SharedClock;
use crate::entity::Entity;
use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::key::{KeyValues, RecordKey};
use crate::per_process::PerProcess;
use crate::record::Record;
use rusqlite::Transaction;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The file of an outbox, and the server of its entries.
#[derive(Debug)]
pub(crate) struct Queue {
    file: PerProcess<Arc<OutboxFile>>,
    server: String,
    clock: SharedClock,
}

impl Queue {
    pub(super) fn new(engine: &Engine, path: &Path) -> Result<Self> {
        check_path(path)?;
        let file = PerProcess::new(OutboxFile::of_process(path)?);
        let server = engine.settings().address()?.to_string();
        Ok(Self { file, server, clock: engine.shared_clock() })
    }

    /// Returns the file of this process.
    pub(super) fn file(&self) -> Result<&Arc<OutboxFile>> {
        self.file.get(|parent| OutboxFile::of_process(&parent.path))
    }

    pub(super) fn now(&self) -> i64 {
        time::now(&*self.clock)
    }

    /// Returns the time until an entry is due after this delivery, if one is.
    pub(super) fn time_to_next(&self, delivery: &Result<Delivery>) -> Option<Duration> {
        let next = delivery.as_ref().ok()?.due_at?;
        Some(Duration::from_millis(u64::try_from(next.saturating_sub(self.now())).unwrap_or(0)))
    }

    pub(super) fn random(&self) -> f64 {
        self.clock.random()
    }

    /// Begins an operation, which waits some seconds for other processes and threads.
    pub(crate) fn begin(&self) -> Operation<'_> {
        self.until(busy_deadline())
    }

    /// Begins an operation that waits until then.
    pub(super) fn until(&self, deadline: Instant) -> Operation<'_> {
        Operation { queue: self, deadline }
    }
}

/// An operation on the file, for callers on any thread.
#[derive(Debug)]
pub(crate) struct Operation<'a> {
    queue: &'a Queue,
    /// Until when it waits for other processes and threads.
    deadline: Instant,
}

impl Operation<'_> {
    pub(super) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Work<T>) -> Result<T> {
        self.queue.file()?.write(&self.queue.server, self.deadline, work)
    }

    fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Work<T>) -> Result<T> {
        self.queue.file()?.read(&self.queue.server, self.deadline, work)
    }

    /// Stores an entry. It is on the disk when this returns its id.
    pub(crate) fn put(&self, entry: &NewEntry) -> Result<i64> {
        let id = self.write(|db| rows::insert(db, entry, self.queue.now()))?;
        self.notify()?;
        Ok(id)
    }

    pub(crate) fn entries(&self, query: &EntryQuery) -> Result<Vec<Entry>> {
        self.read(|db| rows::select(db, query))
    }

    pub(crate) fn get(&self, id: i64) -> Result<Entry> {
        self.read(|db| rows::get(db, id))
    }

    pub(crate) fn counts(&self) -> Result<Counts> {
        self.read(|db| rows::count(db))
    }

    pub(crate) fn retry(&self, id: i64) -> Result<()> {
        self.write(|db| rows::retry(db, id, self.queue.now()))?;
        self.notify()
    }

    pub(crate) fn edit(&self, id: i64, record: &Record) -> Result<()> {
        let group = |entry: &Entry, key: &RecordKey| Ok(group_of_key(&entry.entity, &KeyValues::of(record, key)?));
        self.write(|db| rows::edit(db, id, record, group, self.queue.now()))?;
        self.notify()
    }

    pub(crate) fn discard(&self, id: i64) -> Result<()> {
        self.write(|db| rows::discard(db, id))
    }

    /// Wakes the task of `start`.
    fn notify(&self) -> Result<()> {
        self.queue.file()?.has_new.notify_one();
        Ok(())
    }
}

impl NewEntry {
    /// Returns the entry of a create or an upsert.
    ///
    /// Error `config`: the name of the entity is invalid, or a field of the key has no value.
    pub(crate) fn with_key(
        engine: &Engine,
        action: EntryAction,
        entity: &str,
        record: Record,
        key: RecordKey,
    ) -> Result<Self> {
        Entity::new(engine.clone(), entity)?;
        let group = group_of_key(entity, &KeyValues::of(&record, &key)?);
        let (entity, key, record) = (entity.to_owned(), Some(key), Some(record));
        Ok(Self { action, entity, group, key, record_id: None, record })
    }

    /// Returns the entry of an update or, without fields, of a delete.
    ///
    /// Error `config`: the name of the entity or the id is invalid.
    pub(crate) fn with_id(engine: &Engine, entity: &str, id: RecordId, fields: Option<Record>) -> Result<Self> {
        Entity::new(engine.clone(), entity)?;
        if is_blank(&id.to_string()) {
            return Err(Error::config("id", "invalid `id`: it is empty or blank; pass the id of a record"));
        }
        let group = group_of_id(entity, &id);
        let action = if fields.is_some() { EntryAction::Update } else { EntryAction::Delete };
        Ok(Self { action, entity: entity.to_owned(), group, key: None, record_id: Some(id), record: fields })
    }
}

/// Checks the path before anything is created.
fn check_path(path: &Path) -> Result<()> {
    let text = path.to_string_lossy();
    let mut ends = [text.chars().next(), text.chars().next_back()].into_iter().flatten();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let is_valid = !text.is_empty()
        && !ends.any(|end| is_blank(end.encode_utf8(&mut [0; 4])))
        && !text.contains('\0')
        && !text.starts_with('~')
        && path.file_name().is_some()
        && (!path.exists() || path.is_file())
        && folder.is_none_or(Path::is_dir);
    if is_valid {
        return Ok(());
    }
    let message = format!(
        "invalid `outbox`: expected the path of a file in an existing folder, without `~` and without blanks around it, got \"{}\"",
        text.escape_debug()
    );
    Err(Error::config("outbox", message))
}
