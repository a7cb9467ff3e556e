//! After a page, what next? Pure: what was seen in, what to give out and where to go on out.
//!
//! The server's habits are not documented, so nothing is believed that the pages themselves do not show: a short page is
//! not the end, a count alone is not the end, and a second page equal to the first means that the server ignores the offset.

use super::ascent::Ascent;
use super::mark::Mark;
use super::news::News;
use super::offset_check::{Finding, OffsetCheck};
use super::range::RowRange;
use super::seen::Seen;
use super::verdict::{Request, Step, Verdict};
use crate::envelope::Count;

/// Pages in a row that may bring nothing new before the list counts as unreadable.
const BARREN_PAGES: u32 = 3;

/// What is remembered between pages.
#[derive(Debug)]
pub(super) struct Paging {
    page_size: usize,
    /// How many records each page shall have in common with the one before.
    overlap: usize,
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
    /// The last records of the page before, with which the next one shall begin.
    joints: Vec<Mark>,
    /// Those of all pages: where the last ones are gone, an earlier one shows as well where to go on. The row before a range is
    /// one of them.
    all_joints: Seen,
    /// How far pages have reached so far.
    furthest: usize,
    /// The last page showed a gap: rows before it were deleted or have moved.
    stepping_back: bool,
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

impl Paging {
    /// `by_id`: the server is asked for ascending ids. With an overlap the row before a range is read too: it shows where the
    /// range begins, should others delete rows meanwhile.
    pub(super) fn new(page_size: u32, overlap: u32, by_id: bool, range: RowRange) -> Self {
        let overlap = overlap as usize;
        let offset = range.start.saturating_sub(overlap.min(1));
        Self {
            page_size: page_size as usize,
            overlap,
            range,
            check: OffsetCheck::new(offset),
            offset,
            previous: None,
            honours_offset: false,
            same_size: false,
            longest: 0,
            count: None,
            barren: 0,
            joints: Vec::new(),
            all_joints: Seen::default(),
            furthest: 0,
            stepping_back: false,
            news: News::default(),
            ascent: Ascent::new(by_id),
        }
    }

    /// Whether the list is complete before anything was asked.
    pub(super) fn wants_nothing(&self) -> bool {
        self.range.is_empty()
    }

    /// The next page.
    pub(super) fn request(&self) -> Request {
        if self.check.wants_first_row() {
            return Request { offset: 0, max: 1 };
        }
        Request { offset: self.offset, max: self.max() }
    }

    /// Whether pages may be under way together. A server answers them in any order, so a row that is inserted in front
    /// meanwhile would hide one between two pages, unless they must join, or rows come at the end only.
    pub(super) fn allows_several(&self) -> bool {
        !self.joints.is_empty() || self.ascent.holds()
    }

    /// The pages after the next one, if they all are as long as the longest so far: as many as the count shows to be there and
    /// the range needs, and none where they would have to wait for the next one.
    pub(super) fn later_requests(&self) -> impl Iterator<Item = Request> + use<> {
        let stride = self.longest.saturating_sub(self.shared());
        let may_ask = stride > 0 && !self.stepping_back && !self.same_size && self.allows_several();
        let count = self.count.filter(|_| may_ask).map_or(0, |count| usize::try_from(count).unwrap_or(usize::MAX));
        let (joints, page_size, end) = (self.joints.len(), self.page_size, self.range.end(self.offset));
        let last = count.saturating_sub(joints).min(end); // beyond it a page has nothing new
        let within = move |offset: &usize| *offset < last;
        let first = self.offset.checked_add(stride).filter(within);
        let offsets = std::iter::successors(first, move |offset| offset.checked_add(stride.max(1)).filter(within));
        let max = move |offset: usize| page_size.min((end - offset).saturating_add(joints));
        offsets.map(move |offset| Request { offset, max: max(offset) })
    }

    /// Decides after the page of [`Paging::request`].
    pub(super) fn after(&mut self, page: Vec<Mark>, count: Option<Count>) -> Verdict {
        if self.overlap > 0 && page.iter().any(|mark| matches!(mark, Mark::Bytes(_))) {
            return Verdict::nothing(&page, Step::records_have_no_ids());
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
            return Verdict::nothing(&page, self.step_back());
        }
        if page.is_empty() {
            return Verdict::nothing(&page, Step::End);
        }
        if let Some(previous) = self.previous.as_ref().filter(|_| !self.stepping_back && !self.honours_offset) {
            return Verdict::nothing(&page, self.repeated(page.len(), previous.max, count));
        }
        self.ascent.see(&page);
        let (mut give, news) = self.sort_out(&page);
        if self.range.take(&mut give) {
            return Verdict { give, step: Step::End };
        }
        let step = self.step(page, max, news, count);
        Verdict { give, step }
    }

    /// How many rows are asked for.
    fn max(&self) -> usize {
        match &self.previous {
            Some(_) if self.stepping_back => self.page_size,
            Some(previous) if self.same_size => previous.max,
            _ => self.range.page_size(self.page_size, self.lead()),
        }
    }

