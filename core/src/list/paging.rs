//! Decides after each page which records are returned and what is requested next. Does no I/O.
//!
//! # How a list is read
//!
//! A list is read by offset: request at most `max` rows from an offset, return them, add their number to the offset, and
//! request the next page. How Egito ends a list is undocumented, so the end is decided by what the pages prove:
//!
//! - An empty page is the end. A short page is not: servers cap their pages silently.
//! - A count of the server is the end only if the page agrees with it ([`Paging::confirms_end`]).
//! - The same page again for another offset means that the server ignores the offset. Either that page is the whole list, or the
//!   rest cannot be read ([`Paging::on_duplicate_page`]); [`CompletenessCheck`] finds out which.
//! - Too many pages in a row without a new record are an error, so that no list is read without end.
//!
//! # If the list changes meanwhile
//!
//! Rows that are inserted in front of the offset come again on the next page; [`Deduplicator`] drops them. Rows that are deleted
//! in front of the offset would make the next page skip as many. Therefore pages overlap ([`OverlapTracker`]). If a page does not
//! contain the rows that it must start with, there is a gap: nothing of it is returned, and the client steps back by one page,
//! then twice as far each time, until a page contains a known row or begins at offset 0 ([`Paging::step_back`]). Pages of one row
//! have no room for an overlap; there the last row is requested once more at the end ([`Paging::end_or_recheck`]). A list of one
//! row looks like the first of such pages, and should not cost another request. So after a single page the last row is only
//! requested again if there is a sign that rows were removed ([`Paging::may_have_skipped_second_row`]).
//!
//! # If only a part of the list is read
//!
//! Before a range with `start` is returned, [`OffsetCheck`] proves that the server honors the offset. If it does not, but has
//! sent the whole list at once, the range is cut out of that; [`CompletenessCheck`] proves that it is the whole list.

use super::completeness::{Completeness, CompletenessCheck, completeness};
use super::decision::{NextStep, PageDecision, PageRequest};
use super::dedup::Deduplicator;
use super::id_order::IdOrder;
use super::offset_check::{OffsetCheck, OffsetFinding};
use super::overlap::{AcceptedPage, OverlapSetting, OverlapTracker};
use super::record_key::RecordKey;
use super::row_range::RowRange;
use super::tie_check::TieCheck;
use crate::envelope::Count;

/// Maximum number of pages in a row without a new record.
const MAX_PAGES_WITHOUT_PROGRESS: u32 = 3;

/// Maximum number of gaps in a row without a new record. It is higher than that of pages, since rows may be deleted before each page.
const MAX_GAPS_WITHOUT_PROGRESS: u32 = 5;

/// Maximum number of pages without a new record that lead no further. Many more, since a program may be deleting the rows.
const MAX_PAGES_IN_PLACE: u32 = 50;

/// The state of a list between its pages.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each one is a fact of its own")]
pub(super) struct Paging {
    page_size: usize,
    overlap: OverlapTracker,
    range: RowRange,
    offset_check: OffsetCheck,
    /// The offset of the next request.
    offset: usize,
    previous: Option<PreviousPage>,
    /// A page has differed from the page before it, so the server does not ignore the offset.
    honors_offset: bool,
    /// The last page was requested in a smaller size, and is equal to the start of the page before it. It is requested again in the size
    /// of that page, to see whether it differs.
    retries_with_full_size: bool,
    /// The length of the longest page.
    max_page_len: usize,
    /// The server's count, if it is larger than what was read.
    count: Option<u64>,
    pages_without_progress: u32,
    /// Number of gaps in a row without a new record, while the list did not become shorter.
    gaps_without_progress: u32,
    /// Number of pages without a new record that led no further than the page before, since the last new record.
    pages_in_place: u32,
    /// The offset of the last gap.
    last_gap: usize,
    /// The largest offset that the pages so far have reached.
    max_reached: usize,
    /// Number of steps back since the last page that overlapped. 0: the client is not stepping back.
    steps_back: u32,
    /// The offset of an empty page, while the client steps back from there: the list ends before it.
    empty_page_at: Option<usize>,
    /// The next request is for the row that was read last, to check that it is still at its offset.
    rechecks_last_row: bool,
    /// This client has sent calls since the list began that may have removed rows from it.
    may_have_removals: bool,
    completeness_check: CompletenessCheck,
    /// The server is asked for an order, so the opposite order can be requested.
    is_sorted: bool,
    dedup: Deduplicator,
    id_order: IdOrder,
    /// Only for a list that is sorted by another field than the id.
    tie_check: Option<TieCheck>,
}

