//! Changes: the records that were created or changed since an earlier list. Does no I/O.
//!
//! # How changes are read
//!
//! The server sorts by the field that it sets at each change, the newest first. The list is read by offset until records are older
//! than the mark, less the lag. Each record that changes meanwhile moves to the front, and each one that is deleted moves the others
//! forward. So each page must prove that no row between it and the page before was skipped:
//!
//! - It begins with a higher value than the lowest one that was read. Then all rows with that value and below come after its first
//!   row. For this the next page is requested from the last row with a higher value on, so that rows with equal values are always
//!   read from one page, and the server may order them as it likes.
//! - Or, if more rows have the same value than fit in a page, it begins with the rows that were read last ([`TieGroup`]).
//! - Otherwise there is a gap, and the client steps back until a page joins or begins at offset 0.
//!
//! The list ends with an empty page, or with a page that reaches the end of the list as the response before has shown it, and has no
//! row that was not read before.
//!
//! # Why nothing is missed
//!
//! The mark is the newest value of the first response (not after its `Date`). A record whose value is older than the mark less the
//! lag was visible then; if it does not change any more, it keeps its place among the others, and one of the pages has it. A record
//! that changes later gets a value after the mark less the lag, and the next list reads everything from there. What was returned
//! from there is remembered in the mark, by the hash of its content, so that it is returned once.

mod group;
mod mark;
mod moment;
mod options;
#[cfg(test)]
mod property_tests;
mod row;

pub(super) use mark::{LastMark, MarkSlot, Origin};
pub(super) use options::ChangesOptions;
pub(crate) use options::LAG;

use super::decision::{NextStep, PageDecision, PageRequest};
use super::row_range::RowRange;
use super::seen_ids::SeenIds;
use crate::envelope::{Count, PageBody};
use crate::id::RecordId;
use group::{Continuation, TieGroup};
use mark::Mark;
use moment::Moment;
use row::{Row, content_hash, read_rows, server_time};
use std::collections::HashSet;
use std::time::Duration;

/// The size of the first page of a list that continues an earlier one: there are often only a few changes.
const FIRST_PAGE: usize = 50;

/// Maximum number of gaps since the last row that was read for the first time.
const MAX_GAPS: u32 = 20;

/// Maximum number of pages in a row that lead further, without such a row.
const MAX_IDLE_PAGES: u32 = 20;

/// Maximum number of times that the rows with one value are read from the start.
const MAX_TIE_RESTARTS: u32 = 5;

/// Number of equal pages in a row after which the client checks whether the server ignores the offset.
const MAX_EQUAL_PAGES: u32 = 3;

/// The state of a list of changes between its pages.
#[derive(Debug)]
pub(super) struct ChangesPaging {
    page_size: usize,
    by: String,
    lag: Duration,
    origin: Origin,
    /// The mark of the list before.
    since: Mark,
    range: RowRange,
    /// What the first response has decided.
    bounds: Option<Bounds>,
    /// The offset of the next request.
    offset: usize,
    /// The rows with the lowest value on the last page that joined.
    group: Option<TieGroup>,
    /// The next page must begin before the group.
    needs_group_start: bool,
    tie_restarts: u32,
    /// Number of steps back since the last page that joined.
    steps_back: u32,
    gaps: u32,
    idle_pages: u32,
    max_page_len: usize,
    /// The end of the list, if the last response has shown it: it was shorter than an earlier page.
    end_seen: Option<usize>,
    /// The largest offset that the pages so far have reached.
    max_reached: usize,
    /// The lowest value so far.
    lowest: Option<i128>,
    /// The ids of the page before, and the number of equal pages in a row.
    previous: Vec<RecordId>,
    equal_pages: u32,
    offset_check: OffsetCheck,
    seen: SeenIds,
    /// The hashes of the records within the lag that the caller has, from this list or an earlier one.
    returned: HashSet<u64>,
    /// The list was read to its end.
    is_complete: bool,
}

/// What the first response decides.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// The newest value, for the mark; `None` if there is no record at all.
    newest: Option<Moment>,
    /// Older records are not returned. `None`: all are.
    oldest: Option<i128>,
    /// The next list returns records from here on, unless this one has returned them.
    window: i128,
}

/// Finds out whether the server ignores the offset, and if so, whether its one page is the whole list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum OffsetCheck {
    #[default]
    NotDue,
    /// The next response is the first page, which is compared with the page before.
    FirstPage,
    /// The next response is the last row of the list, which must be on the page before.
    LastRow,
}

