//! After a page, what next? Pure: what was seen in, what to give out and where to go on out.
//!
//! The server's habits are not documented, so nothing is believed that the pages themselves do not show: a short page is
//! not the end, a count alone is not the end, and a second page equal to the first means that the server ignores the offset.

use super::ascent::Ascent;
use super::joints::{Accepted, Joints, Overlap};
use super::mark::Mark;
use super::news::News;
use super::offset_check::{Finding, OffsetCheck};
use super::range::RowRange;
use super::verdict::{Request, Step, Verdict};
use super::whole_check::{Shown, WholeCheck, shown};
use crate::envelope::Count;

/// Pages in a row that may bring nothing new before the list counts as unreadable.
const BARREN_PAGES: u32 = 3;

/// Gaps in a row that may bring nothing new: rows may be deleted before each page.
const BARREN_GAPS: u32 = 5;

/// What is remembered between pages.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each one is a fact of its own")]
pub(super) struct Paging {
    page_size: usize,
    joints: Joints,
    range: RowRange,
    check: OffsetCheck,
    offset: usize,
    previous: Option<Previous>,
    /// A page has differed from the one before it: the server does not ignore the offset.
    honours_offset: bool,
    /// A page that was asked for with a smaller size looked like a part of the one before: the same size as then shows more.
    same_size: bool,
    longest: usize,
    count: Option<u64>,
    barren: u32,
    /// Gaps in a row that brought nothing new, while the list did not become shorter.
    gaps: u32,
    /// The offset of the last gap.
    gap: usize,
    /// How far pages have reached so far.
    furthest: usize,
    /// How often the client has stepped back since the last page that joined: rows before it were deleted or have moved.
    steps_back: u32,
    /// Where a page was empty, as long as the client steps back from there: the list does not go further.
    empty_at: Option<usize>,
    /// The next page is the row that was read last, to see whether it still stands there.
    looks_back: bool,
    whole: WholeCheck,
    /// The server is asked for an order, so the opposite one can be asked for.
    can_reverse: bool,
    news: News,
    ascent: Ascent,
}

/// The page before.
#[derive(Debug)]
struct Previous {
    marks: Vec<Mark>,
    /// How many records it was asked for.
    max: usize,
}

/// What a page has brought.
#[derive(Clone, Copy)]
struct Brought {
    /// How many of its records are given out.
    given: usize,
    /// Whether there is anything new in it.
    news: bool,
}

impl Paging {
    /// `by_id`: the server is asked for ascending ids. With an overlap the row before a range is read too: it shows where the
    /// range begins, should others delete rows meanwhile.
    pub(super) fn new(page_size: u32, overlap: Overlap, by_id: bool, range: RowRange) -> Self {
        let offset = range.start.saturating_sub(overlap.rows.min(1));
        Self {
            page_size: page_size as usize,
            joints: Joints::new(overlap),
            range,
            check: OffsetCheck::new(offset),
            offset,
            previous: None,
            honours_offset: false,
            same_size: false,
            longest: 0,
            count: None,
            barren: 0,
            gaps: 0,
            gap: usize::MAX,
            furthest: 0,
            steps_back: 0,
            empty_at: None,
            looks_back: false,
            whole: WholeCheck::Idle,
            can_reverse: false,
            news: News::default(),
            ascent: Ascent::new(by_id),
        }
    }

    /// The server is asked for an order.
    pub(super) fn sorted(self) -> Self {
        Self { can_reverse: true, ..self }
    }

    /// Whether the list is complete before anything was asked.
    pub(super) fn wants_nothing(&self) -> bool {
        self.range.is_empty()
    }

    /// The next page.
    pub(super) fn request(&self) -> Request {
        if self.check.wants_first_row() {
            return Request::new(0, 1);
        }
        if self.whole.wants_last_row() {
            return Request { reversed: true, ..Request::new(0, 1) };
        }
        let max = if self.looks_back { 1 } else { self.max() };
        Request::new(self.offset, max)
    }

    /// Whether a page may be asked for before it is wanted.
    pub(super) fn may_read_ahead(&self) -> bool {
        !self.joints.are_moving() && self.steps_back == 0 && !self.is_one_by_one()
    }

    /// Whether pages may be under way together. A server answers them in any order, so a row that is inserted in front
    /// meanwhile would hide one between two pages, unless they must join, or rows come at the end only.
    pub(super) fn allows_several(&self) -> bool {
        self.joints.len() > 0 || self.ascent.holds()
    }

