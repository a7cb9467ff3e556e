//! Changes that are read while others write and delete, against a model of the server, with 1,000 seeds.

use super::mark::hash;
use super::{ChangesOptions, ChangesPaging, Origin, Row};
use crate::list::decision::{NextStep, PageRequest};
use crate::list::row_range::RowRange;
use fastrand::Rng;
use std::collections::HashMap;
use std::time::Duration;

const SEEDS: u64 = 1_000;

/// More requests than any list of this size needs. A client that sends more is in a loop.
const MAX_REQUESTS: usize = 5_000;

/// The longest time from the value of a change to its commit.
const LAG: i64 = 10;

/// One version of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Version {
    id: i64,
    value: i64,
    number: u32,
}

/// The order of records with equal values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ties {
    Ascending,
    Descending,
    Random,
}

/// The server: its records, its clock, and changes that are not committed yet.
struct Server {
    rng: Rng,
    ties: Ties,
    cap: Option<usize>,
    rows: Vec<Version>,
    uncommitted: Vec<(i64, Version)>,
    now: i64,
    next_id: i64,
    /// Maximum number of writes before each response.
    writes: usize,
    /// Maximum by which the clock advances before each write.
    pace: i64,
}

impl Server {
    fn new(seed: u64, ties: Ties) -> Self {
        let mut rng = Rng::with_seed(seed);
        let (length, pace) = (rng.i64(0..150), *rng.choice(&[0, 1, 1, 3, 20]).unwrap());
        let spread = *rng.choice(&[1, 3, 30, 400]).unwrap();
        let rows = (0..length).map(|id| Version { id, value: rng.i64(0..spread), number: 0 }).collect();
        let cap = (ties != Ties::Random && rng.bool()).then(|| rng.usize(2..20));
        let writes = rng.usize(0..6);
        Self { rng, ties, cap, rows, uncommitted: Vec::new(), now: spread, next_id: length, writes, pace }
    }

    /// Writes and deletes a few records.
    fn work(&mut self) {
        for _ in 0..self.rng.usize(0..=self.writes) {
            self.now += self.rng.i64(0..=self.pace);
            self.commit(self.now);
            let index = self.rng.usize(0..=self.rows.len());
            match (self.rng.u8(0..10), self.rows.get(index).cloned()) {
                (0..3, Some(row)) => self.rows.retain(|other| other.id != row.id),
                (3..7, Some(row)) if !self.uncommitted.iter().any(|(_, other)| other.id == row.id) => {
                    self.write(Version { value: self.now, number: row.number + 1, ..row });
                }
                _ => {
                    self.next_id += 1;
                    self.write(Version { id: self.next_id, value: self.now, number: 0 });
                }
            }
        }
    }

    fn write(&mut self, version: Version) {
        let delay = if self.rng.u8(0..4) == 0 { self.rng.i64(0..=LAG) } else { 0 };
        self.uncommitted.push((self.now + delay, version));
        self.commit(self.now);
    }

    fn commit(&mut self, until: i64) {
        let (due, rest) = std::mem::take(&mut self.uncommitted).into_iter().partition(|(when, _)| *when <= until);
        self.uncommitted = rest;
        for (_, version) in due {
            let is_new = version.number == 0;
            let row = self.rows.iter_mut().find(|row| row.id == version.id);
            match row {
                Some(row) => *row = version,
                None if is_new => self.rows.push(version),
                None => {} // it was deleted meanwhile
            }
        }
    }

    fn page(&mut self, request: PageRequest) -> Vec<Version> {
        let (ties, salt) = (self.ties, self.rng.u64(..));
        self.rows.sort_by_key(|row| {
            let tie = match ties {
                Ties::Ascending => row.id,
                Ties::Descending => -row.id,
                Ties::Random => hash(&[row.id.cast_unsigned(), salt].map(u64::to_ne_bytes).concat()).cast_signed(),
            };
            (-row.value, tie)
        });
        let length = self.cap.map_or(request.max, |cap| cap.min(request.max));
        self.rows.iter().skip(request.offset).take(length).cloned().collect()
    }
}

