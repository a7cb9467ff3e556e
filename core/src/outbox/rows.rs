//! Reads and changes the entries that callers ask for. Each function runs inside a transaction.

use super::entry::{Counts, Entry, EntryAction, EntryQuery, EntryState};
use super::errors::{Failure, Work, damaged_entry};
use super::group::Group;
use super::time::rfc3339;
use crate::error::{Code, Error};
use crate::id::RecordId;
use crate::key::RecordKey;
use crate::record::Record;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// How many entries a query returns, unless it says otherwise.
const DEFAULT_LIMIT: u32 = 100;

/// The columns that [`read_entry`] reads.
const COLUMNS: &str = "id, state, head, at, action, entity, key, record_id, record, attempts, error, created_at";

/// An entry to be stored.
#[derive(Debug)]
pub(crate) struct NewEntry {
    pub action: EntryAction,
    pub entity: String,
    pub(super) group: Group,
    pub key: Option<RecordKey>,
    pub record_id: Option<RecordId>,
    pub record: Option<Record>,
}

/// Stores an entry and returns its id. A create whose key is known returns the entry that is there. Its record is looked for first if
/// an upsert of the same key may have created it.
pub(super) fn insert(db: &Connection, entry: &NewEntry, now: i64) -> Work<i64> {
    if entry.action == EntryAction::Create {
        let sql = "SELECT id FROM entries WHERE grp = ?1 AND action = ?2 ORDER BY id LIMIT 1";
        let known = db.prepare_cached(sql)?.query_row(params![entry.group, entry.action.number()], |row| row.get(0));
        if let Some(known) = known.optional()? {
            return Ok(known);
        }
    }
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM entries WHERE grp = ?1 AND state < ?2)";
    let is_first = params![entry.group, EntryState::Delivered.number()];
    let is_head: bool = db.prepare_cached(sql)?.query_row(is_first, |row| row.get(0))?;
    let sql = "INSERT INTO entries (state, head, at, grp, action, entity, key, record_id, record, in_doubt, attempts, created_at) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 AND EXISTS (SELECT 1 FROM entries WHERE grp = ?4), 0, ?3)";
    db.prepare_cached(sql)?.execute(params![
        EntryState::Waiting.number(),
        is_head,
        now,
        entry.group,
        entry.action.number(),
        entry.entity,
        entry.key.as_ref().map(RecordKey::to_json),
        entry.record_id.as_ref().map(RecordId::to_json),
        entry.record.as_ref().map(Record::json),
        entry.action == EntryAction::Create,
    ])?;
    Ok(db.last_insert_rowid())
}

/// Returns the entries of a query, in the order of their ids.
pub(super) fn select(db: &Connection, query: &EntryQuery) -> Work<Vec<Entry>> {
    let (after, limit) = (query.after.unwrap_or(i64::MIN), query.limit.unwrap_or(DEFAULT_LIMIT));
    // Most entries are delivered, so these are found faster in the order of their ids than by the index.
    let by_state = match query.state {
        None => "?1 IS NULL",
        Some(EntryState::Delivered) => "+state = ?1",
        Some(_) => "state = ?1",
    };
    let sql = format!("SELECT {COLUMNS} FROM entries WHERE {by_state} AND id > ?2 ORDER BY id LIMIT ?3");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![query.state.map(EntryState::number), after, limit])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(read_entry(row)?);
    }
    Ok(entries)
}

/// Returns one entry.
pub(super) fn get(db: &Connection, id: i64) -> Work<Entry> {
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM entries WHERE id = ?1"))?;
    let mut rows = statement.query([id])?;
    rows.next()?.map_or_else(|| Err(not_found(id)), read_entry)
}

/// Returns the number of entries in each state.
pub(super) fn count(db: &Connection) -> Work<Counts> {
    let mut statement = db.prepare_cached("SELECT state, count(*) FROM entries GROUP BY state")?;
    let mut rows = statement.query([])?;
    let mut counts = Counts::default();
    while let Some(row) = rows.next()? {
        let number = u64::from(row.get::<_, u32>(1)?);
        match state(row, 0)? {
            EntryState::Waiting => counts.waiting = number,
            EntryState::Sending => counts.sending = number,
            EntryState::Refused => counts.refused = number,
            EntryState::Unclear => counts.unclear = number,
            EntryState::Delivered => counts.delivered = number,
        }
    }
    Ok(counts)
}

/// Returns the number of entries with a state.
pub(super) fn count_state(db: &Connection, state: EntryState) -> Work<u64> {
    let sql = "SELECT count(*) FROM entries WHERE state = ?1";
    let number = db.prepare_cached(sql)?.query_row([state.number()], |row| row.get::<_, u32>(0))?;
    Ok(u64::from(number))
}