/// How a page relates to those before it.
enum Join {
    /// No row was skipped.
    Joined {
        /// The page begins with rows of the group that were read before.
        extends_group: bool,
    },
    Gap,
    Unclear,
}

impl ChangesPaging {
    /// Error `config`: the mark is invalid.
    pub(super) fn new(
        options: &ChangesOptions,
        origin: Origin,
        page_size: u32,
        range: RowRange,
    ) -> crate::error::Result<Self> {
        Ok(Self {
            page_size: page_size as usize,
            by: options.by.clone(),
            lag: options.lag,
            since: options.mark(&origin)?,
            origin,
            range,
            bounds: None,
            offset: 0,
            group: None,
            needs_group_start: false,
            tie_restarts: 0,
            steps_back: 0,
            gaps: 0,
            idle_pages: 0,
            max_page_len: 0,
            end_seen: None,
            max_reached: 0,
            lowest: None,
            previous: Vec::new(),
            equal_pages: 0,
            offset_check: OffsetCheck::NotDue,
            seen: SeenIds::default(),
            returned: HashSet::new(),
            is_complete: false,
        })
    }

    /// Returns whether the list is complete without any request.
    pub(super) fn is_empty(&self) -> bool {
        self.range.is_empty()
    }

    /// Returns the next request.
    pub(super) fn request(&self) -> PageRequest {
        if self.offset_check == OffsetCheck::LastRow {
            return PageRequest { reversed: true, ..PageRequest::new(0, 1) };
        }
        let is_first_of_continued = self.bounds.is_none() && self.since.newest.is_some();
        let expected =
            if is_first_of_continued { FIRST_PAGE.max(self.since.returned.len() / 4 * 5) } else { usize::MAX };
        let offset = if self.offset_check == OffsetCheck::FirstPage { 0 } else { self.offset };
        PageRequest::new(offset, self.page_size.min(expected))
    }

    /// Returns the mark, once the list was read to its end.
    pub(super) fn mark(&self) -> Option<String> {
        let bounds = self.bounds.filter(|_| self.is_complete)?;
        Some(Mark { newest: bounds.newest, returned: self.returned.clone() }.to_text(&self.origin))
    }

    /// Decides about the response to [`ChangesPaging::request`]. The error is the reason why the list cannot be read.
    pub(super) fn on_response(&mut self, body: &PageBody) -> Result<PageDecision, String> {
        let rows = read_rows(body, &self.by)?;
        Ok(self.on_page(&rows, body.count, server_time(body), |index| content_hash(body, index)))
    }

    /// `date` is the time of the server in the response, and `content_hash` returns the hash of a record's content.
    fn on_page(
        &mut self,
        page: &[Row],
        count: Option<Count>,
        date: Option<Moment>,
        content_hash: impl Fn(usize) -> u64,
    ) -> PageDecision {
        let (step, is_accepted) = self.decide(page, count, date);
        if !is_accepted {
            return PageDecision { keep: vec![false; page.len()], step };
        }
        let mut keep = self.select(page, content_hash);
        let is_limit_reached = self.range.apply(&mut keep);
        self.is_complete = step == NextStep::End && !is_limit_reached;
        PageDecision { keep, step: if is_limit_reached { NextStep::End } else { step } }
    }

    /// Returns the next step, and whether the page joins with those before it.
    fn decide(&mut self, page: &[Row], count: Option<Count>, date: Option<Moment>) -> (NextStep, bool) {
        if self.offset_check == OffsetCheck::LastRow {
            return (self.on_last_row(page), true);
        }
        let request = self.request();
        if let Some(reason) = self.why_unsorted(page) {
            return (NextStep::Unreadable(reason), false);
        }
        if self.bounds.is_none() {
            self.bounds = Some(self.bounds_of(page.first().map(|row| row.moment), date));
        }
        if std::mem::take(&mut self.offset_check) == OffsetCheck::FirstPage {
            if page.iter().map(|row| &row.id).eq(&self.previous) {
                return (self.on_ignored_offset(page.len(), request, count), true);
            }
            self.offset = 0;
        }
        let is_short = !page.is_empty() && page.len() < self.max_page_len;
        let end_before = std::mem::replace(&mut self.end_seen, is_short.then(|| self.offset + page.len()));
        match self.join(page) {
            Join::Gap if page.is_empty() && self.max_page_len == 1 => (NextStep::End, true),
            Join::Gap if self.max_page_len == 1 && page.len() == 1 => (one_row_per_page(), false),
            Join::Gap => (self.step_back(), false),
            Join::Unclear => (self.restart_group(), false),
            Join::Joined { .. } if page.is_empty() || self.reaches_end(page, end_before) => (NextStep::End, true),
            Join::Joined { extends_group } => (self.accept(page, extends_group), true),
        }
    }

