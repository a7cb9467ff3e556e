//! Stores records. This folder is the only one with SQL.

mod cache;
mod key;
mod query;
mod uncommitted;

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use cache::StoreCache;
pub(crate) use key::Key;
pub(crate) use query::{Order, Query};
use uncommitted::{NewRecord, Uncommitted};

use crate::clock::Instant;

/// All records, in memory or in a file.
#[derive(Debug)]
pub(crate) struct Store {
    db: Connection,
    /// The next id of each entity. Ids of deleted records are not used again.
    next_ids: HashMap<String, i64>,
    cache: StoreCache,
    uncommitted: Uncommitted,
}

impl Store {
    pub fn open(file: Option<&Path>) -> rusqlite::Result<Self> {
        let db = match file {
            Some(file) => Connection::open(file)?,
            None => Connection::open_in_memory()?,
        };
        db.set_prepared_statement_cache_capacity(64);
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;")?;
        db.execute_batch(include_str!("schema.sql"))?;
        Ok(Self { db, next_ids: HashMap::new(), cache: StoreCache::default(), uncommitted: Uncommitted::default() })
    }

    /// Returns whether `mark_seeded` was called on this file.
    pub fn is_seeded(&self) -> rusqlite::Result<bool> {
        self.db.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)).map(|version| version > 0)
    }

    pub fn mark_seeded(&self) -> rusqlite::Result<()> {
        self.db.execute_batch("PRAGMA user_version = 1")
    }

    pub fn clear(&mut self) -> rusqlite::Result<()> {
        self.clear_caches();
        self.uncommitted.clear();
        self.db.execute_batch("DELETE FROM records")
    }

    /// Runs several changes in one transaction: all or none.
    pub fn in_transaction<T, E: From<rusqlite::Error>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let uncommitted = self.uncommitted.clone();
        self.db.execute_batch("BEGIN")?;
        let result = work(self);
        if result.is_err() {
            self.clear_caches();
            self.uncommitted = uncommitted;
        }
        self.db.execute_batch(if result.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        result
    }

    /// Returns the id for a new record.
    pub fn next_id(&mut self, entity: &str) -> rusqlite::Result<i64> {
        let next = self.peek_next_id(entity)?;
        self.next_ids.insert(entity.to_owned(), next.saturating_add(1));
        Ok(next)
    }

    /// Stores a record, and replaces one with the same id.
    pub fn put(&mut self, entity: &str, key: &Key, body: &str) -> rusqlite::Result<()> {
        if let (Key::Number(id), Some(next)) = (key, self.next_ids.get_mut(entity)) {
            *next = (*next).max(id.saturating_add(1));
        }
        self.cache.invalidate(entity);
        let sql = "INSERT INTO records (entity, id, body) VALUES (?1, ?2, ?3)
                   ON CONFLICT (entity, id) DO UPDATE SET body = excluded.body";
        self.db.prepare_cached(sql)?.execute(params![entity, key, body])?;
        Ok(())
    }

    /// Stores a new record at the time `due`, when [`commit`](Self::commit) is called.
    pub fn put_later(&mut self, due: Instant, entity: &str, id: i64, body: String) {
        self.uncommitted.add(NewRecord { due, entity: entity.to_owned(), id, body });
    }

    /// Stores the new records whose time has come.
    pub fn commit(&mut self, now: Instant) -> rusqlite::Result<()> {
        for record in self.uncommitted.take_due(now) {
            self.put(&record.entity, &Key::Number(record.id), &record.body)?;
        }
        Ok(())
    }

    /// Returns the JSON of the new records that no action sees yet.
    pub fn uncommitted(&self, entity: &str) -> impl Iterator<Item = &str> {
        self.uncommitted.of(entity).map(|record| record.body.as_str())
    }

    /// Returns the entities that have records, and the number of their records.
    pub fn entities(&self) -> rusqlite::Result<Vec<(String, i64)>> {
        let mut statement = self.db.prepare_cached("SELECT entity, count(*) FROM records GROUP BY entity")?;
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }

    pub fn get(&self, entity: &str, key: &Key) -> rusqlite::Result<Option<String>> {
        let mut statement = self.db.prepare_cached("SELECT body FROM records WHERE entity = ?1 AND id = ?2")?;
        statement.query_row(params![entity, key], |row| row.get(0)).optional()
    }

    /// Deletes a record. Returns whether it existed.
    pub fn delete(&mut self, entity: &str, key: &Key) -> rusqlite::Result<bool> {
        if let Key::Number(_) = key {
            // The counter must see this id before it is deleted.
            let next = self.peek_next_id(entity)?;
            self.next_ids.insert(entity.to_owned(), next);
        }
        self.cache.invalidate(entity);
        let mut statement = self.db.prepare_cached("DELETE FROM records WHERE entity = ?1 AND id = ?2")?;
        Ok(statement.execute(params![entity, key])? > 0)
    }

    /// Returns the number of records that match the query, on all pages.
    pub fn count(&mut self, entity: &str, query: &Query) -> rusqlite::Result<i64> {
        if let Some(count) = self.cache.count(entity, query) {
            return Ok(count);
        }
        let (sql, values) = query.count_sql(entity);
        let count = self.db.prepare_cached(&sql)?.query_row(params_from_iter(values), |row| row.get(0))?;
        self.cache.note_count(entity, query, count);
        Ok(count)
    }

    /// Calls `visit` with the JSON of each record of a page, without a copy.
    pub fn each(&mut self, entity: &str, query: &Query, mut visit: impl FnMut(&str)) -> rusqlite::Result<()> {
        let (sql, values) = query.page_sql(entity, self.cache.before(entity, query));
        let (mut count, mut last) = (0, None);
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            visit(row.get_ref(0)?.as_str()?);
            count += 1;
            last = Some(row.get(1)?);
        }
        self.cache.note_page(entity, query, count, last);
        Ok(())
    }

    fn peek_next_id(&self, entity: &str) -> rusqlite::Result<i64> {
        if let Some(next) = self.next_ids.get(entity) {
            return Ok(*next);
        }
        // Strings sort after integers, so `max` of all ids would hide the greatest integer.
        let sql = "SELECT max(id) FROM records WHERE entity = ?1 AND id < ''";
        let greatest: Option<i64> = self.db.prepare_cached(sql)?.query_row([entity], |row| row.get(0))?;
        let uncommitted = self.uncommitted.of(entity).map(|record| record.id).max();
        Ok(greatest.max(uncommitted).unwrap_or_default().saturating_add(1))
    }

    fn clear_caches(&mut self) {
        self.next_ids.clear();
        self.cache.clear();
    }
}
