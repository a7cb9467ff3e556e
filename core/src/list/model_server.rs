//! A model server with all the behavior that servers have, a list on it that others change, and a reader.

use super::decision::{NextStep, PageRequest};
use super::overlap::Overlap;
use super::paging::Paging;
use super::record_key::RecordKey;
use super::row_range::RowRange;
use crate::envelope::Count;
use crate::id::RecordId;
use std::collections::VecDeque;

/// More requests than any list of this size can need: beyond it the client would loop.
const MAX_REQUESTS: usize = 2_000;

/// How the server treats what it is asked.
#[derive(Clone, Debug)]
pub(super) struct ServerBehavior {
    pub cap: Option<usize>,
    pub ignores_offset: bool,
    pub ignores_max: bool,
    pub ids: Ids,
    /// The count it tells, as a difference to the true one.
    pub count: Option<(i64, bool)>,
    /// Rows that come again at the beginning of each page but the first.
    pub duplicate_rows: usize,
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
pub(super) struct Scenario {
    pub page_size: u32,
    pub overlap: u32,
    /// Nobody asked for the overlap.
    pub by_default: bool,
    pub start: usize,
    pub limit: Option<usize>,
    pub prefetch: usize,
    pub order: Order,
    /// Which of the requests under way is answered next.
    pub response_order: Vec<usize>,
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
    pub returned: Vec<i64>,
    /// The list when the first page of the range was answered.
    pub begun: Vec<i64>,
    /// The list at the end.
    pub rows: Vec<i64>,
    /// The rows that others moved.
    pub moved: Vec<i64>,
    pub complete: bool,
    /// Nothing came but the first page and the same again: the server may have sent all, or a part.
    pub only_first_page: bool,
    /// What was asked for page by page, and how many records had been given before.
    pub requests: Vec<(PageRequest, usize)>,
    /// How many requests were answered, also for pages that nobody took.
    pub answered: usize,
}

/// The list on the server.
struct Table {
    rows: Vec<i64>,
    newest: i64,
    moved: Vec<i64>,
    joined: Vec<i64>,
    new_at_end: bool,
    /// The rows that the reader is going to delete.
    doomed: VecDeque<i64>,
}

struct Fetch {
    request: PageRequest,
    answer: Option<ParsedResponse>,
}

#[derive(Clone)]
struct ParsedResponse {
    page: Vec<i64>,
    count: Option<Count>,
    /// The whole list at that time.
    rows: Vec<i64>,
}

impl Scenario {
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
    fn delete_of(&self, returned: &[i64], before: usize, paging: &Paging, table: &mut Table) {
        let Some(deletes) = &self.deletes else { return };
        let doomed = (before..returned.len()).filter(|place| deletes.which[place % deletes.which.len()]);
        table.doomed.extend(doomed.map(|place| returned[place]));
        let page_waits = self.prefetch == 0 || !paging.can_prefetch();
        if deletes.in_turn && page_waits {
            table.delete(usize::MAX);
        }
    }

    /// The part of these rows that is wanted.
    pub(super) fn range<'a>(&self, rows: &'a [i64]) -> &'a [i64] {
        let rows = &rows[self.start.min(rows.len())..];
        &rows[..self.limit.unwrap_or(rows.len()).min(rows.len())]
    }

    /// The list that nobody else changes, where the server has no behavior: not a row more is asked for than is wanted.
    pub(super) fn wants_no_more(&self, outcome: &Outcome) -> bool {
        let wanted = |returned: usize| self.limit.map_or(usize::MAX, |limit| limit - returned + self.overlap as usize);
        let checks = usize::from(self.first_offset() > 0);
        outcome.answered == outcome.requests.len()
            && outcome.requests.iter().skip(checks).all(|(request, returned)| request.max <= wanted(*returned))
    }
}