/// The page before.
#[derive(Debug)]
struct PreviousPage {
    keys: Vec<RecordKey>,
    /// The offset after its last row.
    end: usize,
    /// Number of rows that were requested.
    max: usize,
}

/// The content of an accepted page.
#[derive(Clone, Copy)]
struct PageContent {
    /// Number of records that are returned to the caller.
    kept: usize,
    /// Whether it had a new record.
    has_new: bool,
}

impl Paging {
    /// `by_id`: the server is asked for ascending ids.
    ///
    /// With an overlap, the row before a range is read too: it shows where the range begins if others delete rows meanwhile.
    pub(super) fn new(page_size: u32, overlap: OverlapSetting, by_id: bool, range: RowRange) -> Self {
        let offset = range.start.saturating_sub(overlap.rows.min(1));
        Self {
            page_size: page_size as usize,
            overlap: OverlapTracker::new(overlap),
            range,
            offset_check: OffsetCheck::new(offset),
            offset,
            previous: None,
            honors_offset: false,
            retries_with_full_size: false,
            max_page_len: 0,
            count: None,
            pages_without_progress: 0,
            gaps_without_progress: 0,
            pages_in_place: 0,
            last_gap: usize::MAX,
            max_reached: 0,
            steps_back: 0,
            empty_page_at: None,
            rechecks_last_row: false,
            may_have_removals: false,
            completeness_check: CompletenessCheck::NotStarted,
            is_sorted: false,
            dedup: Deduplicator::default(),
            id_order: IdOrder::new(by_id),
            tie_check: None,
        }
    }

    /// Records that the server is asked for an order by this field.
    pub(super) fn sorted_by(self, field: &str) -> Self {
        let tie_check = (field != "id").then(|| TieCheck::new(field, self.offset));
        Self { is_sorted: true, tie_check, ..self }
    }

    /// Returns the field whose values [`Paging::on_page`] needs.
    pub(super) fn tie_field(&self) -> Option<&str> {
        self.tie_check.as_ref().map(TieCheck::field)
    }

    /// Records whether this client has sent calls since the list began that may have removed rows from it.
    pub(super) fn set_may_have_removals(&mut self, may_have_removals: bool) {
        self.may_have_removals = may_have_removals;
    }

    /// Returns whether the list is complete without any request.
    pub(super) fn is_empty(&self) -> bool {
        self.range.is_empty()
    }

    /// Returns the next request.
    pub(super) fn request(&self) -> PageRequest {
        if self.offset_check.needs_first_row() {
            return PageRequest::new(0, 1);
        }
        if self.completeness_check.needs_last_row() {
            return PageRequest { reversed: true, ..PageRequest::new(0, 1) };
        }
        let max = if self.rechecks_last_row { 1 } else { self.rows_to_request() };
        PageRequest::new(self.offset, max)
    }

    /// Returns whether the next page may be requested before it is read.
    pub(super) fn can_prefetch(&self) -> bool {
        !self.overlap.is_shifting() && self.steps_back == 0 && !self.is_one_row_per_page()
    }

    /// Returns whether several requests may be in flight together.
    ///
    /// A server processes them in any order. A row that is inserted in front meanwhile could push another row from a page that
    /// was not processed yet to one that was. It is safe if pages overlap, or if new rows appear only at the end.
    pub(super) fn allows_parallel_requests(&self) -> bool {
        self.overlap.expected_len() > 0 || self.id_order.is_ascending()
    }

    /// Returns the requests after the next one, assuming that all pages will be as long as the longest so far.
    ///
    /// There are as many as the count promises and the range needs; none if they must not be in flight together.
    pub(super) fn following_requests(&self) -> impl Iterator<Item = PageRequest> + use<> {
        let stride = self.max_page_len.saturating_sub(self.overlap.overlap_len(self.max_page_len));
        let reads_on =
            !self.retries_with_full_size && !self.rechecks_last_row && !self.completeness_check.needs_last_row();
        let is_allowed = stride > 0 && reads_on && self.can_prefetch() && self.allows_parallel_requests();
        let count = self.count.filter(|_| is_allowed).map_or(0, |count| usize::try_from(count).unwrap_or(usize::MAX));
        let (overlap, page_size, end) = (self.overlap.expected_len(), self.page_size, self.range.end(self.offset));
        let last = count.saturating_sub(overlap).min(end); // a page from there on has nothing new
        let within = move |offset: &usize| *offset < last;
        let first = self.offset.checked_add(stride).filter(within);
        let offsets = std::iter::successors(first, move |offset| offset.checked_add(stride.max(1)).filter(within));
        let max = move |offset: usize| page_size.min((end - offset).saturating_add(overlap));
        offsets.map(move |offset| PageRequest::new(offset, max(offset)))
    }

