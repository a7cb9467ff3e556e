//! The steps of a worker in the database: take entries to send, store results, pause the outbox. Each function runs inside a
//! transaction.
//!
//! An entry is taken before it is sent: if the worker dies, the entry is known to be in doubt.

use super::entry::{EntryAction, EntryState};
use super::errors::{Failure, Work, damaged_entry};
use super::group::Group;
use super::pause::{self, Signal};
use super::rows::{self, promote_next};
use super::time::millis;
use super::workers::WorkerFolder;
use crate::error::Error;
use crate::id::RecordId;
use crate::key::{Lookup, RecordKey};
use crate::record::Record;
use rusqlite::{Connection, Row, params};
use std::time::Duration;

/// The pause after the first failed attempt of an entry. Each further one is twice as long.
const BASE_BACKOFF: Duration = Duration::from_secs(1);

/// The longest pause between two attempts of an entry.
const MAX_BACKOFF: Duration = Duration::from_secs(900);

/// How many delivered entries are removed at a time.
const PRUNED_AT_ONCE: u32 = 1000;

/// An entry that a worker has taken.
#[derive(Debug)]
pub(super) struct Claim {
    pub id: i64,
    pub action: EntryAction,
    pub entity: String,
    pub key: Option<RecordKey>,
    pub record_id: Option<RecordId>,
    pub record: Option<Record>,
    /// Whether it may have been done before.
    pub is_in_doubt: bool,
    /// Whether it is the only one that is sent, to find out whether an outage has ended.
    pub is_probe: bool,
    before: Before,
}

impl Claim {
    /// Sets how its record is looked for, instead of what the entry says.
    pub(super) fn with_lookup(mut self, lookup: Option<Lookup>) -> Self {
        if let Some(key) = &mut self.key {
            key.lookup = lookup.or(key.lookup);
        }
        self
    }
}

/// What a worker has taken.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub claims: Vec<Claim>,
    /// The ids of entries that cannot be read. They are refused, so that they do not hold back others.
    pub damaged: Vec<(i64, Error)>,
}

/// The columns of an entry before it was taken.
#[derive(Clone, Copy, Debug)]
struct Before {
    state: i64,
    at: i64,
    attempts: u32,
}

/// What became of an entry.
#[derive(Debug)]
pub(super) struct Finished {
    pub claim: Claim,
    pub verdict: Verdict,
    pub signal: Signal,
}

/// The next state of an entry.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It is done; with the id of its record.
    Delivered(RecordId),
    /// It is not done, and would fail again.
    Refused(Error),
    /// It may be done.
    Unclear(Error),
    /// It is not done, or can be done again.
    Waiting { error: Error, is_in_doubt: bool },
    /// Nothing was sent.
    NotSent,
}

/// Repairs what only a clock that was set back can cause: an entry that is due far in the future.
pub(super) fn repair_times(db: &Connection, now: i64) -> Work<()> {
    for state in [EntryState::Waiting, EntryState::Unclear] {
        let sql = "UPDATE entries SET at = ?1 WHERE state = ?2 AND head = 1 AND at > ?3";
        db.execute(sql, params![now, state.number(), now + millis(MAX_BACKOFF)])?;
    }
    pause::repair_times(db, now)
}

/// Makes the entries of dead workers unclear.
pub(super) fn recover(db: &Connection, folder: &WorkerFolder, own: &str, now: i64) -> Work<()> {
    let sql = "SELECT DISTINCT worker FROM entries WHERE state = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let workers = statement.query_map([EntryState::Sending.number()], |row| row.get::<_, Option<String>>(0))?;
    for worker in workers.collect::<Result<Vec<_>, _>>()? {
        let is_alive = match &worker {
            Some(name) => name == own || folder.is_alive(name)?,
            None => false,
        };
        if !is_alive {
            let sql = "UPDATE entries SET state = ?1, at = ?2, worker = NULL WHERE state = ?3 AND worker IS ?4";
            db.execute(sql, params![EntryState::Unclear.number(), now, EntryState::Sending.number(), worker])?;
        }
    }
    Ok(())
}

/// Removes entries that were delivered before this time. Returns whether there may be more.
pub(super) fn prune(db: &Connection, before: i64) -> Work<bool> {
    let sql =
        "DELETE FROM entries WHERE id IN (SELECT id FROM entries WHERE state = ?1 AND head = 0 AND at < ?2 LIMIT ?3)";
    let removed = db.prepare_cached(sql)?.execute(params![EntryState::Delivered.number(), before, PRUNED_AT_ONCE])?;
    Ok(removed == PRUNED_AT_ONCE as usize)
}

/// Takes up to `limit` entries that are due, the oldest first. Only the first entry of each group can be.
pub(super) fn claim(db: &Connection, worker: &str, limit: usize, is_probe: bool, now: i64) -> Work<Taken> {
    let Taken { mut claims, mut damaged } = Taken::default();
    for state in [EntryState::Unclear, EntryState::Waiting] {
        let sql = "SELECT id, action, entity, key, record_id, record, in_doubt, at, attempts FROM entries \
                   WHERE state = ?1 AND head = 1 AND at <= ?2 ORDER BY at, id";
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query(params![state.number(), now])?;
        while claims.len() < limit
            && let Some(row) = rows.next()?
        {
            let id = row.get(0)?;
            match read_claim(row, id, state, is_probe) {
                Ok(claim) => claims.push(claim),
                Err(Failure::Damaged(why)) => damaged.push((id, damaged_entry(&why))),
                Err(failure) => return Err(failure),
            }
        }
    }
    let sql = "UPDATE entries SET state = ?1, worker = ?2, in_doubt = 1, attempts = attempts + 1 WHERE id = ?3";
    let mut statement = db.prepare_cached(sql)?;
    for claim in &claims {
        statement.execute(params![EntryState::Sending.number(), worker, claim.id])?;
    }
    for (id, error) in &damaged {
        let sql = "UPDATE entries SET state = ?1, at = ?2, error = ?3 WHERE id = ?4";
        db.execute(sql, params![EntryState::Refused.number(), now, error.to_json(), id])?;
    }
    Ok(Taken { claims, damaged })
}