impl ServerBehavior {
    fn page(&self, rows: &[i64], PageRequest { offset, max, reversed }: PageRequest) -> Vec<i64> {
        let rows: Vec<i64> = if reversed { rows.iter().rev().copied().collect() } else { rows.to_vec() };
        let from = if self.ignores_offset { 0 } else { offset.saturating_sub(self.duplicate_rows).min(rows.len()) };
        let max = if self.ignores_max { rows.len() } else { max };
        let length = self.cap.map_or(max, |cap| max.min(cap));
        rows[from..].iter().take(length).copied().collect()
    }

    /// Leaves out what no client can see: the list then ends as the contract says.
    pub(super) fn can_be_read(&self, length: i64, scenario: &Scenario) -> bool {
        // A row without an id that comes again looks like one that is there twice.
        let twins = self.ids == Ids::None && self.duplicate_rows > 0;
        // A server that ignores the offset and sends a part, but not what was asked for, looks like one that sends everything.
        let all: Vec<i64> = (0..length).collect();
        let sent = self.page(&all, PageRequest::new(0, scenario.first_max())).len();
        let stuck = self.ignores_offset || self.duplicate_rows + scenario.overlap as usize >= sent;
        // Of a range, the last row of the list shows it, or an error comes of it.
        let is_shown = self.ids != Ids::None && scenario.order != Order::Ignored;
        let is_sure = self.duplicate_rows == 0 && (scenario.start > 0 || (scenario.limit.is_some() && is_shown));
        let cut = stuck && !is_sure && sent != scenario.first_max() && sent < all.len();
        // Where every page begins too early, so does a range.
        let shifted = self.duplicate_rows > 0 && scenario.first_offset() > 0;
        !twins && !cut && !shifted
    }

    fn answer(&self, rows: &[i64], request: PageRequest) -> ParsedResponse {
        ParsedResponse { page: self.page(rows, request), count: self.count(rows), rows: rows.to_vec() }
    }

    fn count(&self, rows: &[i64]) -> Option<Count> {
        let (difference, is_total) = self.count?;
        let value = u64::try_from(i64::try_from(rows.len()).unwrap() + difference).ok()?;
        Some(Count { value, is_total })
    }

    fn key(&self, row: i64) -> RecordKey {
        let id = match self.ids {
            Ids::Numbers => Some(RecordId::from(row)),
            Ids::Texts => Some(RecordId::from(row.to_string())),
            Ids::None => None,
        };
        RecordKey::new(id.as_ref(), &row.to_le_bytes())
    }
}

impl Table {
    fn new(rows: Vec<i64>, new_at_end: bool) -> Self {
        let newest = rows.iter().copied().max().unwrap_or(-1);
        Self { rows, newest, moved: Vec::new(), joined: Vec::new(), new_at_end, doomed: VecDeque::new() }
    }

