//! A model server with all the habits that servers have, a list on it that others change, and a reader.

use super::joints::Overlap;
use super::mark::Mark;
use super::paging::Paging;
use super::range::RowRange;
use super::verdict::{Request, Step};
use crate::envelope::Count;
use crate::id::RecordId;
use std::collections::VecDeque;

/// More requests than any list of this size can need: beyond it the client would loop.
const PATIENCE: usize = 2_000;

/// How the server treats what it is asked.
#[derive(Clone, Debug)]
pub(super) struct Habits {
    pub cap: Option<usize>,
    pub ignores_offset: bool,
    pub ignores_max: bool,
    pub ids: Ids,
    /// The count it tells, as a difference to the true one.
    pub count: Option<(i64, bool)>,
    /// Rows that come again at the beginning of each page but the first.
    pub repeats_rows: usize,
}

/// What the records have for ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ids {
    Numbers,
    /// In no order: a new one may come anywhere.
    Texts,
    None,
}

/// What is asked for and what comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// By ascending id, so that new rows come at the end, where ids are numbers.
    ById,
    /// That was asked for, but the server gives the newest rows first.
    Ignored,
    /// By something else.
    Other,
}

/// How a list is read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub page_size: u32,
    pub overlap: u32,
    /// Nobody asked for the overlap.
    pub by_default: bool,
    pub start: usize,
    pub limit: Option<usize>,
    pub prefetch: usize,
    pub order: Order,
    /// Which of the requests under way is answered next.
    pub turns: Vec<usize>,
    pub changes: Changes,
    pub deletes: Option<Deletes>,
}

/// What the reader deletes of the records that it gets.
#[derive(Clone, Debug)]
pub(super) struct Deletes {
    /// Which of them, over and over.
    pub which: Vec<bool>,
    /// How many are deleted before each answer, over and over.
    pub pace: Vec<usize>,
    /// All are deleted before another page is wanted.
    pub in_turn: bool,
}

/// What others do meanwhile: after how many answers, to the row at which share of the list.
pub(super) type Changes = Vec<(usize, f64, Change)>;

#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Delete,
    /// To this share of the rows behind it, as a row that is renamed; but no row that pages join at, since it would mislead.
    Move(f64),
    /// So many new rows, at this place or where the order wants them.
    Insert(usize),
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Outcome {
    pub given: Vec<i64>,
    /// The list when the first page of the range was answered.
    pub begun: Vec<i64>,
    /// The list at the end.
    pub rows: Vec<i64>,
    /// The rows that others moved.
    pub moved: Vec<i64>,
    pub complete: bool,
    /// Nothing came but the first page and the same again: the server may have sent all, or a part.
    pub only_repeats: bool,
    /// What was asked for page by page, and how many records had been given before.
    pub requests: Vec<(Request, usize)>,
    /// How many requests were answered, also for pages that nobody took.
    pub answered: usize,
}

/// The list on the server.
struct Table {
    rows: Vec<i64>,
    newest: i64,
    moved: Vec<i64>,
    joints: Vec<i64>,
    new_at_end: bool,
    /// The rows that the reader is going to delete.
    doomed: VecDeque<i64>,
}

struct Fetch {
    request: Request,
    answer: Option<ParsedResponse>,
}

#[derive(Clone)]
struct ParsedResponse {
    page: Vec<i64>,
    count: Option<Count>,
    /// The whole list at that time.
    rows: Vec<i64>,
}

impl Reading {
    /// Where the first page begins.
    fn first_offset(&self) -> usize {
        self.start.saturating_sub(self.overlap.min(1) as usize)
    }

    /// How many rows the first page is asked for.
    fn first_max(&self) -> usize {
        let lead = self.start - self.first_offset();
        self.limit.map_or(self.page_size as usize, |limit| (limit + lead).min(self.page_size as usize))
    }

    /// The reader takes the records that were given since `before`, and will delete some of them.
    fn delete_of(&self, given: &[i64], before: usize, paging: &Paging, table: &mut Table) {
        let Some(deletes) = &self.deletes else { return };
        let doomed = (before..given.len()).filter(|place| deletes.which[place % deletes.which.len()]);
        table.doomed.extend(doomed.map(|place| given[place]));
        let page_waits = self.prefetch == 0 || !paging.may_read_ahead();
        if deletes.in_turn && page_waits {
            table.delete(usize::MAX);
        }
    }