    /// The pages after the next one, if they all are as long as the longest so far: as many as the count shows to be there and
    /// the range needs, and none where they would have to wait for the next one.
    pub(super) fn later_requests(&self) -> impl Iterator<Item = Request> + use<> {
        let stride = self.longest.saturating_sub(self.joints.shared(self.longest));
        let in_step = !self.same_size && !self.looks_back && !self.whole.wants_last_row() && self.may_read_ahead();
        let may_ask = stride > 0 && in_step && self.allows_several();
        let count = self.count.filter(|_| may_ask).map_or(0, |count| usize::try_from(count).unwrap_or(usize::MAX));
        let (joints, page_size, end) = (self.joints.len(), self.page_size, self.range.end(self.offset));
        let last = count.saturating_sub(joints).min(end); // beyond it a page has nothing new
        let within = move |offset: &usize| *offset < last;
        let first = self.offset.checked_add(stride).filter(within);
        let offsets = std::iter::successors(first, move |offset| offset.checked_add(stride.max(1)).filter(within));
        let max = move |offset: usize| page_size.min((end - offset).saturating_add(joints));
        offsets.map(move |offset| Request::new(offset, max(offset)))
    }

    /// Decides after the page of [`Paging::request`].
    pub(super) fn after(&mut self, page: Vec<Mark>, count: Option<Count>) -> Verdict {
        let lacks_ids = self.joints.are_wanted() && page.iter().any(|mark| mark.id().is_none());
        if lacks_ids && !self.joints.give_up() {
            return Verdict::nothing(&page, Step::records_have_no_ids());
        }
        if std::mem::take(&mut self.looks_back) {
            return Verdict::nothing(&page, self.looked_back(&page));
        }
        match std::mem::take(&mut self.whole) {
            WholeCheck::Idle => {}
            WholeCheck::LastRow { page: all } => return Verdict::nothing(&page, self.after_last_row(&all, &page)),
            WholeCheck::Passed { last } if page.contains(&last) => return self.cut_out(&page),
            WholeCheck::Passed { .. } => return Verdict::nothing(&page, Step::same_page(page.len(), self.offset)),
        }
        let max = self.request().max;
        if let Some(verdict) = self.check_offset(&page, max, count) {
            return verdict;
        }
        if self.may_be_cut(&page, max) {
            self.same_size = true;
            return Verdict::nothing(&page, Step::More);
        }
        let differs = self.previous.as_ref().is_some_and(|previous| previous.marks != page);
        self.honours_offset |= !page.is_empty() && differs;
        if self.shows_gap(&page) {
            self.empty_at = self.empty_at.or(page.is_empty().then_some(self.offset));
            return Verdict::nothing(&page, self.step_back());
        }
        if page.is_empty() {
            return Verdict::nothing(&page, self.end_or_look_back());
        }
        if let Some(previous) = self.previous.as_ref().filter(|_| self.steps_back == 0 && !self.honours_offset) {
            let max = previous.max;
            return Verdict::nothing(&page, self.repeated(&page, max, count));
        }
        self.ascent.see(&page);
        let (mut give, news) = self.sort_out(&page);
        if self.range.take(&mut give) {
            return Verdict { give, step: Step::End };
        }
        let given = give.iter().filter(|&&give| give).count();
        let step = self.step(page, max, Brought { given, news }, count);
        Verdict { give, step }
    }

    /// How many rows are asked for.
    fn max(&self) -> usize {
        match &self.previous {
            None if self.check.is_last_try() || self.whole.has_passed() => self.page_size,
            Some(_) if self.steps_back > 0 => self.page_size,
            Some(previous) if self.same_size => previous.max,
            _ => self.range.page_size(self.page_size, self.lead()),
        }
    }

    /// How many rows of the next page are asked for only to see that it joins.
    fn lead(&self) -> usize {
        if self.previous.is_some() { self.joints.lead() } else { self.range.start - self.offset }
    }