    fn apply(&mut self, share: f64, change: Change) {
        let at = place(share, self.rows.len());
        match (change, self.rows.get(at).copied()) {
            (Change::Insert(number), _) => self.insert(at, number),
            (Change::Delete, Some(_)) => drop(self.rows.remove(at)),
            (Change::Move(to), Some(row)) if !self.joined.contains(&row) => {
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
pub(super) fn read(behavior: &ServerBehavior, rows: Vec<i64>, scenario: &Scenario) -> Outcome {
    let new_at_end = scenario.order == Order::ById && behavior.ids == Ids::Numbers;
    let mut table = Table::new(rows, new_at_end);
    let range = RowRange::new(scenario.start as u64, scenario.limit.map(|limit| limit as u64));
    let overlap = Overlap { rows: scenario.overlap as usize, is_default: scenario.by_default };
    let mut paging = Paging::new(scenario.page_size, overlap, scenario.order != Order::Other, range).sorted();
    let (mut returned, mut begun, mut pages, mut requests) = (Vec::new(), None, Vec::new(), Vec::new());
    let (mut step, mut answered, mut in_flight) = (NextStep::More, 0, VecDeque::new());
    if paging.is_empty() {
        step = NextStep::End;
    }
    while step == NextStep::More {
        assert!(answered < MAX_REQUESTS, "still not at the end after {MAX_REQUESTS} requests");
        let request = paging.request();
        requests.push((request, returned.len()));
        let ParsedResponse { page, count, rows } =
            await_page(behavior, scenario, &mut table, &mut in_flight, request, &mut answered);
        let decision = paging.on_page(page.iter().map(|&row| behavior.key(row)).collect(), count);
        if scenario.first_offset() > 0 && request == PageRequest::new(0, 1) {
            begun = None; // the offset is checked, perhaps once more
        } else {
            begun.get_or_insert(rows);
        }
        let before = returned.len();
        returned.extend(page.iter().zip(&decision.keep).filter(|&(_, &keep)| keep).map(|(&row, _)| row));
        scenario.delete_of(&returned, before, &paging, &mut table);
        if !request.reversed {
            pages.push(page);
        }
        step = decision.step;
        if step == NextStep::More {
            read_ahead(&paging, scenario.prefetch, &mut in_flight);
        }
    }
    let only_first_page = only_first_page(&pages, scenario.first_offset() > 0);
    let (complete, Table { rows, moved, .. }) = (step == NextStep::End, table);
    let begun = begun.unwrap_or_else(|| rows.clone());
    Outcome { returned, begun, rows, moved, complete, only_first_page, requests, answered }
}

/// Whether the pages look like those of a server that ignores the offset.
fn only_first_page(pages: &[Vec<i64>], begins_later: bool) -> bool {
    match pages {
        [first, first_page, second, second_page] if begins_later => {
            first.first() == first_page.first() && second.first() == second_page.first()
        }
        [first, second] | [first, _, second] if !begins_later => first == second,
        _ => false,
    }
}

/// The answer to the request, as `Prefetcher` takes it.
fn await_page(
    behavior: &ServerBehavior,
    scenario: &Scenario,
    table: &mut Table,
    in_flight: &mut VecDeque<Fetch>,
    request: PageRequest,
    answered: &mut usize,
) -> ParsedResponse {
    if in_flight.front().is_none_or(|fetch| fetch.request != request) {
        in_flight.clear();
        in_flight.push_back(Fetch { request, answer: None });
    }
    loop {
        if in_flight[0].answer.is_some() {
            return in_flight.pop_front().and_then(|fetch| fetch.answer).unwrap();
        }
        for &(_, share, change) in scenario.changes.iter().filter(|(when, ..)| when == answered) {
            table.apply(share, change);
        }
        if let Some(deletes) = &scenario.deletes {
            table.delete(deletes.pace[*answered % deletes.pace.len()]);
        }
        let mut waiting: Vec<_> = in_flight.iter_mut().filter(|fetch| fetch.answer.is_none()).collect();
        let turn = scenario.response_order[*answered % scenario.response_order.len()] % waiting.len();
        let PageRequest { offset, .. } = waiting[turn].request;
        let mut request = waiting[turn].request;
        request.reversed &= scenario.order != Order::Ignored;
        let answer = behavior.answer(&table.rows, request);
        table.joined.extend(answer.page.iter().rev().take(scenario.overlap as usize));
        table.joined.extend(answer.page.iter().take(scenario.start.saturating_sub(offset))); // the one before the range
        waiting[turn].answer = Some(answer);
        *answered += 1;
    }
}

/// As `Pages` reads ahead.
fn read_ahead(paging: &Paging, prefetch: usize, in_flight: &mut VecDeque<Fetch>) {
    if !paging.allows_parallel_requests() {
        in_flight.clear();
    }
    if !paging.can_prefetch() {
        return;
    }
    for request in std::iter::once(paging.request()).chain(paging.following_requests()).take(prefetch) {
        if !in_flight.iter().any(|fetch| fetch.request == request) {
            in_flight.push_back(Fetch { request, answer: None });
        }
    }
}