/// Stores the result of an entry.
pub(super) fn finish(db: &Connection, worker: &str, finished: &Finished, random: f64, now: i64) -> Work<()> {
    let Finished { claim, verdict, .. } = finished;
    let at = now + millis(backoff(claim.before.attempts, random));
    match verdict {
        Verdict::Delivered(record_id) => delivered(db, claim, record_id, now),
        Verdict::Refused(error) => set_state(db, worker, claim, EntryState::Refused, now, false, Some(error)),
        Verdict::Unclear(error) => set_state(db, worker, claim, EntryState::Unclear, at, true, Some(error)),
        Verdict::Waiting { error, is_in_doubt } => {
            set_state(db, worker, claim, EntryState::Waiting, at, *is_in_doubt, Some(error))
        }
        Verdict::NotSent => release(db, worker, claim),
    }
}

/// Puts an entry back as it was before it was taken.
fn release(db: &Connection, worker: &str, claim: &Claim) -> Work<()> {
    let Before { state, at, attempts } = claim.before;
    let sql = "UPDATE entries SET state = ?1, at = ?2, attempts = ?3, in_doubt = ?4, worker = NULL \
               WHERE id = ?5 AND state = ?6 AND worker = ?7";
    let values = params![state, at, attempts, claim.is_in_doubt, claim.id, EntryState::Sending.number(), worker];
    db.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Makes the entries that a worker still has unclear.
pub(super) fn abandon(db: &Connection, worker: &str, now: i64) -> Work<()> {
    let sql = "UPDATE entries SET state = ?1, at = ?2, worker = NULL WHERE state = ?3 AND worker = ?4";
    db.execute(sql, params![EntryState::Unclear.number(), now, EntryState::Sending.number(), worker])?;
    Ok(())
}

/// Returns when the next entry is due.
pub(super) fn next_due(db: &Connection) -> Work<Option<i64>> {
    let mut next = None;
    for state in [EntryState::Waiting, EntryState::Unclear] {
        let sql = "SELECT min(at) FROM entries WHERE state = ?1 AND head = 1";
        let due: Option<i64> = db.prepare_cached(sql)?.query_row([state.number()], |row| row.get(0))?;
        next = [next, due].into_iter().flatten().min();
    }
    Ok(next)
}

/// Stores that an entry is done, even if this worker was believed dead meanwhile and another one sends the entry now.
fn delivered(db: &Connection, claim: &Claim, record_id: &RecordId, now: i64) -> Work<()> {
    let sql = "UPDATE entries SET state = ?1, head = 0, at = ?2, record_id = ?3, in_doubt = 0, error = NULL, worker = NULL \
               WHERE id = ?4 AND state <> ?1 RETURNING grp";
    let mut statement = db.prepare_cached(sql)?;
    let values = params![EntryState::Delivered.number(), now, record_id.to_json(), claim.id];
    let groups: Vec<Group> = statement.query_map(values, |row| row.get(0))?.collect::<Result<_, _>>()?;
    groups.iter().try_for_each(|group| promote_next(db, group))
}

fn set_state(
    db: &Connection,
    worker: &str,
    claim: &Claim,
    state: EntryState,
    at: i64,
    is_in_doubt: bool,
    error: Option<&Error>,
) -> Work<()> {
    let sql = "UPDATE entries SET state = ?1, at = ?2, in_doubt = ?3, error = ?4, worker = NULL \
               WHERE id = ?5 AND state = ?6 AND worker = ?7";
    let error = error.map(Error::to_json_without_record);
    let values = params![state.number(), at, is_in_doubt, error, claim.id, EntryState::Sending.number(), worker];
    db.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

fn read_claim(row: &Row<'_>, id: i64, state: EntryState, is_probe: bool) -> Work<Claim> {
    Ok(Claim {
        id,
        action: rows::action(row, 1, id)?,
        entity: rows::read_entity(row, 2, id)?.unwrap_or_default(),
        key: rows::read_key(row, 3, id)?,
        record_id: rows::read_record_id(row, 4, id)?,
        record: rows::read_record(row, 5, id)?,
        is_in_doubt: row.get(6)?,
        is_probe,
        before: Before { state: state.number(), at: row.get(7)?, attempts: row.get(8)? },
    })
}

/// Returns the pause before the next attempt, after this many earlier ones.
fn backoff(attempts: u32, random: f64) -> Duration {
    let pause = BASE_BACKOFF.saturating_mul(1 << attempts.min(16)).min(MAX_BACKOFF);
    pause.mul_f64(0.5 + random / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pauses_of_an_entry_grow_up_to_the_maximum() {
        let seconds = |attempts| backoff(attempts, 1.0).as_secs();
        assert_eq!([0, 1, 2, 9, 10, u32::MAX].map(seconds), [1, 2, 4, 512, 900, 900]);
        assert_eq!(backoff(0, 0.0), Duration::from_millis(500));
    }
}