    /// Returns why the page is not sorted by the field, in descending order.
    fn why_unsorted(&self, page: &[Row]) -> Option<String> {
        let by = &self.by;
        let known = self.bounds.and_then(|bounds| bounds.newest).or(self.since.newest);
        let is_comparable = |row: &&Row| {
            known.or(page.first().map(|row| row.moment)).is_none_or(|known| known.is_comparable(row.moment))
        };
        if let Some(row) = page.iter().find(|row| !is_comparable(row)) {
            return Some(format!("the `{by}` of record {} is of another kind than those before it", row.id));
        }
        let pair = page.windows(2).find(|pair| pair[0].ticks() < pair[1].ticks())?;
        Some(format!(
            "record {} comes before record {}, whose `{by}` is newer: the server does not sort by `{by}`, the newest first; \
             check the settings `sort_param` and `order_param`, or choose another field with `by`",
            pair[0].id, pair[1].id
        ))
    }

    /// Returns the bounds of a list whose first row has this value.
    fn bounds_of(&self, first: Option<Moment>, date: Option<Moment>) -> Bounds {
        let first = first.map(|first| first.at_most(date));
        let before = self.since.newest;
        // The mark never goes back: what is older than it was read already.
        let newest = if first.is_none_or(|first| before.is_some_and(|before| before.ticks() > first.ticks())) {
            before
        } else {
            first
        };
        let oldest = before.map(|before| before.at_most(date).before(self.lag));
        let window = newest.map_or(i128::MIN, |newest| newest.at_most(date).before(self.lag));
        Bounds { newest, oldest, window }
    }

    fn join(&self, page: &[Row]) -> Join {
        let joined = Join::Joined { extends_group: false };
        let Some(group) = self.group.as_ref().filter(|_| self.offset > 0) else { return joined };
        match page.first().map(Row::ticks) {
            Some(first) if first > group.value => joined,
            Some(first) if first == group.value && !self.needs_group_start => {
                match group.continuation(page, overlap_len(self.max_page_len)) {
                    Continuation::Joined => Join::Joined { extends_group: true },
                    Continuation::Gap => Join::Gap,
                    Continuation::Unclear => Join::Unclear,
                }
            }
            _ => Join::Gap,
        }
    }

    /// Returns whether all rows of the page were read before, and it reaches the end that the response before has shown.
    fn reaches_end(&self, page: &[Row], end_before: Option<usize>) -> bool {
        end_before.is_some_and(|end| self.offset + page.len() >= end)
            && page.iter().all(|row| self.seen.contains(&row.id))
    }

    /// Steps back by one page, then twice as far each time.
    fn step_back(&mut self) -> NextStep {
        self.gaps += u32::from(self.steps_back == 0);
        self.offset = self.offset.saturating_sub(self.max_page_len.max(1).saturating_mul(1 << self.steps_back.min(16)));
        self.steps_back += 1;
        if self.gaps > MAX_GAPS { NextStep::nothing_new(self.gaps, self.max_reached) } else { NextStep::More }
    }

    /// Reads the rows of the group again, from the row before them on.
    fn restart_group(&mut self) -> NextStep {
        self.tie_restarts += 1;
        if self.tie_restarts > MAX_TIE_RESTARTS {
            return ties_moved(&self.by);
        }
        self.needs_group_start = true;
        match self.group.as_ref().and_then(|group| group.start) {
            Some(start) => self.offset = start,
            None => return self.step_back(),
        }
        NextStep::More
    }

    /// Decides about a page that equals the first one of the list, like those before it.
    fn on_ignored_offset(&mut self, length: usize, request: PageRequest, count: Option<Count>) -> NextStep {
        let is_total = count.is_some_and(|count| count.is_total && count.value == length as u64);
        let has_more = count.is_some_and(|count| count.value > length as u64);
        if is_total {
            return NextStep::End;
        }
        if length == request.max || has_more {
            return NextStep::same_page(length, self.offset);
        }
        self.offset_check = OffsetCheck::LastRow;
        NextStep::More
    }

    /// Decides about the page that comes for every offset. It is the whole list if it has the last row, and counts as such if the
    /// server ignores the opposite order.
    fn on_last_row(&self, response: &[Row]) -> NextStep {
        match response.first() {
            Some(last) if !self.previous.contains(&last.id) => NextStep::same_page(self.previous.len(), self.offset),
            _ => NextStep::End,
        }
    }

