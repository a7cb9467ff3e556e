//! A model for property tests: a server with configurable behavior, a list on it that other users change, and a client that reads it.

use super::decision::{NextStep, PageRequest};
use super::overlap::OverlapSetting;
use super::paging::Paging;
use super::record_key::RecordKey;
use super::row_range::RowRange;
use crate::envelope::Count;
use crate::id::RecordId;
use std::collections::VecDeque;

/// More requests than any list of this size needs. A client that sends more is in a loop.
const MAX_REQUESTS: usize = 2_000;

/// How the server treats requests.
#[derive(Clone, Debug)]
pub(super) struct ServerBehavior {
    pub cap: Option<usize>,
    pub ignores_offset: bool,
    pub ignores_max: bool,
    pub ids: Ids,
    /// The count in its responses, as a difference from the true one, and whether it is a total.
    pub count: Option<(i64, bool)>,
    /// Number of rows at the end of each page with which the next page starts again.
    pub duplicate_rows: usize,
}

/// The ids of the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ids {
    Numbers,
    /// Not in order: a new row may appear anywhere.
    Texts,
    None,
}

/// The requested order, and what the server does with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Ascending ids. If they are numbers, new rows appear at the end.
    ById,
    /// Ascending ids were requested, but the server sends the newest rows first.
    Ignored,
    /// Another order.
    Other,
}

/// How the client reads the list, and what happens meanwhile.
#[derive(Clone, Debug)]
pub(super) struct Scenario {
    pub page_size: u32,
    pub overlap: u32,
    /// The overlap is the default, and was not set by the caller.
    pub by_default: bool,
    pub start: usize,
    pub limit: Option<usize>,
    pub prefetch: usize,
    pub order: Order,
    /// Which of the requests in flight gets its response next.
    pub response_order: Vec<usize>,
    pub changes: Changes,
    pub deletes: Option<Deletes>,
}

/// The records that the client deletes while it reads.
#[derive(Clone, Debug)]
pub(super) struct Deletes {
    /// Which of them, cyclically.
    pub which: Vec<bool>,
    /// How many are deleted before each response, cyclically.
    pub pace: Vec<usize>,
    /// All are deleted before the next page is read.
    pub before_next_page: bool,
}

/// The changes by other users: after how many responses, and at which position of the list (0.0 to 1.0).
pub(super) type Changes = Vec<(usize, f64, Change)>;

#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    Delete,
    /// Moves the row to this position of the rows after it, as if it was renamed. Overlap rows do not move: they would mislead the
    /// client.
    Move(f64),
    /// Inserts this many rows here, or at the end if the order requires it.
    Insert(usize),
}

/// The result of reading a list.
#[derive(Debug)]
pub(super) struct ReadResult {
    pub returned: Vec<i64>,
    /// The list at the time of the response with the first page of the range.
    pub rows_at_start: Vec<i64>,
    /// The list at the end.
    pub rows: Vec<i64>,
    /// The rows that other users moved.
    pub moved: Vec<i64>,
    pub complete: bool,
    /// The server sent only the first page, and the same page again: it may be all of the list, or a part.
    pub only_first_page: bool,
    /// The requests, and how many records had been returned before each.
    pub requests: Vec<(PageRequest, usize)>,
    /// Number of responses, including those for pages that the client did not use.
    pub response_count: usize,
}

/// The list on the server.
struct Table {
    rows: Vec<i64>,
    newest: i64,
    moved: Vec<i64>,
    overlap_rows: Vec<i64>,
    new_at_end: bool,
    /// The rows that the client is going to delete.
    to_delete: VecDeque<i64>,
    /// The client has deleted rows.
    has_deleted: bool,
}

struct Fetch {
    request: PageRequest,
    response: Option<ModelResponse>,
}

#[derive(Clone)]
struct ModelResponse {
    page: Vec<i64>,
    count: Option<Count>,
    /// The whole list at that time.
    rows: Vec<i64>,
}

impl Scenario {
    /// The offset of the first page.
    fn first_offset(&self) -> usize {
        self.start.saturating_sub(self.overlap.min(1) as usize)
    }

    /// The number of rows that are requested for the first page.
    fn first_max(&self) -> usize {
        let lead = self.start - self.first_offset();
        self.limit.map_or(self.page_size as usize, |limit| (limit + lead).min(self.page_size as usize))
    }

