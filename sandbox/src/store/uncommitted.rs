//! New records that the server has responded to and not committed yet [G].

use crate::clock::Instant;

/// The new records whose transaction is not committed yet, in the order of their creates.
#[derive(Clone, Debug, Default)]
pub(super) struct Uncommitted(Vec<NewRecord>);

/// A record that no action sees yet.
#[derive(Clone, Debug)]
pub(super) struct NewRecord {
    /// The time of the commit.
    pub due: Instant,
    pub entity: String,
    pub id: i64,
    pub body: String,
}

impl Uncommitted {
    pub fn add(&mut self, record: NewRecord) {
        self.0.push(record);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Removes and returns the records whose time has come.
    pub fn take_due(&mut self, now: Instant) -> Vec<NewRecord> {
        let (due, rest) = self.0.drain(..).partition(|record| record.due <= now);
        self.0 = rest;
        due
    }

    pub fn of(&self, entity: &str) -> impl Iterator<Item = &NewRecord> {
        self.0.iter().filter(move |record| record.entity == entity)
    }
}