    /// Where a range does not begin at the first row, nothing of it is given out until the offset is known to work.
    fn check_offset(&mut self, page: &[Mark], max: usize, count: Option<Count>) -> Option<Verdict> {
        let step = match self.check.see(page) {
            Finding::Nothing => return None,
            Finding::Honoured => {
                self.honours_offset = true;
                return None;
            }
            Finding::NoRows => Step::End,
            Finding::GoOn => Step::More,
            Finding::Ignored if sent_everything(page.len(), max, count) => return Some(self.all_at_once(page, count)),
            Finding::Ignored => Step::beginning_again(self.offset),
            Finding::Unclear => Step::perhaps_beginning_again(self.offset),
        };
        Some(Verdict::nothing(page, step))
    }

    /// The page seems to be the whole list. A range that goes on behind it is given only where that is sure.
    fn all_at_once(&mut self, page: &[Mark], count: Option<Count>) -> Verdict {
        let is_enough = self.range.clone().take(&mut vec![true; page.len().saturating_sub(self.range.start)]);
        let is_counted = count.is_some_and(|count| count.is_total && count.value == page.len() as u64);
        if is_enough || is_counted {
            return self.cut_out(page);
        }
        Verdict::nothing(page, self.ask_for_last_row(page))
    }

    /// Gives the range out of the whole list.
    fn cut_out(&mut self, page: &[Mark]) -> Verdict {
        let before = self.range.start.min(page.len());
        let mut give = vec![false; before];
        give.extend(self.news.of(&page[before..]).0);
        self.range.take(&mut give);
        Verdict { give, step: Step::End }
    }

    fn ask_for_last_row(&mut self, page: &[Mark]) -> Step {
        if !self.can_reverse {
            return self.after_last_row(page, &[]);
        }
        self.whole = WholeCheck::LastRow { page: page.to_vec() };
        Step::More
    }

    /// Decides whether `page` is the whole list. Where nothing shows it, a list counts as complete, but no range behind its start.
    fn after_last_row(&mut self, page: &[Mark], last: &[Mark]) -> Step {
        match (shown(page, last), last) {
            (Shown::Part, _) => Step::same_page(page.len(), self.offset),
            (Shown::Nothing, _) if self.range.start > 0 => Step::perhaps_a_part(page.len()),
            (Shown::Whole, [last, ..]) if self.previous.is_none() => {
                self.whole = WholeCheck::Passed { last: last.clone() };
                Step::More
            }
            _ => Step::End,
        }
    }

    /// Whether a page looks like the first part of the one before only because less was asked for.
    fn may_be_cut(&self, page: &[Mark], max: usize) -> bool {
        let in_doubt = !page.is_empty() && !self.honours_offset && self.steps_back == 0;
        let is_part = |previous: &Previous| {
            max < previous.max && page.len() < previous.marks.len() && previous.marks.starts_with(page)
        };
        in_doubt && self.previous.as_ref().is_some_and(is_part)
    }

    /// Whether a page that shall begin with the last records of the one before has none of them: rows before it were
    /// deleted or have moved, and hid others. At offset 0 nothing can be hidden, unless the list begins before the range.
    fn shows_gap(&self, page: &[Mark]) -> bool {
        let may_hide = self.offset > 0 || (self.range.start > 0 && !page.is_empty());
        may_hide && self.joints.len() > 0 && !self.joints.join(page, self.steps_back > 0)
    }

    /// Goes back by a page, and then twice as far each time, but passes over no row before the range: one of them shows where it
    /// begins. Ends at offset 0 at the latest, where there is nothing before the page.
    fn step_back(&mut self) -> Step {
        if self.offset == 0 {
            return Step::nothing_joins();
        }
        if self.steps_back == 0 {
            // Going back and forth for nothing must end; as long as rows are deleted, gaps come earlier and earlier.
            self.gaps += u32::from(self.offset >= self.gap || self.gap == usize::MAX);
            self.gap = self.offset;
        }
        let (from, page, begin) = (self.offset, self.longest.max(1), self.range.start.saturating_sub(1));
        let further = from.saturating_sub(page.saturating_mul(1 << self.steps_back.min(16))).max(begin);
        self.offset = if self.steps_back > 0 && from > begin { further } else { from.saturating_sub(page) };
        self.steps_back += 1;
        self.more_unless_barren(from)
    }

    /// Whether pages shall join and have one row, so that they cannot.
    fn is_one_by_one(&self) -> bool {
        let asked_for_one = self.previous.as_ref().is_some_and(|previous| previous.max == 1);
        self.longest == 1 && self.joints.are_wanted() && (asked_for_one || self.honours_offset)
    }