    /// Decides about the response to [`Paging::request`]. `sort_value` returns the hash of a row's value of [`Paging::tie_field`].
    pub(super) fn on_page(
        &mut self,
        page: Vec<RecordKey>,
        count: Option<Count>,
        sort_value: impl Fn(usize) -> u64,
    ) -> PageDecision {
        let mut decision = self.decide(page, count, sort_value);
        if let Some(check) = &self.tie_check {
            let is_the_reason = match decision.step {
                NextStep::More => false,
                NextStep::End => check.has_skipped(),
                NextStep::Unreadable(_) => check.has_moved_tie(),
            };
            if is_the_reason {
                decision.step = NextStep::ties_moved(check.field());
            }
        }
        decision
    }

    fn decide(
        &mut self,
        page: Vec<RecordKey>,
        count: Option<Count>,
        sort_value: impl Fn(usize) -> u64,
    ) -> PageDecision {
        let has_record_without_id = self.overlap.is_enabled() && page.iter().any(|key| key.id().is_none());
        if has_record_without_id && !self.overlap.disable() {
            return PageDecision::keep_none(&page, NextStep::records_have_no_ids());
        }
        if std::mem::take(&mut self.rechecks_last_row) {
            return PageDecision::keep_none(&page, self.on_last_row_rechecked(&page));
        }
        match std::mem::take(&mut self.completeness_check) {
            CompletenessCheck::NotStarted => {}
            CompletenessCheck::LastRow { page: all } => {
                return PageDecision::keep_none(&page, self.on_last_row(&all, &page));
            }
            CompletenessCheck::WholeList { last } if page.contains(&last) => return self.cut_out_range(&page),
            CompletenessCheck::WholeList { .. } => {
                return PageDecision::keep_none(&page, NextStep::same_page(page.len(), self.offset));
            }
        }
        let max = self.request().max;
        if let Some(decision) = self.check_offset(&page, max, count) {
            return decision;
        }
        if self.may_be_shortened(&page, max) {
            self.retries_with_full_size = true;
            return PageDecision::keep_none(&page, NextStep::More);
        }
        let differs = self.previous.as_ref().is_some_and(|previous| previous.keys != page);
        self.honors_offset |= !page.is_empty() && differs;
        if self.has_gap(&page) && !self.has_swapped_tie(&page, &sort_value) {
            self.check_overlap_ties(&page, sort_value);
            self.empty_page_at = self.empty_page_at.or(page.is_empty().then_some(self.offset));
            return PageDecision::keep_none(&page, self.step_back());
        }
        if page.is_empty() {
            return PageDecision::keep_none(&page, self.end_or_recheck());
        }
        if let Some(previous) = self.previous.as_ref().filter(|_| self.steps_back == 0 && !self.honors_offset) {
            let max = previous.max;
            return PageDecision::keep_none(&page, self.on_duplicate_page(&page, max, count));
        }
        self.id_order.add(&page);
        self.check_overlap_ties(&page, &sort_value);
        self.check_ties(&page, sort_value);
        let (mut keep, has_new) = self.select(&page);
        if self.range.apply(&mut keep) {
            return PageDecision { keep, step: NextStep::End };
        }
        let kept = keep.iter().filter(|&&keep| keep).count();
        let step = self.accept(page, max, PageContent { kept, has_new }, count);
        PageDecision { keep, step }
    }

    /// Returns how many rows the next request asks for.
    fn rows_to_request(&self) -> usize {
        match &self.previous {
            _ if self.completeness_check.needs_whole_list() => self.page_size,
            None if self.offset_check.is_last_round() => self.page_size,
            Some(_) if self.steps_back > 0 => self.page_size,
            Some(previous) if self.retries_with_full_size => previous.max,
            _ => self.range.page_size(self.page_size, self.rows_read_again()),
        }
    }

    /// Returns how many rows of the next page are requested only for the overlap.
    fn rows_read_again(&self) -> usize {
        if self.previous.is_some() { self.overlap.rows_read_again() } else { self.range.start - self.offset }
    }