    /// The part of these rows that is wanted.
    pub(super) fn range<'a>(&self, rows: &'a [i64]) -> &'a [i64] {
        let rows = &rows[self.start.min(rows.len())..];
        &rows[..self.limit.unwrap_or(rows.len()).min(rows.len())]
    }

    /// The list that nobody else changes, where the server has no habits: not a row more is asked for than is wanted.
    pub(super) fn wants_no_more(&self, outcome: &Outcome) -> bool {
        let wanted = |given: usize| self.limit.map_or(usize::MAX, |limit| limit - given + self.overlap as usize);
        let checks = usize::from(self.first_offset() > 0);
        outcome.answered == outcome.requests.len()
            && outcome.requests.iter().skip(checks).all(|(request, given)| request.max <= wanted(*given))
    }
}

impl Habits {
    fn page(&self, rows: &[i64], Request { offset, max, reversed }: Request) -> Vec<i64> {
        let rows: Vec<i64> = if reversed { rows.iter().rev().copied().collect() } else { rows.to_vec() };
        let from = if self.ignores_offset { 0 } else { offset.saturating_sub(self.repeats_rows).min(rows.len()) };
        let max = if self.ignores_max { rows.len() } else { max };
        let length = self.cap.map_or(max, |cap| max.min(cap));
        rows[from..].iter().take(length).copied().collect()
    }

    /// Leaves out what no client can see: the list then ends as the contract says.
    pub(super) fn can_be_read(&self, length: i64, reading: &Reading) -> bool {
        // A row without an id that comes again looks like one that is there twice.
        let twins = self.ids == Ids::None && self.repeats_rows > 0;
        // A server that ignores the offset and sends a part, but not what was asked for, looks like one that sends everything.
        let all: Vec<i64> = (0..length).collect();
        let sent = self.page(&all, Request::new(0, reading.first_max())).len();
        let stuck = self.ignores_offset || self.repeats_rows + reading.overlap as usize >= sent;
        // Of a range, the last row of the list shows it, or an error comes of it.
        let is_shown = self.ids != Ids::None && reading.order != Order::Ignored;
        let is_sure = self.repeats_rows == 0 && (reading.start > 0 || (reading.limit.is_some() && is_shown));
        let cut = stuck && !is_sure && sent != reading.first_max() && sent < all.len();
        // Where every page begins too early, so does a range.
        let shifted = self.repeats_rows > 0 && reading.first_offset() > 0;
        !twins && !cut && !shifted
    }

    fn answer(&self, rows: &[i64], request: Request) -> ParsedResponse {
        ParsedResponse { page: self.page(rows, request), count: self.count(rows), rows: rows.to_vec() }
    }

    fn count(&self, rows: &[i64]) -> Option<Count> {
        let (difference, is_total) = self.count?;
        let value = u64::try_from(i64::try_from(rows.len()).unwrap() + difference).ok()?;
        Some(Count { value, is_total })
    }

    fn mark(&self, row: i64) -> Mark {
        let id = match self.ids {
            Ids::Numbers => Some(RecordId::from(row)),
            Ids::Texts => Some(RecordId::from(row.to_string())),
            Ids::None => None,
        };
        Mark::of(id.as_ref(), &row.to_le_bytes())
    }
}

impl Table {
    fn new(rows: Vec<i64>, new_at_end: bool) -> Self {
        let newest = rows.iter().copied().max().unwrap_or(-1);
        Self { rows, newest, moved: Vec::new(), joints: Vec::new(), new_at_end, doomed: VecDeque::new() }
    }

    fn apply(&mut self, share: f64, change: Change) {
        let at = place(share, self.rows.len());
        match (change, self.rows.get(at).copied()) {
            (Change::Insert(number), _) => self.insert(at, number),
            (Change::Delete, Some(_)) => drop(self.rows.remove(at)),
            (Change::Move(to), Some(row)) if !self.joints.contains(&row) => {
                self.rows.remove(at);
                self.rows.insert(at + place(to, self.rows.len() - at), row);
                self.moved.push(row);
            }
            _ => {}
        }
    }

    /// The reader deletes the next rows, at most so many.
    fn delete(&mut self, rows: usize) {
        let doomed: Vec<i64> = self.doomed.drain(..rows.min(self.doomed.len())).collect();
        self.rows.retain(|row| !doomed.contains(row));
    }

