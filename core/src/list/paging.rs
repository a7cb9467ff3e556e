//! After a page, what next? Pure: what was seen in, what to give out and where to go on out.
//!
//! The server's habits are not documented, so nothing is believed that the pages themselves do not show: a short page is
//! not the end, a count alone is not the end, and a second page equal to the first means that the server ignores the offset.

use super::completeness::{Completeness, CompletenessCheck, shown};
use super::decision::{NextStep, PageDecision, PageRequest};
use super::dedup::Deduplicator;
use super::id_order::IdOrder;
use super::offset_check::{OffsetCheck, OffsetFinding};
use super::overlap::{AcceptedPage, Overlap, OverlapTracker};
use super::record_key::RecordKey;
use super::row_range::RowRange;
use crate::envelope::Count;

/// Pages in a row that may bring nothing new before the list counts as unreadable.
const MAX_PAGES_WITHOUT_PROGRESS: u32 = 3;

/// Gaps in a row that may bring nothing new: rows may be deleted before each page.
const MAX_GAPS_WITHOUT_PROGRESS: u32 = 5;

/// What is remembered between pages.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each one is a fact of its own")]
pub(super) struct Paging {
    page_size: usize,
    overlap: OverlapTracker,
    range: RowRange,
    check: OffsetCheck,
    offset: usize,
    previous: Option<Previous>,
    /// A page has differed from the one before it: the server does not ignore the offset.
    honours_offset: bool,
    /// A page that was asked for with a smaller size looked like a part of the one before: the same size as then shows more.
    keeps_page_size: bool,
    max_page_len: usize,
    count: Option<u64>,
    pages_without_progress: u32,
    /// Gaps in a row that content nothing new, while the list did not become shorter.
    gaps_without_progress: u32,
    /// The offset of the last gap.
    last_gap: usize,
    /// How far pages have reached so far.
    max_reached: usize,
    /// How often the client has stepped back since the last page that joined: rows before it were deleted or have moved.
    steps_back: u32,
    /// Where a page was empty, as long as the client steps back from there: the list does not go further.
    empty_page_at: Option<usize>,
    /// The next page is the row that was read last, to see whether it still stands there.
    rechecks_last_row: bool,
    whole: CompletenessCheck,
    /// The server is asked for an order, so the opposite one can be asked for.
    is_sorted: bool,
    dedup: Deduplicator,
    id_order: IdOrder,
}

/// The page before.
#[derive(Debug)]
struct Previous {
    keys: Vec<RecordKey>,
    /// How many records it was asked for.
    max: usize,
}

/// What a page has content.
#[derive(Clone, Copy)]
struct PageContent {
    /// How many of its records are given out.
    kept: usize,
    /// Whether there is anything new in it.
    has_new: bool,
}

impl Paging {
    /// `by_id`: the server is asked for ascending ids. With an overlap the row before a range is read too: it shows where the
    /// range begins, should others delete rows meanwhile.
    pub(super) fn new(page_size: u32, overlap: Overlap, by_id: bool, range: RowRange) -> Self {
        let offset = range.start.saturating_sub(overlap.rows.min(1));
        Self {
            page_size: page_size as usize,
            overlap: OverlapTracker::new(overlap),
            range,
            check: OffsetCheck::new(offset),
            offset,
            previous: None,
            honours_offset: false,
            keeps_page_size: false,
            max_page_len: 0,
            count: None,
            pages_without_progress: 0,
            gaps_without_progress: 0,
            last_gap: usize::MAX,
            max_reached: 0,
            steps_back: 0,
            empty_page_at: None,
            rechecks_last_row: false,
            whole: CompletenessCheck::Idle,
            is_sorted: false,
            dedup: Deduplicator::default(),
            id_order: IdOrder::new(by_id),
        }
    }

    /// The server is asked for an order.
    pub(super) fn sorted(self) -> Self {
        Self { is_sorted: true, ..self }
    }

    /// Whether the list is complete before anything was asked.
    pub(super) fn is_empty(&self) -> bool {
        self.range.is_empty()
    }

    /// The next page.
    pub(super) fn request(&self) -> PageRequest {
        if self.check.wants_first_row() {
            return PageRequest::new(0, 1);
        }
        if self.whole.wants_last_row() {
            return PageRequest { reversed: true, ..PageRequest::new(0, 1) };
        }
        let max = if self.rechecks_last_row { 1 } else { self.max() };
        PageRequest::new(self.offset, max)
    }

    /// Whether a page may be asked for before it is wanted.
    pub(super) fn can_prefetch(&self) -> bool {
        !self.overlap.is_shifting() && self.steps_back == 0 && !self.is_one_by_one()
    }

    /// Whether pages may be under way together. A server answers them in any order, so a row that is inserted in front
    /// meanwhile would hide one between two pages, unless they must join, or rows come at the end only.
    pub(super) fn allows_parallel_requests(&self) -> bool {
        self.overlap.len() > 0 || self.id_order.holds()
    }