    /// Plans the deletion of some of the records that were returned since `before`.
    fn plan_deletes(&self, returned: &[i64], before: usize, paging: &Paging, table: &mut Table) {
        let Some(deletes) = &self.deletes else { return };
        let to_delete = (before..returned.len()).filter(|index| deletes.which[index % deletes.which.len()]);
        table.to_delete.extend(to_delete.map(|index| returned[index]));
        let page_waits = self.prefetch == 0 || !paging.can_prefetch();
        if deletes.before_next_page && page_waits {
            table.delete(usize::MAX);
        }
    }

    /// Returns the requested part of these rows.
    pub(super) fn range<'a>(&self, rows: &'a [i64]) -> &'a [i64] {
        let rows = &rows[self.start.min(rows.len())..];
        &rows[..self.limit.unwrap_or(rows.len()).min(rows.len())]
    }

    /// Returns whether no more rows were requested than needed, if the list does not change and the server does not deviate.
    pub(super) fn requests_no_more_than_needed(&self, result: &ReadResult) -> bool {
        let needed = |returned: usize| self.limit.map_or(usize::MAX, |limit| limit - returned + self.overlap as usize);
        let checks = usize::from(self.first_offset() > 0);
        result.response_count == result.requests.len()
            && result.requests.iter().skip(checks).all(|(request, returned)| request.max <= needed(*returned))
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

    /// Excludes what no client can detect: such a list ends as docs/concepts/paging.md says.
    pub(super) fn can_be_read(&self, length: i64, scenario: &Scenario) -> bool {
        // A row without an id that is sent again looks like two equal rows.
        let has_duplicates_without_ids = self.ids == Ids::None && self.duplicate_rows > 0;
        // A server that ignores the offset and sends a part, but not as many rows as requested, looks like one that sends all.
        let all: Vec<i64> = (0..length).collect();
        let sent = self.page(&all, PageRequest::new(0, scenario.first_max())).len();
        let sends_only_first_page = self.ignores_offset || self.duplicate_rows + scenario.overlap as usize >= sent;
        // The last row of the list shows the difference. Without it, reading a range with `start` is an error.
        let is_detected_by_last_row = self.ids != Ids::None && scenario.order != Order::Ignored;
        let is_detected = self.duplicate_rows == 0 && (scenario.start > 0 || is_detected_by_last_row);
        let hides_its_cap = sends_only_first_page && !is_detected && sent != scenario.first_max() && sent < all.len();
        // If every page begins too early, so does a range.
        let starts_too_early = self.duplicate_rows > 0 && scenario.first_offset() > 0;
        !has_duplicates_without_ids && !hides_its_cap && !starts_too_early
    }

    fn respond(&self, rows: &[i64], request: PageRequest) -> ModelResponse {
        ModelResponse { page: self.page(rows, request), count: self.count(rows), rows: rows.to_vec() }
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
        let (moved, overlap_rows, to_delete) = (Vec::new(), Vec::new(), VecDeque::new());
        Self { rows, newest, moved, overlap_rows, new_at_end, to_delete, has_deleted: false }
    }

    fn apply(&mut self, share: f64, change: Change) {
        let at = position(share, self.rows.len());
        match (change, self.rows.get(at).copied()) {
            (Change::Insert(number), _) => self.insert(at, number),
            (Change::Delete, Some(_)) => drop(self.rows.remove(at)),
            (Change::Move(to), Some(row)) if !self.overlap_rows.contains(&row) => {
                self.rows.remove(at);
                self.rows.insert(at + position(to, self.rows.len() - at), row);
                self.moved.push(row);
            }
            _ => {}
        }
    }

    /// Deletes the next planned rows, at most this many.
    fn delete(&mut self, rows: usize) {
        let to_delete: Vec<i64> = self.to_delete.drain(..rows.min(self.to_delete.len())).collect();
        self.has_deleted |= !to_delete.is_empty();
        self.rows.retain(|row| !to_delete.contains(row));
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
fn position(share: f64, length: usize) -> usize {
    (share * length as f64) as usize
}

/// Reads the list while other users change it. Requests that are in flight together get their responses in any order.
pub(super) fn read(behavior: &ServerBehavior, rows: Vec<i64>, scenario: &Scenario) -> ReadResult {
    let new_at_end = scenario.order == Order::ById && behavior.ids == Ids::Numbers;
    let mut table = Table::new(rows, new_at_end);
    let range = RowRange::new(scenario.start as u64, scenario.limit.map(|limit| limit as u64));
    let overlap = OverlapSetting { rows: scenario.overlap as usize, is_default: scenario.by_default };
    let field = if scenario.order == Order::Other { "name" } else { "id" };
    let mut paging = Paging::new(scenario.page_size, overlap, field == "id", range).sorted_by(field);
    let (mut returned, mut rows_at_start, mut pages, mut requests) = (Vec::new(), None, Vec::new(), Vec::new());
    let (mut step, mut response_count, mut in_flight) = (NextStep::More, 0, VecDeque::new());
    if paging.is_empty() {
        step = NextStep::End;
    }
    while step == NextStep::More {
        assert!(response_count < MAX_REQUESTS, "still not at the end after {MAX_REQUESTS} requests");
        let request = paging.request();
        requests.push((request, returned.len()));
        let ModelResponse { page, count, rows } =
            await_page(behavior, scenario, &mut table, &mut in_flight, request, &mut response_count);
        paging.set_may_have_removals(table.has_deleted);
        let name = |index: usize| page[index].unsigned_abs(); // all names differ
        let decision = paging.on_page(page.iter().map(|&row| behavior.key(row)).collect(), count, name);
        if scenario.first_offset() > 0 && request == PageRequest::new(0, 1) {
            rows_at_start = None; // the offset is checked, perhaps again
        } else {
            rows_at_start.get_or_insert(rows);
        }
        let before = returned.len();
        returned.extend(page.iter().zip(&decision.keep).filter(|&(_, &keep)| keep).map(|(&row, _)| row));
        scenario.plan_deletes(&returned, before, &paging, &mut table);
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
    let rows_at_start = rows_at_start.unwrap_or_else(|| rows.clone());
    ReadResult { returned, rows_at_start, rows, moved, complete, only_first_page, requests, response_count }
}

/// Returns whether the pages look like those of a server that ignores the offset.
fn only_first_page(pages: &[Vec<i64>], begins_later: bool) -> bool {
    match pages {
        [first, first_page, second, second_page] if begins_later => {
            first.first() == first_page.first() && second.first() == second_page.first()
        }
        [first, second] | [first, _, second] if !begins_later => first == second,
        _ => false,
    }
}

/// Returns the response to the request, as `Prefetcher` does.
fn await_page(
    behavior: &ServerBehavior,
    scenario: &Scenario,
    table: &mut Table,
    in_flight: &mut VecDeque<Fetch>,
    request: PageRequest,
    response_count: &mut usize,
) -> ModelResponse {
    if in_flight.front().is_none_or(|fetch| fetch.request != request) {
        in_flight.clear();
        in_flight.push_back(Fetch { request, response: None });
    }
    loop {
        if in_flight[0].response.is_some() {
            return in_flight.pop_front().and_then(|fetch| fetch.response).unwrap();
        }
        for &(_, share, change) in scenario.changes.iter().filter(|(when, ..)| when == response_count) {
            table.apply(share, change);
        }
        if let Some(deletes) = &scenario.deletes {
            table.delete(deletes.pace[*response_count % deletes.pace.len()]);
        }
        let mut waiting: Vec<_> = in_flight.iter_mut().filter(|fetch| fetch.response.is_none()).collect();
        let index = scenario.response_order[*response_count % scenario.response_order.len()] % waiting.len();
        let PageRequest { offset, .. } = waiting[index].request;
        let mut request = waiting[index].request;
        request.reversed &= scenario.order != Order::Ignored;
        let response = behavior.respond(&table.rows, request);
        table.overlap_rows.extend(response.page.iter().rev().take(scenario.overlap as usize));
        table.overlap_rows.extend(response.page.iter().take(scenario.start.saturating_sub(offset))); // the row before the range
        waiting[index].response = Some(response);
        *response_count += 1;
    }
}

/// Prefetches as `Pages` does.
fn read_ahead(paging: &Paging, prefetch: usize, in_flight: &mut VecDeque<Fetch>) {
    if !paging.allows_parallel_requests() {
        in_flight.clear();
    }
    if !paging.can_prefetch() {
        return;
    }
    for request in std::iter::once(paging.request()).chain(paging.following_requests()).take(prefetch) {
        if !in_flight.iter().any(|fetch| fetch.request == request) {
            in_flight.push_back(Fetch { request, response: None });
        }
    }
}