    /// Checks the offset of a range that does not begin at the first row. Nothing of the range is returned before that.
    fn check_offset(&mut self, page: &[RecordKey], max: usize, count: Option<Count>) -> Option<PageDecision> {
        let step = match self.offset_check.check(page) {
            OffsetFinding::NotChecking => return None,
            OffsetFinding::Honored => {
                self.honors_offset = true;
                return None;
            }
            OffsetFinding::NoRows => NextStep::End,
            OffsetFinding::NeedsMore => NextStep::More,
            OffsetFinding::Ignored if may_be_whole_list(page.len(), max, count) => {
                return Some(self.on_whole_list(page, count));
            }
            OffsetFinding::Ignored => NextStep::first_page_again(self.offset),
            OffsetFinding::Unclear => NextStep::perhaps_first_page_again(self.offset),
        };
        Some(PageDecision::keep_none(page, step))
    }

    /// Decides about a page that seems to be the whole list. If the range extends beyond its last row, that needs a proof.
    fn on_whole_list(&mut self, page: &[RecordKey], count: Option<Count>) -> PageDecision {
        let is_enough = self.range.clone().apply(&mut vec![true; page.len().saturating_sub(self.range.start)]);
        let is_counted = count.is_some_and(|count| count.is_total && count.value == page.len() as u64);
        if is_enough || is_counted {
            return self.cut_out_range(page);
        }
        PageDecision::keep_none(page, self.request_last_row(page))
    }

    /// Returns the range from a page with the whole list.
    fn cut_out_range(&mut self, page: &[RecordKey]) -> PageDecision {
        let before = self.range.start.min(page.len());
        let mut keep = vec![false; before];
        keep.extend(self.dedup.add(&page[before..]).0);
        self.range.apply(&mut keep);
        PageDecision { keep, step: NextStep::End }
    }

    /// Requests the last row of the list, to check that `page` is the whole list. Without an order there is no opposite one, and rows
    /// without ids cannot be recognized.
    fn request_last_row(&mut self, page: &[RecordKey]) -> NextStep {
        if !self.is_sorted || page.iter().any(|key| key.id().is_none()) {
            return self.on_last_row(page, &[]);
        }
        self.completeness_check = CompletenessCheck::LastRow { page: page.to_vec() };
        NextStep::More
    }

    /// Decides whether `page` is the whole list. Without a proof it counts as the whole list, but not for a range with `start`.
    fn on_last_row(&mut self, page: &[RecordKey], last: &[RecordKey]) -> NextStep {
        match (completeness(page, last), last) {
            // The row may have been inserted after the page was sent.
            (Completeness::Partial, [last, ..]) if self.range.start == 0 => self.request_whole_list_with(last),
            (Completeness::Partial, _) => NextStep::same_page(page.len(), self.offset),
            (Completeness::Unknown, _) if self.range.start > 0 => NextStep::perhaps_partial(page.len()),
            (Completeness::Complete, [last, ..]) if self.previous.is_none() => self.request_whole_list_with(last),
            _ => NextStep::End,
        }
    }

    /// Requests the whole list again. It is complete if it contains the last row.
    fn request_whole_list_with(&mut self, last: &RecordKey) -> NextStep {
        self.completeness_check = CompletenessCheck::WholeList { last: last.clone() };
        NextStep::More
    }

    /// Returns whether a page may be equal to the start of the page before only because fewer rows were requested.
    fn may_be_shortened(&self, page: &[RecordKey], max: usize) -> bool {
        let may_ignore_offset = !page.is_empty() && !self.honors_offset && self.steps_back == 0;
        let is_part = |previous: &PreviousPage| {
            max < previous.max && page.len() < previous.keys.len() && previous.keys.starts_with(page)
        };
        may_ignore_offset && self.previous.as_ref().is_some_and(is_part)
    }

    /// Returns whether rows before this page were deleted or moved, so that others were skipped: the page contains none of the
    /// expected overlap records. At offset 0 nothing can be skipped, unless the list begins before the range.
    fn has_gap(&self, page: &[RecordKey]) -> bool {
        let can_skip = self.offset > 0 || (self.range.start > 0 && !page.is_empty());
        can_skip && self.overlap.expected_len() > 0 && !self.overlap.matches(page, self.steps_back > 0)
    }