    fn insert(&mut self, at: usize, number: usize) {
        for _ in 0..number {
            self.newest += 1;
            let at = if self.new_at_end { self.rows.len() } else { at };
            self.rows.insert(at, self.newest);
        }
    }
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // the lists are short
fn place(share: f64, length: usize) -> usize {
    (share * length as f64) as usize
}

/// Reads the list while others change it. Requests that are under way together are answered in any order.
pub(super) fn read(habits: &Habits, rows: Vec<i64>, reading: &Reading) -> Outcome {
    let new_at_end = reading.order == Order::ById && habits.ids == Ids::Numbers;
    let mut table = Table::new(rows, new_at_end);
    let range = RowRange::new(reading.start as u64, reading.limit.map(|limit| limit as u64));
    let overlap = Overlap { rows: reading.overlap as usize, is_default: reading.by_default };
    let mut paging = Paging::new(reading.page_size, overlap, reading.order != Order::Other, range).sorted();
    let (mut given, mut begun, mut pages, mut requests) = (Vec::new(), None, Vec::new(), Vec::new());
    let (mut step, mut answered, mut under_way) = (Step::More, 0, VecDeque::new());
    if paging.wants_nothing() {
        step = Step::End;
    }
    while step == Step::More {
        assert!(answered < PATIENCE, "still not at the end after {PATIENCE} requests");
        let request = paging.request();
        requests.push((request, given.len()));
        let ParsedResponse { page, count, rows } =
            await_page(habits, reading, &mut table, &mut under_way, request, &mut answered);
        let verdict = paging.after(page.iter().map(|&row| habits.mark(row)).collect(), count);
        if reading.first_offset() > 0 && request == Request::new(0, 1) {
            begun = None; // the offset is checked, perhaps once more
        } else {
            begun.get_or_insert(rows);
        }
        let before = given.len();
        given.extend(page.iter().zip(&verdict.give).filter(|&(_, &give)| give).map(|(&row, _)| row));
        reading.delete_of(&given, before, &paging, &mut table);
        if !request.reversed {
            pages.push(page);
        }
        step = verdict.step;
        if step == Step::More {
            read_ahead(&paging, reading.prefetch, &mut under_way);
        }
    }
    let only_repeats = only_repeats(&pages, reading.first_offset() > 0);
    let (complete, Table { rows, moved, .. }) = (step == Step::End, table);
    let begun = begun.unwrap_or_else(|| rows.clone());
    Outcome { given, begun, rows, moved, complete, only_repeats, requests, answered }
}

/// Whether the pages look like those of a server that ignores the offset.
fn only_repeats(pages: &[Vec<i64>], begins_later: bool) -> bool {
    match pages {
        [first, first_page, second, second_page] if begins_later => {
            first.first() == first_page.first() && second.first() == second_page.first()
        }
        [first, second] | [first, _, second] if !begins_later => first == second,
        _ => false,
    }
}

/// The answer to the request, as `Ahead` takes it.
fn await_page(
    habits: &Habits,
    reading: &Reading,
    table: &mut Table,
    under_way: &mut VecDeque<Fetch>,
    request: Request,
    answered: &mut usize,
) -> ParsedResponse {
    if under_way.front().is_none_or(|fetch| fetch.request != request) {
        under_way.clear();
        under_way.push_back(Fetch { request, answer: None });
    }
    loop {
        if under_way[0].answer.is_some() {
            return under_way.pop_front().and_then(|fetch| fetch.answer).unwrap();
        }
        for &(_, share, change) in reading.changes.iter().filter(|(when, ..)| when == answered) {
            table.apply(share, change);
        }
        if let Some(deletes) = &reading.deletes {
            table.delete(deletes.pace[*answered % deletes.pace.len()]);
        }
        let mut waiting: Vec<_> = under_way.iter_mut().filter(|fetch| fetch.answer.is_none()).collect();
        let turn = reading.turns[*answered % reading.turns.len()] % waiting.len();
        let Request { offset, .. } = waiting[turn].request;
        let mut request = waiting[turn].request;
        request.reversed &= reading.order != Order::Ignored;
        let answer = habits.answer(&table.rows, request);
        table.joints.extend(answer.page.iter().rev().take(reading.overlap as usize));
        table.joints.extend(answer.page.iter().take(reading.start.saturating_sub(offset))); // the one before the range
        waiting[turn].answer = Some(answer);
        *answered += 1;
    }
}

/// As `Pages` reads ahead.
fn read_ahead(paging: &Paging, prefetch: usize, under_way: &mut VecDeque<Fetch>) {
    if !paging.allows_several() {
        under_way.clear();
    }
    if !paging.may_read_ahead() {
        return;
    }
    for request in std::iter::once(paging.request()).chain(paging.later_requests()).take(prefetch) {
        if !under_way.iter().any(|fetch| fetch.request == request) {
            under_way.push_back(Fetch { request, answer: None });
        }
    }
}