    /// Records a page that joins with those before it, and advances the offset.
    fn accept(&mut self, page: &[Row], extends_group: bool) -> NextStep {
        let (length, reached, last) =
            (page.len(), self.offset.saturating_add(page.len()), page[page.len() - 1].ticks());
        let is_new = |row: &Row| self.lowest.is_none_or(|lowest| row.ticks() <= lowest) && !self.seen.contains(&row.id);
        let has_new = page.iter().any(is_new);
        self.max_page_len = self.max_page_len.max(length);
        let is_end = !has_new && length < self.max_page_len;
        if is_end || self.oldest().is_some_and(|oldest| last < oldest) {
            return NextStep::End;
        }
        if has_new {
            (self.gaps, self.idle_pages) = (0, 0);
        } else if reached > self.max_reached {
            self.idle_pages += 1; // others are read again after a step back
        }
        if self.lowest.is_none_or(|lowest| last < lowest) {
            self.tie_restarts = 0;
        }
        self.max_reached = self.max_reached.max(reached);
        self.lowest = Some(self.lowest.map_or(last, |lowest| lowest.min(last)));
        self.steps_back = 0;
        self.compare_with_previous(page);
        self.advance(page, extends_group);
        if self.idle_pages > MAX_IDLE_PAGES {
            return NextStep::nothing_new(self.idle_pages, reached);
        }
        NextStep::More
    }

    /// Counts equal pages for different offsets.
    fn compare_with_previous(&mut self, page: &[Row]) {
        if page.iter().map(|row| &row.id).eq(&self.previous) {
            self.equal_pages += 1;
        } else {
            self.equal_pages = 1;
            self.previous = page.iter().map(|row| row.id.clone()).collect();
        }
        let is_due = self.equal_pages >= MAX_EQUAL_PAGES;
        self.offset_check = if is_due { OffsetCheck::FirstPage } else { OffsetCheck::NotDue };
    }

    /// Sets the offset of the next page, and the rows that it must join with.
    fn advance(&mut self, page: &[Row], extends_group: bool) {
        let (offset, length, lowest) = (self.offset, page.len(), page[page.len() - 1].ticks());
        let before_group = page.iter().take_while(|row| row.ticks() > lowest).count();
        let start = if before_group > 0 { Some(offset + before_group - 1) } else { Some(0).filter(|_| offset == 0) };
        let earlier = self.group.take().filter(|earlier| extends_group && earlier.value == lowest);
        let mut group = earlier.unwrap_or_else(|| TieGroup::new(lowest, start));
        group.add(page);
        self.group = Some(group);
        // A page that begins before the group shows all of it. If that leads no further, the page must begin with its last rows.
        self.needs_group_start = before_group > 1;
        let next = if self.needs_group_start { before_group - 1 } else { length - overlap_len(length) };
        self.offset = offset + next;
    }

    /// Returns for each record whether it is returned to the caller.
    fn select(&mut self, page: &[Row], content_hash: impl Fn(usize) -> u64) -> Vec<bool> {
        let (oldest, window) = (self.oldest(), self.bounds.map_or(i128::MIN, |bounds| bounds.window));
        let mut select = |(index, row): (usize, &Row)| {
            if oldest.is_some_and(|oldest| row.ticks() < oldest) || !self.seen.insert(&row.id) {
                return false;
            }
            let is_in_window = row.ticks() >= window;
            if self.since.returned.is_empty() && !is_in_window {
                return true;
            }
            let hash = content_hash(index);
            if is_in_window {
                self.returned.insert(hash);
            }
            !self.since.returned.contains(&hash)
        };
        page.iter().enumerate().map(&mut select).collect()
    }

    fn oldest(&self) -> Option<i128> {
        self.bounds.and_then(|bounds| bounds.oldest)
    }
}

/// Returns the number of rows that the next page reads again if it begins within a group.
fn overlap_len(page_len: usize) -> usize {
    (page_len / 4).clamp(1, 10).min(page_len - 1)
}

fn one_row_per_page() -> NextStep {
    NextStep::Unreadable("the server sends one record per page, so that records could be missed between them".into())
}

fn ties_moved(field: &str) -> NextStep {
    NextStep::Unreadable(format!(
        "records with equal values of `{field}` changed places between pages, so some may have been skipped; \
         request them all at once with a larger `page_size`, or try again later"
    ))
}