/// Reads the changes once. Returns the records and the mark, or the reason why they cannot be read.
fn read(
    server: &mut Server,
    since: Option<&str>,
    page_size: u32,
    is_busy: bool,
) -> Result<(Vec<Version>, String), String> {
    let lag = Duration::from_secs(LAG.cast_unsigned());
    let options = ChangesOptions { since: since.map(str::to_owned), by: "value".into(), lag };
    let mut paging = ChangesPaging::new(&options, Origin::default(), page_size, RowRange::new(0, None)).unwrap();
    let mut returned = Vec::new();
    for _ in 0..MAX_REQUESTS {
        if is_busy {
            server.work();
        }
        assert_eq!(paging.mark(), None, "not before the end");
        let page = server.page(paging.request());
        let rows: Vec<Row> = page.iter().map(|version| Row::new(version.id, version.value)).collect();
        let decision = paging.on_page(&rows, None, None, |index| hash(format!("{:?}", page[index]).as_bytes()));
        returned.extend(page.into_iter().zip(decision.keep).filter(|(_, keep)| *keep).map(|(version, _)| version));
        match decision.step {
            NextStep::More => {}
            NextStep::End => return Ok((returned, paging.mark().expect("the list was read to its end"))),
            NextStep::Unreadable(reason) => return Err(reason),
        }
    }
    panic!("still not at the end after {MAX_REQUESTS} requests");
}

/// Reads the changes several times while others write, then once more. Returns whether every list was read to its end.
fn check(seed: u64, ties: Ties, page_sizes: std::ops::Range<u32>) -> bool {
    let mut server = Server::new(seed, ties);
    let page_size = server.rng.u32(page_sizes);
    let (mut mark, mut all, mut failures) = (None::<String>, HashMap::<Version, u32>::new(), Vec::new());
    let calls = server.rng.usize(1..6);
    for call in 0..=calls {
        let is_last = call == calls;
        if is_last {
            server.commit(i64::MAX);
        } else if server.rng.bool() {
            server.work();
            server.now += server.rng.i64(0..50);
        }
        match read(&mut server, mark.as_deref(), page_size, !is_last) {
            Ok((returned, next)) => {
                for version in returned {
                    *all.entry(version).or_default() += 1;
                }
                mark = Some(next);
            }
            Err(reason) => failures.push((is_last, reason)),
        }
    }
    let twice: Vec<_> = all.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "seed {seed}, {ties:?}: returned twice: {twice:?}");
    let last_failed = failures.iter().any(|(is_last, _)| *is_last);
    assert!(!last_failed || ties == Ties::Random, "seed {seed}, {ties:?}: {failures:?}");
    if !last_failed {
        let missed: Vec<_> = server.rows.iter().filter(|row| !all.contains_key(row)).collect();
        assert!(missed.is_empty(), "seed {seed}, {ties:?}, page size {page_size}: missed {missed:?}");
    }
    failures.is_empty()
}

/// Returns the number of seeds of which every list was read to its end.
fn complete(ties: Ties, page_sizes: std::ops::Range<u32>) -> usize {
    (0..SEEDS).filter(|seed| check(*seed, ties, page_sizes.clone())).count()
}

#[test]
fn every_change_is_returned_once_while_others_write_and_delete() {
    for ties in [Ties::Ascending, Ties::Descending] {
        let complete = complete(ties, 2..60);
        assert!(complete > 900, "{ties:?}: too many errors, {complete}"); // pages of two rows may be slower than the others write
    }
}

/// With pages of a few rows, a random order can look like the former one.
#[test]
fn equal_values_in_a_new_order_for_each_request_are_complete_or_an_error() {
    let complete = complete(Ties::Random, 30..60);
    assert!(complete > 750, "too many errors, {complete}");
}
