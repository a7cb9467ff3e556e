//! Changes files of older versions.
//!
//! In version 1, the order of the fields of a key made another group: `["a", "b"]` and `["b", "a"]` were different keys.

use super::entry::EntryState;
use super::errors::Work;
use super::group::{Group, group_of_key};
use crate::key::{KeyValues, RecordKey};
use crate::record::Record;
use rusqlite::{Connection, params};

/// Changes a file of version 1: gives each entry the group that its key has now.
///
/// Groups that become one may have an entry each that creates the same record. So these are in doubt, and are looked for first.
pub(super) fn migrate(db: &Connection) -> Work<()> {
    let sql = "SELECT id, entity, key, record, grp FROM entries WHERE key IS NOT NULL";
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut changed = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, before): (i64, Group) = (row.get(0)?, row.get(4)?);
        let (entity, key, record): (String, String, Option<String>) = (row.get(1)?, row.get(2)?, row.get(3)?);
        // An entry that cannot be read stays as it is, and is reported when it is used.
        let group = record.and_then(|record| group_of(&entity, &key, record));
        changed.extend(group.filter(|group| *group != before).map(|group| (id, group)));
    }
    for (id, group) in changed {
        let sql = "UPDATE entries SET grp = ?2, in_doubt = (state <> ?3) WHERE id = ?1";
        db.execute(sql, params![id, group, EntryState::Delivered.number()])?;
        let sql =
            "UPDATE entries SET head = id = (SELECT min(id) FROM entries WHERE grp = ?1 AND state < ?2) WHERE grp = ?1";
        db.execute(sql, params![group, EntryState::Delivered.number()])?;
    }
    Ok(())
}

fn group_of(entity: &str, key: &str, record: String) -> Option<Group> {
    let key = RecordKey::from_json(key.as_bytes()).ok()?;
    let record = Record::from_bytes(record).ok()?;
    Some(group_of_key(entity, &KeyValues::of(&record, &key).ok()?))
}