    /// Steps back to find a known row: by one page first, then twice as far each time.
    ///
    /// A large step stops at the row before the range, and continues page by page from there: one of the rows before the range
    /// shows where it begins, so none of them is passed over. Ends at offset 0 at the latest, where nothing is before the page.
    fn step_back(&mut self) -> NextStep {
        if self.offset == 0 {
            return NextStep::no_overlap_found();
        }
        if self.steps_back == 0 {
            // Stepping back and forth without progress must end. While rows are deleted, gaps come at smaller and smaller offsets.
            self.gaps_without_progress += u32::from(self.offset >= self.last_gap || self.last_gap == usize::MAX);
            self.last_gap = self.offset;
        }
        let (from, page_len, first) = (self.offset, self.max_page_len.max(1), self.range.start.saturating_sub(1));
        let further = from.saturating_sub(page_len.saturating_mul(1 << self.steps_back.min(16))).max(first);
        self.offset = if self.steps_back > 0 && from > first { further } else { from.saturating_sub(page_len) };
        self.steps_back += 1;
        self.more_unless_stuck(from)
    }

    /// Returns whether pages should overlap but have only one row, so that they cannot.
    fn is_one_row_per_page(&self) -> bool {
        let one_was_requested = self.previous.as_ref().is_some_and(|previous| previous.max == 1);
        self.max_page_len == 1 && self.overlap.is_enabled() && (one_was_requested || self.honors_offset)
    }

    /// Returns whether the second page may be empty only because the one row of the first page was removed: the server may cap its
    /// pages at one row, and the second row may be the first one now.
    fn may_have_skipped_second_row(&self) -> bool {
        let has_sign = self.may_have_removals || self.count.is_some();
        has_sign && self.max_page_len == 1 && self.overlap.is_enabled()
    }

    /// Ends the list at an empty page. If pages have one row, and so no overlap, requests the last row again first.
    fn end_or_recheck(&mut self) -> NextStep {
        let may_have_skipped = self.is_one_row_per_page() || self.may_have_skipped_second_row();
        if !may_have_skipped || self.offset <= self.range.start {
            return NextStep::End;
        }
        self.rechecks_last_row = true;
        self.offset -= 1;
        NextStep::More
    }

    /// Ends the list if its last row is still at its offset, or if it has no rows at all. Otherwise rows were deleted and as many
    /// were skipped, so the list is read again from the start.
    fn on_last_row_rechecked(&mut self, page: &[RecordKey]) -> NextStep {
        let last = self.previous.as_ref().and_then(|previous| previous.keys.last());
        let has_no_rows = page.is_empty() && self.offset == 0;
        if page.first() == last || has_no_rows {
            return NextStep::End;
        }
        self.gaps_without_progress += 1;
        let reached = std::mem::replace(&mut self.offset, self.range.start);
        self.more_unless_stuck(reached)
    }

    /// Returns whether the first expected row has changed places with a known row of the same sort value. Deletions do not bring
    /// known rows to a later page, so there is no gap.
    fn has_swapped_tie(&self, page: &[RecordKey], sort_value: impl Fn(usize) -> u64) -> bool {
        let is_known = page.first().is_some_and(|key| self.dedup.has_seen(key));
        let check = self.tie_check.as_ref().filter(|_| is_known && !self.overlap.reads_again(self.steps_back > 0));
        check.is_some_and(|check| check.is_tie(sort_value(0)))
    }

    /// Records the rows that are in the places of the expected ones.
    fn check_overlap_ties(&mut self, page: &[RecordKey], sort_value: impl Fn(usize) -> u64) {
        let (Some(check), expected) = (&mut self.tie_check, self.overlap.expected_at(self.offset)) else { return };
        for (index, _) in expected.filter(|&(index, key)| page.get(index).is_some_and(|found| found != key)) {
            check.add_moved_row(sort_value(index));
        }
    }

    /// Checks an accepted page, before its rows count as seen.
    fn check_ties(&mut self, page: &[RecordKey], sort_value: impl Fn(usize) -> u64) {
        let Some(check) = &mut self.tie_check else { return };
        let mut new_rows = 0;
        for (index, key) in page.iter().enumerate() {
            if !self.dedup.has_seen(key) {
                new_rows += 1;
            } else if (new_rows > 0 || !self.overlap.reads_again(self.steps_back > 0)) && !self.overlap.expects(key) {
                check.add_moved_row(sort_value(index));
            }
        }
        check.add_page(new_rows, self.offset + page.len(), sort_value(page.len() - 1));
    }

    /// Returns for each record whether it is returned to the caller, and whether the page has a new one. Rows before the range are
    /// not returned.
    fn select(&mut self, page: &[RecordKey]) -> (Vec<bool>, bool) {
        let before = self.rows_before_range(page);
        self.dedup.add_skipped(&page[..before]); // a later page may start with them, as its overlap
        if self.previous.is_none() {
            self.overlap.add(&page[..before]);
        }
        let (new, has_new) = self.dedup.add(&page[before..]);
        let mut keep = vec![false; before];
        keep.extend(new);
        (keep, has_new)
    }