    /// The pages after the next one, if they all are as long as the longest so far: as many as the count shows to be there and
    /// the range needs, and none where they would have to wait for the next one.
    pub(super) fn following_requests(&self) -> impl Iterator<Item = PageRequest> + use<> {
        let stride = self.max_page_len.saturating_sub(self.overlap.overlap_len(self.max_page_len));
        let in_step =
            !self.keeps_page_size && !self.rechecks_last_row && !self.whole.wants_last_row() && self.can_prefetch();
        let may_ask = stride > 0 && in_step && self.allows_parallel_requests();
        let count = self.count.filter(|_| may_ask).map_or(0, |count| usize::try_from(count).unwrap_or(usize::MAX));
        let (joints, page_size, end) = (self.overlap.len(), self.page_size, self.range.end(self.offset));
        let last = count.saturating_sub(joints).min(end); // beyond it a page has nothing new
        let within = move |offset: &usize| *offset < last;
        let first = self.offset.checked_add(stride).filter(within);
        let offsets = std::iter::successors(first, move |offset| offset.checked_add(stride.max(1)).filter(within));
        let max = move |offset: usize| page_size.min((end - offset).saturating_add(joints));
        offsets.map(move |offset| PageRequest::new(offset, max(offset)))
    }

    /// Decides after the page of [`Paging::request`].
    pub(super) fn on_page(&mut self, page: Vec<RecordKey>, count: Option<Count>) -> PageDecision {
        let lacks_ids = self.overlap.is_enabled() && page.iter().any(|key| key.id().is_none());
        if lacks_ids && !self.overlap.disable() {
            return PageDecision::nothing(&page, NextStep::records_have_no_ids());
        }
        if std::mem::take(&mut self.rechecks_last_row) {
            return PageDecision::nothing(&page, self.on_last_row_rechecked(&page));
        }
        match std::mem::take(&mut self.whole) {
            CompletenessCheck::Idle => {}
            CompletenessCheck::LastRow { page: all } => {
                return PageDecision::nothing(&page, self.on_last_row(&all, &page));
            }
            CompletenessCheck::Passed { last } if page.contains(&last) => return self.cut_out(&page),
            CompletenessCheck::Passed { .. } => {
                return PageDecision::nothing(&page, NextStep::same_page(page.len(), self.offset));
            }
        }
        let max = self.request().max;
        if let Some(decision) = self.check_offset(&page, max, count) {
            return decision;
        }
        if self.may_be_cut(&page, max) {
            self.keeps_page_size = true;
            return PageDecision::nothing(&page, NextStep::More);
        }
        let differs = self.previous.as_ref().is_some_and(|previous| previous.keys != page);
        self.honours_offset |= !page.is_empty() && differs;
        if self.has_gap(&page) {
            self.empty_page_at = self.empty_page_at.or(page.is_empty().then_some(self.offset));
            return PageDecision::nothing(&page, self.step_back());
        }
        if page.is_empty() {
            return PageDecision::nothing(&page, self.end_or_recheck());
        }
        if let Some(previous) = self.previous.as_ref().filter(|_| self.steps_back == 0 && !self.honours_offset) {
            let max = previous.max;
            return PageDecision::nothing(&page, self.on_duplicate_page(&page, max, count));
        }
        self.id_order.see(&page);
        let (mut keep, has_new) = self.select(&page);
        if self.range.take(&mut keep) {
            return PageDecision { keep, step: NextStep::End };
        }
        let kept = keep.iter().filter(|&&keep| keep).count();
        let step = self.step(page, max, PageContent { kept, has_new }, count);
        PageDecision { keep, step }
    }

    /// How many rows are asked for.
    fn max(&self) -> usize {
        match &self.previous {
            None if self.check.is_last_round() || self.whole.has_passed() => self.page_size,
            Some(_) if self.steps_back > 0 => self.page_size,
            Some(previous) if self.keeps_page_size => previous.max,
            _ => self.range.page_size(self.page_size, self.lead()),
        }
    }

    /// How many rows of the next page are asked for only to see that it joins.
    fn lead(&self) -> usize {
        if self.previous.is_some() { self.overlap.lead() } else { self.range.start - self.offset }
    }

    /// Where a range does not begin at the first row, nothing of it is given out until the offset is known to work.
    fn check_offset(&mut self, page: &[RecordKey], max: usize, count: Option<Count>) -> Option<PageDecision> {
        let step = match self.check.see(page) {
            OffsetFinding::Nothing => return None,
            OffsetFinding::Honoured => {
                self.honours_offset = true;
                return None;
            }
            OffsetFinding::NoRows => NextStep::End,
            OffsetFinding::GoOn => NextStep::More,
            OffsetFinding::Ignored if sent_everything(page.len(), max, count) => {
                return Some(self.all_at_once(page, count));
            }
            OffsetFinding::Ignored => NextStep::beginning_again(self.offset),
            OffsetFinding::Unclear => NextStep::perhaps_beginning_again(self.offset),
        };
        Some(PageDecision::nothing(page, step))
    }

