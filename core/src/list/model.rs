//! Property tests of paging against a model server with all the habits that servers have.

#![allow(clippy::cast_possible_wrap)] // the lists are short

use super::mark::Mark;
use super::paging::{Paging, Step};
use crate::envelope::Count;
use proptest::prelude::*;

/// More requests than any list of this size can need: beyond it the client would loop.
const PATIENCE: usize = 2_000;

/// How the server treats what it is asked.
#[derive(Clone, Debug)]
struct Habits {
    cap: Option<usize>,
    ignores_offset: bool,
    ignores_max: bool,
    has_ids: bool,
    /// The count it tells, as a difference to the true one.
    count: Option<(i64, bool)>,
    /// Rows that come again at the beginning of each page but the first.
    repeats_rows: usize,
}

/// What others do meanwhile: after how many requests, to the row at which share of the list.
type Changes = Vec<(usize, f64, Change)>;

#[derive(Clone, Copy, Debug)]
enum Change {
    Delete,
    /// To this share of the rows behind it, as a row that is renamed; but no row that pages join at, since it would mislead.
    Move(f64),
}

fn changes() -> impl Strategy<Value = Changes> {
    let change = prop_oneof![Just(Change::Delete), Just(Change::Move(1.0)), (0.0_f64..=1.0).prop_map(Change::Move)];
    prop::collection::vec((0_usize..40, 0.0_f64..1.0, change), 0..30)
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn place(share: f64, length: usize) -> usize {
    (share * length as f64) as usize
}

/// Makes one change; gives the row that was moved.
fn apply(rows: &mut Vec<i64>, share: f64, change: Change, joints: &[i64]) -> Option<i64> {
    let from = place(share, rows.len());
    let row = *rows.get(from)?;
    match change {
        Change::Delete => drop(rows.remove(from)),
        Change::Move(_) if joints.contains(&row) => return None,
        Change::Move(to) => {
            rows.remove(from);
            rows.insert(from + place(to, rows.len() - from), row);
        }
    }
    matches!(change, Change::Move(_)).then_some(row)
}

fn habits() -> impl Strategy<Value = Habits> {
    let count = prop_oneof![Just(None), any::<bool>().prop_map(|is_total| Some((0, is_total)))];
    let cap = prop_oneof![Just(None), (1_usize..30).prop_map(Some)];
    let rarely = prop::bool::weighted(0.15);
    (cap, rarely, rarely, prop::bool::weighted(0.8), count, prop_oneof![4 => Just(0), 1 => 1_usize..4]).prop_map(
        |(cap, ignores_offset, ignores_max, has_ids, count, repeats_rows)| Habits {
            cap,
            ignores_offset,
            ignores_max,
            has_ids,
            count,
            repeats_rows,
        },
    )
}

impl Habits {
    fn page(&self, rows: &[i64], offset: usize, max: usize) -> Vec<i64> {
        let from = if self.ignores_offset { 0 } else { offset.saturating_sub(self.repeats_rows).min(rows.len()) };
        let max = if self.ignores_max { rows.len() } else { max };
        let length = self.cap.map_or(max, |cap| max.min(cap));
        rows[from..].iter().take(length).copied().collect()
    }

    /// Leaves out what no client can see: the list then ends as the contract says.
    fn can_be_read(&self, length: i64, page_size: u32, overlap: u32) -> bool {
        // A row without an id that comes again looks like one that is there twice.
        let twins = !self.has_ids && self.repeats_rows > 0;
        // A server that ignores the offset and sends a part, but not what was asked for, looks like one that sends everything.
        let all: Vec<i64> = (0..length).collect();
        let sent = self.page(&all, 0, page_size as usize).len();
        let stuck = self.ignores_offset || self.repeats_rows + overlap as usize >= sent;
        let cut = stuck && sent != page_size as usize && sent < all.len();
        !twins && !cut
    }

    fn count(&self, rows: &[i64]) -> Option<Count> {
        let (difference, is_total) = self.count?;
        let value = u64::try_from(i64::try_from(rows.len()).unwrap() + difference).ok()?;
        Some(Count { value, is_total })
    }

    fn mark(&self, row: i64) -> Mark {
        let id = egito_id(row);
        Mark::of(self.has_ids.then_some(&id), &row.to_le_bytes())
    }
}

fn egito_id(row: i64) -> crate::id::RecordId {
    row.into()
}

/// What came of reading the whole list: the rows given out, and whether it ended well.
fn read(habits: &Habits, rows: &mut Vec<i64>, page_size: u32, overlap: u32) -> (Vec<i64>, bool) {
    let (given, _, complete) = read_amid(habits, rows, page_size, overlap, &Vec::new());
    (given, complete)
}

/// The same while others change the list: the rows given out, those that were moved, and whether it ended well.
fn read_amid(
    habits: &Habits,
    rows: &mut Vec<i64>,
    page_size: u32,
    overlap: u32,
    changes: &Changes,
) -> (Vec<i64>, Vec<i64>, bool) {
    let mut paging = Paging::new(page_size, overlap, true);
    let (mut given, mut moved, mut joints) = (Vec::new(), Vec::new(), Vec::new());
    for request in 0..PATIENCE {
        for &(_, share, change) in changes.iter().filter(|(when, ..)| *when == request) {
            moved.extend(apply(rows, share, change, &joints));
        }
        let page = habits.page(rows, paging.offset(), page_size as usize);
        let verdict = paging.after(page.iter().map(|&row| habits.mark(row)).collect(), habits.count(rows));
        joints.extend(page.iter().rev().take(overlap as usize));
        given.extend(page.iter().zip(&verdict.give).filter(|&(_, &give)| give).map(|(&row, _)| row));
        match verdict.step {
            Step::More => {}
            Step::End => return (given, moved, true),
            Step::Unreadable(_) => return (given, moved, false),
        }
    }
    panic!("still not at the end after {PATIENCE} requests");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, max_global_rejects: 40_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_count_that_lies_cuts_only_where_a_short_page_bears_it_out(
        habits in habits(), length in 0_i64..120, page_size in 1_u32..40, difference in 1_i64..4, too_many: bool,
    ) {
        let told = if too_many { difference } else { -difference };
        let honest = Habits { count: None, ..habits };
        prop_assume!(honest.can_be_read(length, page_size, 0));
        let habits = Habits { count: Some((told, true)), ..honest };
        let all: Vec<i64> = (0..length).collect();
        let (given, complete) = read(&habits, &mut all.clone(), page_size, 0);
        prop_assert_eq!(&given[..], &all[..given.len()]);
        if complete && given.len() < all.len() {
            prop_assert_eq!(given.len() as i64, length + told, "only at the count itself");
        }
    }

    #[test]
    fn every_row_once_and_in_order_or_an_error(habits in habits(), length in 0_i64..120, page_size in 1_u32..40) {
        prop_assume!(habits.can_be_read(length, page_size, 0));
        let all: Vec<i64> = (0..length).collect();
        let (given, complete) = read(&habits, &mut all.clone(), page_size, 0);
        if complete {
            prop_assert_eq!(given, all);
        } else {
            prop_assert_eq!(&given[..], &all[..given.len()], "what was given out before the error is right");
        }
    }

    #[test]
    fn with_overlap_nothing_is_hidden_under_changes(
        cap in prop_oneof![Just(None), (2_usize..30).prop_map(Some)],
        length in 0_i64..120,
        page_size in 2_u32..40,
        overlap in 1_u32..4,
        total: bool,
        changes in changes(),
    ) {
        prop_assume!(overlap < page_size);
        let habits =
            Habits { cap, ignores_offset: false, ignores_max: false, has_ids: true, count: total.then_some((0, true)), repeats_rows: 0 };
        let mut rows: Vec<i64> = (0..length).collect();
        let (given, moved, complete) = read_amid(&habits, &mut rows, page_size, overlap, &changes);
        let stayed: Vec<_> = given.iter().filter(|row| !moved.contains(row)).collect();
        prop_assert!(stayed.is_sorted_by(|a, b| a < b), "in order: {:?}", given);
        prop_assert!(given.iter().enumerate().all(|(place, row)| !given[..place].contains(row)), "once: {:?}", given);
        if complete {
            // A row that moves may pass by the reader, as in any list by offset.
            let hidden: Vec<_> = rows.iter().filter(|row| !given.contains(row) && !moved.contains(row)).collect();
            prop_assert!(hidden.is_empty(), "hidden: {:?}", hidden);
        }
    }

    #[test]
    fn with_overlap_a_quiet_list_is_read_whole(habits in habits(), length in 0_i64..120, page_size in 2_u32..40, overlap in 1_u32..4) {
        prop_assume!(overlap < page_size && habits.has_ids && habits.can_be_read(length, page_size, overlap));
        let all: Vec<i64> = (0..length).collect();
        let (given, complete) = read(&habits, &mut all.clone(), page_size, overlap);
        if complete {
            prop_assert_eq!(given, all);
        }
    }
}