    /// Returns how many of the page's rows come before the range. On a page with an overlap, these are the rows before the first
    /// known one.
    fn rows_before_range(&self, page: &[RecordKey]) -> usize {
        if self.previous.is_none() {
            return self.range.start - self.offset;
        }
        if self.range.start == 0 || self.overlap.expected_len() == 0 {
            return 0;
        }
        page.iter().position(|key| self.dedup.has_seen(key)).unwrap_or(0)
    }

    /// Records an accepted page, and advances the offset.
    fn accept(&mut self, page: Vec<RecordKey>, max: usize, content: PageContent, count: Option<Count>) -> NextStep {
        let (length, reached) = (page.len(), self.offset.saturating_add(page.len()));
        let count_ends = count.is_some_and(|count| self.confirms_end(count, reached, length, max));
        let is_overlap_alone = !content.has_new && self.steps_back == 0 && length <= self.overlap.expected_len();
        self.max_page_len = self.max_page_len.max(length);
        self.count = count.filter(|count| count.value > reached as u64).map(|count| count.value);
        // A full page may have another row after it by now, unless it is all that the server ever sends.
        let may_continue = self.honors_offset && length >= self.max_page_len;
        let is_last = self.empty_page_at.take().is_some_and(|end| !content.has_new && reached >= end && !may_continue);
        if count_ends || is_overlap_alone || is_last {
            return NextStep::End;
        }
        if content.has_new {
            (self.pages_without_progress, self.gaps_without_progress, self.last_gap) = (0, 0, usize::MAX);
            self.pages_in_place = 0;
        } else if reached > self.max_reached {
            self.pages_without_progress += 1;
        } else if self.steps_back == 0 && self.previous.as_ref().is_some_and(|previous| reached >= previous.end) {
            self.pages_in_place += 1; // rows that are read again after a step back do not count
        }
        self.max_reached = self.max_reached.max(reached);
        let stepped_back = std::mem::take(&mut self.steps_back) > 0;
        let (offset, max_page_len, kept) = (self.offset, self.max_page_len, content.kept);
        self.offset = self.overlap.advance(&AcceptedPage { page: &page, offset, kept, stepped_back, max_page_len });
        self.previous = Some(PreviousPage { keys: page, end: reached, max });
        self.more_unless_stuck(reached)
    }

    fn more_unless_stuck(&self, reached: usize) -> NextStep {
        let (pages, gaps) = (self.pages_without_progress, self.gaps_without_progress);
        let is_stuck = pages >= MAX_PAGES_WITHOUT_PROGRESS
            || gaps >= MAX_GAPS_WITHOUT_PROGRESS
            || self.pages_in_place >= MAX_PAGES_IN_PLACE;
        if is_stuck { NextStep::nothing_new(pages + gaps + self.pages_in_place, reached) } else { NextStep::More }
    }

    /// Decides about a page that equals the page before, while no page has differed yet: the server ignores the offset. Either it
    /// has sent the whole list, or the rest cannot be read.
    ///
    /// Once the offset is known to work, an equal page means that rows have moved, and does not come here.
    fn on_duplicate_page(&mut self, page: &[RecordKey], max: usize, count: Option<Count>) -> NextStep {
        match count {
            _ if !may_be_whole_list(page.len(), max, count) => NextStep::same_page(page.len(), self.offset),
            Some(Count { is_total: true, value }) if value == page.len() as u64 => NextStep::End,
            _ => self.request_last_row(page),
        }
    }

    /// Returns whether the count ends the list: it is reached, and the page itself looks like the last one.
    fn confirms_end(&self, count: Count, reached: usize, length: usize, max: usize) -> bool {
        let looks_last = match &self.previous {
            // A page that is shorter because fewer rows were requested proves nothing.
            Some(previous) => length < previous.keys.len() && (length < max || max >= previous.max),
            None => count.is_total && length < max,
        };
        count.value == reached as u64 && looks_last
    }
}

/// Returns whether a server that ignores the offset may have sent the whole list: not exactly as many rows as were requested, and
/// no count says that there are more.
fn may_be_whole_list(length: usize, max: usize, count: Option<Count>) -> bool {
    length != max && count.is_none_or(|count| count.value <= length as u64)
}

#[cfg(test)]
#[path = "paging_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "range_tests.rs"]
mod range_tests;