    /// The page seems to be the whole list. A range that goes on behind it is given only where that is sure.
    fn all_at_once(&mut self, page: &[RecordKey], count: Option<Count>) -> PageDecision {
        let is_enough = self.range.clone().take(&mut vec![true; page.len().saturating_sub(self.range.start)]);
        let is_counted = count.is_some_and(|count| count.is_total && count.value == page.len() as u64);
        if is_enough || is_counted {
            return self.cut_out(page);
        }
        PageDecision::nothing(page, self.ask_for_last_row(page))
    }

    /// Gives the range out of the whole list.
    fn cut_out(&mut self, page: &[RecordKey]) -> PageDecision {
        let before = self.range.start.min(page.len());
        let mut keep = vec![false; before];
        keep.extend(self.dedup.of(&page[before..]).0);
        self.range.take(&mut keep);
        PageDecision { keep, step: NextStep::End }
    }

    fn ask_for_last_row(&mut self, page: &[RecordKey]) -> NextStep {
        if !self.is_sorted {
            return self.on_last_row(page, &[]);
        }
        self.whole = CompletenessCheck::LastRow { page: page.to_vec() };
        NextStep::More
    }

    /// Decides whether `page` is the whole list. Where nothing shows it, a list counts as complete, but no range behind its start.
    fn on_last_row(&mut self, page: &[RecordKey], last: &[RecordKey]) -> NextStep {
        match (shown(page, last), last) {
            (Completeness::Partial, _) => NextStep::same_page(page.len(), self.offset),
            (Completeness::Unknown, _) if self.range.start > 0 => NextStep::perhaps_a_part(page.len()),
            (Completeness::Complete, [last, ..]) if self.previous.is_none() => {
                self.whole = CompletenessCheck::Passed { last: last.clone() };
                NextStep::More
            }
            _ => NextStep::End,
        }
    }

    /// Whether a page looks like the first part of the one before only because less was asked for.
    fn may_be_cut(&self, page: &[RecordKey], max: usize) -> bool {
        let in_doubt = !page.is_empty() && !self.honours_offset && self.steps_back == 0;
        let is_part = |previous: &Previous| {
            max < previous.max && page.len() < previous.keys.len() && previous.keys.starts_with(page)
        };
        in_doubt && self.previous.as_ref().is_some_and(is_part)
    }

    /// Whether a page that shall begin with the last records of the one before has none of them: rows before it were
    /// deleted or have moved, and hid others. At offset 0 nothing can be hidden, unless the list begins before the range.
    fn has_gap(&self, page: &[RecordKey]) -> bool {
        let may_hide = self.offset > 0 || (self.range.start > 0 && !page.is_empty());
        may_hide && self.overlap.len() > 0 && !self.overlap.matches(page, self.steps_back > 0)
    }

    /// Goes back by a page, and then twice as far each time, but passes over no row before the range: one of them shows where it
    /// begins. Ends at offset 0 at the latest, where there is nothing before the page.
    fn step_back(&mut self) -> NextStep {
        if self.offset == 0 {
            return NextStep::nothing_matches();
        }
        if self.steps_back == 0 {
            // Going back and forth for nothing must end; as long as rows are deleted, gaps come earlier and earlier.
            self.gaps_without_progress += u32::from(self.offset >= self.last_gap || self.last_gap == usize::MAX);
            self.last_gap = self.offset;
        }
        let (from, page, begin) = (self.offset, self.max_page_len.max(1), self.range.start.saturating_sub(1));
        let further = from.saturating_sub(page.saturating_mul(1 << self.steps_back.min(16))).max(begin);
        self.offset = if self.steps_back > 0 && from > begin { further } else { from.saturating_sub(page) };
        self.steps_back += 1;
        self.more_unless_stuck(from)
    }

    /// Whether pages shall join and have one row, so that they cannot.
    fn is_one_by_one(&self) -> bool {
        let asked_for_one = self.previous.as_ref().is_some_and(|previous| previous.max == 1);
        self.max_page_len == 1 && self.overlap.is_enabled() && (asked_for_one || self.honours_offset)
    }

    /// Ends the list. Pages of one row have no room for an overlap, so the row that was read last is asked for once more.
    fn end_or_recheck(&mut self) -> NextStep {
        if !self.is_one_by_one() || self.offset <= self.range.start {
            return NextStep::End;
        }
        self.rechecks_last_row = true;
        self.offset -= 1;
        NextStep::More
    }