    /// How many rows of the next page are asked for only to see that it joins.
    fn lead(&self) -> usize {
        if self.previous.is_some() { self.joints.len() } else { self.range.start - self.offset }
    }

    /// How many records the next page shares with this one; a server that caps pages may leave room for fewer.
    fn shared(&self) -> usize {
        self.overlap.min(self.longest.saturating_sub(1))
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
            Finding::Ignored if sent_everything(page.len(), max, count) => return Some(self.all_at_once(page)),
            Finding::Ignored => Step::beginning_again(self.offset),
            Finding::Unclear => Step::perhaps_beginning_again(self.offset),
        };
        Some(Verdict::nothing(page, step))
    }

    /// The page is the whole list, from its first row on.
    fn all_at_once(&mut self, page: &[Mark]) -> Verdict {
        let before = self.range.start.min(page.len());
        let mut give = vec![false; before];
        give.extend(self.news.of(&page[before..]).0);
        self.range.take(&mut give);
        Verdict { give, step: Step::End }
    }

    /// Whether a page looks like the first part of the one before only because less was asked for.
    fn may_be_cut(&self, page: &[Mark], max: usize) -> bool {
        let in_doubt = !page.is_empty() && !self.honours_offset && !self.stepping_back;
        let is_part = |previous: &Previous| {
            max < previous.max && page.len() < previous.marks.len() && previous.marks.starts_with(page)
        };
        in_doubt && self.previous.as_ref().is_some_and(is_part)
    }

    /// Whether a page that shall begin with the last records of the one before has none of them: rows before it were
    /// deleted or have moved, and hid others. A record from elsewhere shows nothing, since it may have moved here. At offset 0
    /// nothing can be hidden, unless the list begins before the range.
    fn shows_gap(&self, page: &[Mark]) -> bool {
        let joins = |mark: &Mark| {
            let known_at_all = self.stepping_back && mark.id().is_some_and(|id| self.all_joints.contains(id));
            known_at_all || self.joints.contains(mark)
        };
        let may_hide = self.offset > 0 || (self.range.start > 0 && !page.is_empty());
        may_hide && !self.joints.is_empty() && !page.iter().any(joins)
    }

    /// Ends at offset 0 at the latest, where there is nothing before the page.
    fn step_back(&mut self) -> Step {
        if self.offset == 0 {
            return Step::nothing_joins();
        }
        if !self.stepping_back {
            self.barren += 1; // going back and forth for nothing must end
        }
        self.stepping_back = true;
        let from = self.offset;
        self.offset = from.saturating_sub(self.longest.max(1));
        self.more_unless_barren(from)
    }

    /// For each record whether it is given out, and whether the page brings anything new. Rows before the range are not given.
    fn sort_out(&mut self, page: &[Mark]) -> (Vec<bool>, bool) {
        let before = self.before_range(page);
        if self.previous.is_none() {
            self.news.note(&page[..before]);
            self.note_joints(&page[..before]);
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
        if self.range.start == 0 || self.joints.is_empty() {
            return 0;
        }
        page.iter().position(|mark| self.news.knows(mark)).unwrap_or(0)
    }

    fn step(&mut self, page: Vec<Mark>, max: usize, news: bool, count: Option<Count>) -> Step {
        let (length, reached) = (page.len(), self.offset.saturating_add(page.len()));
        let ends = count.is_some_and(|count| self.ends_with(count, reached, length, max));
        let only_joints = !news && !self.stepping_back && length <= self.joints.len();
        self.longest = self.longest.max(length);
        self.count = count.filter(|count| count.value > reached as u64).map(|count| count.value);
        if ends || only_joints {
            return Step::End;
        }
        if news {
            self.barren = 0;
        } else if self.shared() == 0 || reached > self.furthest {
            self.barren += 1; // what is read again after a step back brings nothing new, of course
        }
        self.furthest = self.furthest.max(reached);
        self.stepping_back = false;
        let joints = self.shared().min(length - 1);
        self.joints = page[length - joints..].to_vec();
        self.note_joints(&page[length - joints..]);
        self.previous = Some(Previous { marks: page, max });
        self.offset = reached - joints;
        self.more_unless_barren(reached)
    }

    fn note_joints(&mut self, marks: &[Mark]) {
        for id in marks.iter().filter_map(Mark::id) {
            self.all_joints.insert(id);
        }
    }

    fn more_unless_barren(&self, reached: usize) -> Step {
        if self.barren < BARREN_PAGES { Step::More } else { Step::nothing_new(BARREN_PAGES, reached) }
    }

    /// The server has sent nothing but the first page again, so it ignores the offset: either it sent everything at once, or
    /// the rest cannot be reached. Once the offset was seen to work, a page that comes again is rows that moved.
    fn repeated(&self, length: usize, max: usize, count: Option<Count>) -> Step {
        if sent_everything(length, max, count) { Step::End } else { Step::same_page(length, self.offset) }
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