    /// Ends the list. Pages of one row have no room for an overlap, so the row that was read last is asked for once more.
    fn end_or_look_back(&mut self) -> Step {
        if !self.is_one_by_one() || self.offset <= self.range.start {
            return Step::End;
        }
        self.looks_back = true;
        self.offset -= 1;
        Step::More
    }

    /// Ends the list where its last row still stands at its place. Otherwise rows were deleted, and hid as many: all are read again.
    fn looked_back(&mut self, page: &[Mark]) -> Step {
        let last = self.previous.as_ref().and_then(|previous| previous.marks.last());
        if page.first() == last {
            return Step::End;
        }
        self.gaps += 1;
        let reached = std::mem::replace(&mut self.offset, self.range.start);
        self.more_unless_barren(reached)
    }

    /// For each record whether it is given out, and whether the page brings anything new. Rows before the range are not given.
    fn sort_out(&mut self, page: &[Mark]) -> (Vec<bool>, bool) {
        let before = self.before_range(page);
        self.news.note(&page[..before]); // a later page may begin with them, as its joints
        if self.previous.is_none() {
            self.joints.note(&page[..before]);
        }
        let (fresh, news) = self.news.of(&page[before..]);
        let mut give = vec![false; before];
        give.extend(fresh);
        (give, news)
    }

    /// How many of the page's rows come before the range: where pages join, those before the first one that is known.
    fn before_range(&self, page: &[Mark]) -> usize {
        if self.previous.is_none() {
            return self.range.start - self.offset;
        }
        if self.range.start == 0 || self.joints.len() == 0 {
            return 0;
        }
        page.iter().position(|mark| self.news.knows(mark)).unwrap_or(0)
    }

    fn step(&mut self, page: Vec<Mark>, max: usize, brought: Brought, count: Option<Count>) -> Step {
        let (length, reached) = (page.len(), self.offset.saturating_add(page.len()));
        let ends = count.is_some_and(|count| self.ends_with(count, reached, length, max));
        let only_joints = !brought.news && self.steps_back == 0 && length <= self.joints.len();
        self.longest = self.longest.max(length);
        self.count = count.filter(|count| count.value > reached as u64).map(|count| count.value);
        // A full page may have another row behind it by now, unless it is all that the server ever sends.
        let may_go_on = self.honours_offset && length >= self.longest;
        let no_further = self.empty_at.take().is_some_and(|end| !brought.news && reached >= end && !may_go_on);
        if ends || only_joints || no_further {
            return Step::End;
        }
        if brought.news {
            (self.barren, self.gaps, self.gap) = (0, 0, usize::MAX);
        } else if reached > self.furthest {
            self.barren += 1; // what is read again after a step back brings nothing new, of course
        }
        self.furthest = self.furthest.max(reached);
        let stepped_back = std::mem::take(&mut self.steps_back) > 0;
        let (offset, longest, given) = (self.offset, self.longest, brought.given);
        self.offset = self.joints.take(&Accepted { page: &page, offset, given, stepped_back, longest });
        self.previous = Some(Previous { marks: page, max });
        self.more_unless_barren(reached)
    }

    fn more_unless_barren(&self, reached: usize) -> Step {
        let in_vain = self.barren >= BARREN_PAGES || self.gaps >= BARREN_GAPS;
        if in_vain { Step::nothing_new(self.barren + self.gaps, reached) } else { Step::More }
    }

    /// The server has sent nothing but the first page again, so it ignores the offset: either it sent everything at once, or
    /// the rest cannot be reached. Once the offset was seen to work, a page that comes again is rows that moved.
    fn repeated(&mut self, page: &[Mark], max: usize, count: Option<Count>) -> Step {
        match count {
            _ if !sent_everything(page.len(), max, count) => Step::same_page(page.len(), self.offset),
            Some(Count { is_total: true, value }) if value == page.len() as u64 => Step::End,
            _ if self.range.is_part() => self.ask_for_last_row(page),
            _ => Step::End,
        }
    }

    /// A count ends the list only together with the page's own evidence.
    fn ends_with(&self, count: Count, reached: usize, length: usize, max: usize) -> bool {
        let page_shows_it = match &self.previous {
            // A page that is shorter because less was asked for shows nothing.
            Some(previous) => length < previous.marks.len() && (length < max || max >= previous.max),
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