    /// Ends the list where its last row still stands at its place. Otherwise rows were deleted, and hid as many: all are read again.
    fn on_last_row_rechecked(&mut self, page: &[RecordKey]) -> NextStep {
        let last = self.previous.as_ref().and_then(|previous| previous.keys.last());
        if page.first() == last {
            return NextStep::End;
        }
        self.gaps_without_progress += 1;
        let reached = std::mem::replace(&mut self.offset, self.range.start);
        self.more_unless_stuck(reached)
    }

    /// For each record whether it is given out, and whether the page brings anything new. Rows before the range are not given.
    fn select(&mut self, page: &[RecordKey]) -> (Vec<bool>, bool) {
        let before = self.before_range(page);
        self.dedup.note(&page[..before]); // a later page may begin with them, as its joints
        if self.previous.is_none() {
            self.overlap.note(&page[..before]);
        }
        let (fresh, has_new) = self.dedup.of(&page[before..]);
        let mut keep = vec![false; before];
        keep.extend(fresh);
        (keep, has_new)
    }

    /// How many of the page's rows come before the range: where pages join, those before the first one that is known.
    fn before_range(&self, page: &[RecordKey]) -> usize {
        if self.previous.is_none() {
            return self.range.start - self.offset;
        }
        if self.range.start == 0 || self.overlap.len() == 0 {
            return 0;
        }
        page.iter().position(|key| self.dedup.knows(key)).unwrap_or(0)
    }

    fn step(&mut self, page: Vec<RecordKey>, max: usize, content: PageContent, count: Option<Count>) -> NextStep {
        let (length, reached) = (page.len(), self.offset.saturating_add(page.len()));
        let ends = count.is_some_and(|count| self.ends_with(count, reached, length, max));
        let only_overlap = !content.has_new && self.steps_back == 0 && length <= self.overlap.len();
        self.max_page_len = self.max_page_len.max(length);
        self.count = count.filter(|count| count.value > reached as u64).map(|count| count.value);
        // A full page may have another row behind it by now, unless it is all that the server ever sends.
        let may_go_on = self.honours_offset && length >= self.max_page_len;
        let no_further = self.empty_page_at.take().is_some_and(|end| !content.has_new && reached >= end && !may_go_on);
        if ends || only_overlap || no_further {
            return NextStep::End;
        }
        if content.has_new {
            (self.pages_without_progress, self.gaps_without_progress, self.last_gap) = (0, 0, usize::MAX);
        } else if reached > self.max_reached {
            self.pages_without_progress += 1; // what is read again after a step back brings nothing new, of course
        }
        self.max_reached = self.max_reached.max(reached);
        let stepped_back = std::mem::take(&mut self.steps_back) > 0;
        let (offset, max_page_len, kept) = (self.offset, self.max_page_len, content.kept);
        self.offset = self.overlap.take(&AcceptedPage { page: &page, offset, kept, stepped_back, max_page_len });
        self.previous = Some(Previous { keys: page, max });
        self.more_unless_stuck(reached)
    }

    fn more_unless_stuck(&self, reached: usize) -> NextStep {
        let is_stuck = self.pages_without_progress >= MAX_PAGES_WITHOUT_PROGRESS
            || self.gaps_without_progress >= MAX_GAPS_WITHOUT_PROGRESS;
        if is_stuck {
            NextStep::nothing_new(self.pages_without_progress + self.gaps_without_progress, reached)
        } else {
            NextStep::More
        }
    }

    /// The server has sent nothing but the first page again, so it ignores the offset: either it sent everything at once, or
    /// the rest cannot be reached. Once the offset was seen to work, a page that comes again is rows that moved.
    fn on_duplicate_page(&mut self, page: &[RecordKey], max: usize, count: Option<Count>) -> NextStep {
        match count {
            _ if !sent_everything(page.len(), max, count) => NextStep::same_page(page.len(), self.offset),
            Some(Count { is_total: true, value }) if value == page.len() as u64 => NextStep::End,
            _ if self.range.is_part() => self.ask_for_last_row(page),
            _ => NextStep::End,
        }
    }

    /// A count ends the list only together with the page's own evidence.
    fn ends_with(&self, count: Count, reached: usize, length: usize, max: usize) -> bool {
        let page_shows_it = match &self.previous {
            // A page that is shorter because less was asked for shows nothing.
            Some(previous) => length < previous.keys.len() && (length < max || max >= previous.max),
            None => count.is_total && length < max,
        };
        count.value == reached as u64 && page_shows_it
    }
}

/// Whether a server that ignores the offset has sent the whole list: not as many rows as were asked for, and no count says more.
fn sent_everything(length: usize, max: usize, count: Option<Count>) -> bool {
    length != max && count.is_none_or(|count| count.value <= length as u64)
}

#[cfg(test)]
#[path = "paging_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "range_tests.rs"]
mod range_tests;