/// Makes an entry due now, also if it was refused, and ends a pause of the outbox.
pub(super) fn retry(db: &Connection, id: i64, now: i64) -> Work<()> {
    let state = state_of(db, id)?;
    check_state(id, state, "retried", &[EntryState::Waiting, EntryState::Refused, EntryState::Unclear])?;
    let state = if state == EntryState::Unclear { state } else { EntryState::Waiting };
    db.execute("UPDATE entries SET state = ?2, at = ?3 WHERE id = ?1", params![id, state.number(), now])?;
    db.execute("UPDATE outbox SET paused_until = 0", [])?;
    Ok(())
}

/// Replaces the record of an entry that is certainly not done, and makes it due now. `group_of` returns the group of the entry with
/// the new record: it must stay the same.
pub(super) fn edit(
    db: &Connection,
    id: i64,
    record: &Record,
    group_of: impl FnOnce(&Entry, &RecordKey) -> Result<Group, Error>,
    now: i64,
) -> Work<()> {
    let entry = get(db, id)?;
    check_state(id, entry.state, "edited", &[EntryState::Waiting, EntryState::Refused])?;
    if entry.action == EntryAction::Delete {
        return Err(invalid("id", format!("entry {id} is a delete, which has no record; discard it instead")));
    }
    if let Some(key) = key(db, id).map_err(refuse_if_damaged)? {
        let group: Group = db.query_row("SELECT grp FROM entries WHERE id = ?1", [id], |row| row.get(0))?;
        if group_of(&entry, &key).map_err(Failure::Refused)? != group {
            let names = entry.key.join(" + ");
            let message = format!(
                "invalid `record`: its key ({names}) differs from the one of entry {id}; discard the entry and put another one"
            );
            return Err(invalid("record", message));
        }
    }
    let sql = "UPDATE entries SET record = ?2, state = ?3, at = ?4 WHERE id = ?1";
    db.execute(sql, params![id, record.json(), EntryState::Waiting.number(), now])?;
    Ok(())
}

/// Removes an entry that is not done.
pub(super) fn discard(db: &Connection, id: i64) -> Work<()> {
    check_state(id, state_of(db, id)?, "discarded", &[EntryState::Waiting, EntryState::Refused, EntryState::Unclear])?;
    let sql = "DELETE FROM entries WHERE id = ?1 RETURNING grp, head";
    let (group, is_head): (Group, bool) = db.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if is_head {
        promote_next(db, &group)?;
    }
    Ok(())
}

/// Makes the next entry of a group its head, after the head was delivered or removed.
pub(super) fn promote_next(db: &Connection, group: &Group) -> Work<()> {
    let sql = "UPDATE entries SET head = 1 \
               WHERE id = (SELECT id FROM entries WHERE grp = ?1 AND state = ?2 ORDER BY id LIMIT 1)";
    db.prepare_cached(sql)?.execute(params![group, EntryState::Waiting.number()])?;
    Ok(())
}

/// Returns the key of an entry, if it has one.
fn key(db: &Connection, id: i64) -> Work<Option<RecordKey>> {
    let mut statement = db.prepare_cached("SELECT key FROM entries WHERE id = ?1")?;
    let mut rows = statement.query([id])?;
    rows.next()?.map_or_else(|| Err(not_found(id)), |row| read_key(row, 0, id))
}

/// Reads the key in this column of an entry, if it has one.
pub(super) fn read_key(row: &Row<'_>, column: usize, id: i64) -> Work<Option<RecordKey>> {
    read(row, column, id, |json| RecordKey::from_json(json.as_bytes()).map_err(|error| damaged(id, &error)))
}

/// Reads the name of the entity.
pub(super) fn read_entity(row: &Row<'_>, column: usize, id: i64) -> Work<Option<String>> {
    read(row, column, id, Ok)
}

pub(super) fn read_record(row: &Row<'_>, column: usize, id: i64) -> Work<Option<Record>> {
    read(row, column, id, |json| Record::from_bytes(json).map_err(|error| damaged(id, &error)))
}

pub(super) fn read_record_id(row: &Row<'_>, column: usize, id: i64) -> Work<Option<RecordId>> {
    read(row, column, id, |json| RecordId::from_json(&json).ok_or_else(|| damaged(id, &"its record id is not one")))
}

fn read<T>(row: &Row<'_>, column: usize, id: i64, parse: impl FnOnce(String) -> Work<T>) -> Work<Option<T>> {
    let json: Option<String> = row.get(column).map_err(|error| damaged(id, &error))?;
    json.map(parse).transpose()
}

fn damaged(id: i64, why: &dyn std::fmt::Display) -> Failure {
    Failure::Damaged(format!("entry {id}: {why}"))
}

fn read_entry(row: &Row<'_>) -> Work<Entry> {
    let id = row.get(0)?;
    let (state, is_head, at) = (state(row, 1)?, row.get(2)?, row.get(3)?);
    let mut damage = None;
    let entity = readable(read_entity(row, 5, id), &mut damage)?;
    let key = readable(read_key(row, 6, id), &mut damage)?;
    let record_id = readable(read_record_id(row, 7, id), &mut damage)?;
    let record = readable(read_record(row, 8, id), &mut damage)?;
    let error: Option<String> = row.get(10).unwrap_or(None); // one that is damaged is not needed
    let has_next_attempt = is_head && matches!(state, EntryState::Waiting | EntryState::Unclear);
    Ok(Entry {
        id,
        entity: entity.unwrap_or_default(),
        action: action(row, 4, id)?,
        state,
        key: key.map(|key| key.fields.to_vec()).unwrap_or_default(),
        record_id,
        record,
        attempts: row.get(9)?,
        error: damage.or_else(|| Error::from_json(&error?)),
        created_at: rfc3339(row.get(11)?),
        next_attempt_at: has_next_attempt.then(|| rfc3339(at)),
        delivered_at: (state == EntryState::Delivered).then(|| rfc3339(at)),
    })
}

/// Returns what was read, and stores the error of the entry if that is damaged.
fn readable<T>(read: Work<Option<T>>, damage: &mut Option<Error>) -> Work<Option<T>> {
    match read {
        Err(Failure::Damaged(why)) => {
            damage.get_or_insert_with(|| damaged_entry(&why));
            Ok(None)
        }
        read => read,
    }
}

fn refuse_if_damaged(failure: Failure) -> Failure {
    match failure {
        Failure::Damaged(why) => Failure::Refused(damaged_entry(&why)),
        failure => failure,
    }
}

/// Returns the state of an entry, which may be damaged otherwise.
fn state_of(db: &Connection, id: i64) -> Work<EntryState> {
    let mut statement = db.prepare_cached("SELECT state FROM entries WHERE id = ?1")?;
    let mut rows = statement.query([id])?;
    rows.next()?.map_or_else(|| Err(not_found(id)), |row| state(row, 0))
}

fn check_state(id: i64, state: EntryState, what: &str, allowed: &[EntryState]) -> Work<()> {
    if allowed.contains(&state) {
        return Ok(());
    }
    let why = match state {
        EntryState::Sending => "it is sent just now",
        EntryState::Unclear => "it may have been done; deliver first, which looks for its record",
        _ => "it is delivered",
    };
    Err(invalid("id", format!("entry {id} cannot be {what}: {why}")))
}

fn invalid(setting: &str, message: String) -> Failure {
    Failure::Refused(Error::config(setting, message))
}

fn not_found(id: i64) -> Failure {
    let message = format!("the outbox has no entry {id}; it may have been discarded, or delivered long ago");
    Failure::Refused(Error::new(Code::NotFound, message).with(|d| d.id = Some(id.into())))
}

/// Reads the state in this column.
fn state(row: &Row<'_>, column: usize) -> Work<EntryState> {
    let number = integer(row, column)?;
    let state = EntryState::ALL.into_iter().find(|state| state.number() == number);
    state.ok_or_else(|| Failure::Damaged(format!("unknown state {number}")))
}

/// Reads the action in this column.
pub(super) fn action(row: &Row<'_>, column: usize, id: i64) -> Work<EntryAction> {
    let number = integer(row, column)?;
    let action = EntryAction::ALL.into_iter().find(|action| action.number() == number);
    action.ok_or_else(|| damaged(id, &format!("unknown action {number}")))
}

fn integer(row: &Row<'_>, column: usize) -> Work<i64> {
    match row.get_ref(column)? {
        ValueRef::Integer(number) => Ok(number),
        other => Err(Failure::Damaged(format!("expected a number, got {}", other.data_type()))),
    }
}

impl EntryState {
    pub(super) const ALL: [Self; 5] = [Self::Waiting, Self::Sending, Self::Refused, Self::Unclear, Self::Delivered];

    /// Returns the number of the state in the database. All states before `Delivered` have smaller numbers.
    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::Sending => 1,
            Self::Refused => 2,
            Self::Unclear => 3,
            Self::Delivered => 4,
        }
    }
}

impl EntryAction {
    const ALL: [Self; 4] = [Self::Create, Self::Upsert, Self::Update, Self::Delete];

    /// Returns the number of the action in the database.
    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Create => 0,
            Self::Upsert => 1,
            Self::Update => 2,
            Self::Delete => 3,
        }
    }
}
